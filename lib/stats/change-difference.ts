/** Whether two sets of rows changed by the same share, each row seen before and after. */

import { fUpperTail } from './f-distribution.ts'

/** Rows that were seen twice, those that turned right, and those that turned wrong. */
export interface Turned {
  readonly rows: number
  readonly fixed: number
  readonly broken: number
}

/**
 * The change of a share of errors in one set less that in another, and the two-sided p of there
 * being no difference. Each set's change is a difference of matched proportions with half a row added
 * to each of its four cells, so that few changed rows don't pass for none (Agresti & Min, Simple
 * improved confidence intervals for comparing matched proportions, 2005); the sets are independent,
 * so their variances add up. Student's t with the rows of the smaller set, less one.
 *
 * @example changeDifference({ rows: 98, fixed: 18, broken: 0 }, { rows: 98, fixed: 4, broken: 4 })
 * // { difference: -0.18, p: 0.00047 }
 */
export function changeDifference(one: Turned, other: Turned): { difference: number; p: number } {
  const [a, b] = [changeOf(one), changeOf(other)]
  const difference = a.mean - b.mean
  const squared = difference ** 2 / (a.variance + b.variance)
  const freedom = Math.max(1, Math.min(one.rows, other.rows) - 1)
  return { difference, p: fUpperTail(squared, 1, freedom) }
}

function changeOf({ rows, fixed, broken }: Turned) {
  const count = rows + 2
  const mean = (broken - fixed) / count
  return { mean, variance: ((fixed + broken + 1) / count - mean ** 2) / count }
}
