/** Which maps a run has, the most trustworthy first, and how each is to be read. */

import type { MapCoordinates, ProjectionFigures } from '../../../lib/core/projection.ts'
import type { RunView } from '../../view/run-view.ts'
import { count, share } from '../../words/format.ts'

export interface ShownMap {
  readonly figures: ProjectionFigures
  readonly map: MapCoordinates
  /** How it is to be read, in a few sentences. */
  readonly note: string
}

export function bestMaps(view: RunView): ShownMap[] {
  const { report, rows } = view
  return report.projections
    .flatMap((figures) => {
      const map = rows.maps.find(({ method }) => method === figures.method)
      return map ? [{ figures, map, note: noteOf(figures, view) }] : []
    })
    .sort((a, b) => (b.figures.trustworthiness ?? 0) - (a.figures.trustworthiness ?? 0))
}

function noteOf(figures: ProjectionFigures, { report }: RunView): string {
  const { trustworthiness, trustworthinessRows, alignedTo } = figures
  const [first, second] = report.projection.explained
  const how =
    figures.method === 'pca'
      ? `Principal components: ${share(first)} of the variance runs from left to right, ${share(second)} from bottom to top.`
      : `${figures.title} keeps neighbours together; how far groups lie apart, and how large they are, means little.`
  const part =
    trustworthinessRows < figures.rows
      ? `, on a seeded sample of ${count(trustworthinessRows)} rows`
      : ''
  const trust =
    trustworthiness === null
      ? ''
      : ` Trustworthiness ${trustworthiness.toFixed(2)}${part} (1: neighbours on the map are neighbours in the space).`
  const sample = figures.sampled
    ? ` It shows a seeded sample of ${count(figures.rows)} of ${count(report.input.evaluatedRows)} rows, every class in its share.`
    : ''
  const aligned = alignedTo === null ? '' : ` Laid out to match the map of ${alignedTo}.`
  return `${how}${trust}${sample}${aligned}`
}
