/** Whether two sets of rows changed by the same share, each row seen before and after. */

import { fUpperTail } from './f-distribution.ts'

/** Rows that were seen twice, those that turned right, and those that turned wrong. */
export interface Turned {
  readonly rows: number
  readonly fixed: number
  readonly broken: number
  /** Where rows come in clusters: of each its rows, and those fixed less those broken. */
  readonly clusters?: readonly { readonly rows: number; readonly turned: number }[] | null
}

/**
 * The change of a share of errors in one set less that in another, and the two-sided p of there
 * being no difference. Each set's change is a difference of matched proportions with half a row added
 * to each of its four cells, so that few changed rows don't pass for none (Agresti & Min, Simple
 * improved confidence intervals for comparing matched proportions, 2005); the sets are independent,
 * so their variances add up. In clusters the variance is at least that of the clusters' sums around the
 * change (Liang & Zeger, Longitudinal data analysis using generalized linear models, 1986). Student's t
 * with the rows, or clusters, of the smaller set, less one.
 *
 * @example changeDifference({ rows: 98, fixed: 18, broken: 0 }, { rows: 98, fixed: 4, broken: 4 })
 * // { difference: -0.18, p: 0.00047 }
 */
export function changeDifference(one: Turned, other: Turned): { difference: number; p: number } {
  const [a, b] = [changeOf(one), changeOf(other)]
  const difference = a.mean - b.mean
  const squared = difference ** 2 / (a.variance + b.variance)
  const freedom = Math.max(1, Math.min(units(one), units(other)) - 1)
  return { difference, p: fUpperTail(squared, 1, freedom) }
}

function units({ rows, clusters }: Turned): number {
  return clusters?.length ?? rows
}

function changeOf({ rows, fixed, broken, clusters }: Turned) {
  const count = rows + 2
  const mean = (broken - fixed) / count
  const variance = ((fixed + broken + 1) / count - mean ** 2) / count
  if (!clusters || clusters.length < 2) return { mean, variance }
  const change = (fixed - broken) / rows
  let squares = 0
  for (const cluster of clusters) squares += (cluster.turned - change * cluster.rows) ** 2
  const clustered = ((clusters.length / (clusters.length - 1)) * squares) / rows ** 2
  return { mean, variance: Math.max(variance, clustered) }
}
