/** How far a map is to be trusted. */

import type { Report } from '../../../lib/core/report.ts'
import { counted, share } from '../../words/format.ts'

export function mapConclusion(report: Report): string {
  const [best] = [...report.projections].sort(
    (a, b) => (b.trustworthiness ?? 0) - (a.trustworthiness ?? 0),
  )
  if (best && best.method !== 'pca' && best.trustworthiness !== null) {
    return `${best.title} keeps neighbours best here (trustworthiness ${best.trustworthiness.toFixed(2)}): look for classes that mix, not for distances between groups.`
  }
  if (best === undefined) {
    return `No map: with ${counted(report.input.dimensions, 'dimension')} it would be the vectors themselves.`
  }
  const [first, second] = report.projection.explained
  return `The two widest directions hold ${share(first + second)} of the variance: a sketch, not evidence.`
}
