/** Rows that lie far from their own class. */

import type { TableDefinition } from '../../core/definition.ts'
import type { Outlier } from '../../core/quality.ts'
import { median, scaledMad } from '../../stats/summary.ts'
import { once } from '../metric.ts'

/** In a smaller class nothing can be said about what is usual. */
const SMALLEST_CLASS = 5

export const outlierTable: TableDefinition = {
  id: 'outliers',
  title: 'Outliers',
  path: 'outliers',
  definition:
    'Rows whose mean distance to their 10 nearest of the same class is beyond the class’s median + 3 × 1.4826 × its median absolute deviation; judged in classes of 5 rows or more. With a gallery only queries are judged, by their distances to its rows, in classes of 5 queries or more.',
  source:
    'Leys, Ley, Klein, Bernard, Licata: Detecting outliers: use absolute deviation around the median, 2013',
  columns: [
    { name: 'id', unit: 'text', definition: 'The row.' },
    { name: 'label', unit: 'text', definition: 'Its class.' },
    {
      name: 'meanDistance',
      unit: 'distance',
      definition: 'Mean distance to the 10 nearest of its class.',
    },
    { name: 'threshold', unit: 'distance', definition: 'What it would have to stay under.' },
  ],
}

export interface Outliers {
  readonly flags: Uint8Array
  /** Farthest beyond its threshold first, in units of the class's spread. */
  readonly list: readonly Outlier[]
}

/**
 * Rows whose mean distance to their 10 nearest of the same class is beyond the class's median + 3 MAD, so never more than half of a class
 * (scaled to estimate a standard deviation).
 */
export const outliers = once(({ dataset, neighborhood }): Outliers => {
  const { mates, mateDistances } = neighborhood
  const flags = new Uint8Array(dataset.rows)
  const found: { outlier: Outlier; excess: number }[] = []
  const means = new Float64Array(dataset.rows).fill(Number.NaN)
  const members = dataset.classes.map(() => [] as number[])
  for (let row = 0; row < dataset.rows; row++) {
    const label = dataset.labels[row]!
    members[label]!.push(row)
    let sum = 0
    let count = 0
    for (
      let rank = 0;
      rank < mates && Number.isFinite(mateDistances[row * mates + rank]!);
      rank++
    ) {
      sum += mateDistances[row * mates + rank]!
      count++
    }
    if (count > 0) means[row] = sum / count
  }
  for (const all of members) {
    // A row of a gallery looks for nothing, and one whose class is all of its own group finds none of it.
    const rows = all.filter((row) => !Number.isNaN(means[row]!))
    if (rows.length < SMALLEST_CLASS) continue
    const distances = rows.map((row) => means[row]!)
    const spread = scaledMad(distances)
    const threshold = median(distances) + 3 * spread
    for (const row of rows) {
      if (means[row]! <= threshold) continue
      flags[row] = 1
      found.push({
        outlier: {
          id: dataset.ids[row]!,
          label: dataset.classes[dataset.labels[row]!]!,
          meanDistance: means[row]!,
          threshold,
        },
        // Where half the class is equally dense there is no spread to count in.
        excess: spread === 0 ? Number.POSITIVE_INFINITY : (means[row]! - threshold) / spread,
      })
    }
  }
  found.sort(
    (a, b) =>
      Number(b.excess > a.excess) - Number(b.excess < a.excess) ||
      b.outlier.meanDistance - a.outlier.meanDistance,
  )
  return { flags, list: found.map(({ outlier }) => outlier) }
})
