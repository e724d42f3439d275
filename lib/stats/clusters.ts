/** Numbers that come in clusters, such as the rows of a burst or patient, and are not independent. */

import { tCritical } from './t-distribution.ts'

/** For each number its cluster, from 0. */
export type Clusters = Int32Array

/** The sum of each cluster that has a number, or where there are no clusters the numbers; NaN are left out. */
export function clusterSums(values: Float64Array, clusters: Clusters | null): Float64Array {
  if (clusters === null) return values.filter((value) => !Number.isNaN(value))
  const sums = new Map<number, number>()
  for (const [at, value] of values.entries()) {
    if (Number.isNaN(value)) continue
    const cluster = clusters[at]!
    sums.set(cluster, (sums.get(cluster) ?? 0) + value)
  }
  return Float64Array.from(sums.values())
}

/** Standard error of the sum of independent numbers around 0. */
export function errorOfSum(sums: Float64Array): number {
  const squares = sums.reduce((all, sum) => all + sum * sum, 0)
  return Math.sqrt((sums.length / (sums.length - 1)) * squares)
}

/** How many standard errors reach 95 %: Student's, since few clusters tell little of their scatter. */
export function standardErrors(sums: Float64Array): number {
  return tCritical(sums.length - 1)
}
