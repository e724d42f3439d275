/** Which rows count together in an interval, as those of one burst or patient are not independent. */

import type { Dataset } from '../core/dataset.ts'
import type { Intervals } from '../core/figure.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Clusters } from '../stats/clusters.ts'

/** The cluster of each row; null where each row is one. A row without a group is one by itself. */
export function clustersOf(
  { labels, groups, ownRows }: Pick<Dataset, 'labels' | 'groups' | 'ownRows'>,
  cluster: Manifest['intervals']['cluster'],
): Clusters | null {
  if (cluster === 'class') return labels
  if (cluster === 'row' || groups === undefined || ownRows?.firstGroup === 0) return null
  let next = groups.reduce((most, group) => Math.max(most, group), -1)
  return groups.map((group) => (group < 0 ? ++next : group))
}

/** The clusters of some of the rows. */
export function clustersAmong(clusters: Clusters | null, rows: readonly number[]): Clusters | null {
  return clusters && Int32Array.from(rows, (row) => clusters[row]!)
}

/** What the report says of it. */
export function clustering(
  clusters: Clusters | null,
  cluster: Manifest['intervals']['cluster'],
): Intervals {
  if (clusters === null) return { cluster: 'row', clusters: null }
  return { cluster, clusters: new Set(clusters).size }
}
