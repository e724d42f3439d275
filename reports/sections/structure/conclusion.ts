/** Whether the shape of the space is a problem. */

import type { Report } from '../../../lib/core/report.ts'
import { count } from '../../words/format.ts'
import { PROBLEM, readingOf } from '../../words/reading.ts'

/** Figures of the space's shape, in the order of their table. */
export const STRUCTURE_FIGURES = [
  'silhouette',
  'anti_hub_share_k10',
  'hub_share_k10',
  'robin_hood_k10',
  'hubness_skewness_k10',
  'effective_rank',
  'collapsed_dimensions',
  'norm_outlier_share',
  'intrinsic_dimension',
  'intrinsic_dimension_k10',
] as const

export function structureConclusion(report: Report): string {
  const readings = STRUCTURE_FIGURES.flatMap((id) => {
    const says = readingOf(report, id)
    return says === undefined ? [] : [{ title: report.metrics[id]!.title, says }]
  })
  const bad = readings.filter(({ says }) => PROBLEM.test(says))
  const watched = readings.filter(({ says }) => says.startsWith('Worth'))
  if (readings.length === 0) return 'Nothing can be told of the shape of this space.'
  const first = (bad[0] ?? watched[0])?.title.replace(/ \(.*/, '').toLowerCase()
  if (bad.length > 0) {
    return bad.length === 1
      ? `One thing about the space is a problem: ${first}.`
      : `${count(bad.length)} things about the space are a problem, first of all ${first}.`
  }
  if (watched.length > 0) {
    return watched.length === 1
      ? `Nothing about the space is a problem; one thing is worth watching: ${first}.`
      : `Nothing about the space is a problem; ${count(watched.length)} things are worth watching.`
  }
  return 'Nothing about the shape of the space is a problem.'
}
