/** Whether a classifier can tell two sets of points apart: the ROC AUC of one that never saw the point. */

import { type Area, lowScoreAuc } from './auc.ts'
import type { Configuration } from './procrustes.ts'

export const FOLDS = 5
/** Of the kernel ridge regression: as scikit-learn's `alpha`. */
const RIDGE = 1

/**
 * Kernel ridge regression on −1 and 1 (a least-squares support vector machine without offset: Suykens,
 * Vandewalle, 1999), with a Gaussian kernel as wide as the median distance of two points, so that it sees
 * what moved as well as what widened. Each point is scored by the points of the other folds. The interval
 * is DeLong's, which takes the scores as independent.
 *
 * @param folds for each point of either set the fold it is in, 0 to 4
 * @returns null where a fold leaves nothing to learn from, or the points are all equal
 */
export function separationOf(
  [a, b]: readonly [Configuration, Configuration],
  folds: readonly [Int32Array, Int32Array],
): Area | null {
  const squared = squaredDistances([a, b], [folds[0].length, folds[1].length])
  const points = squared.length
  const gamma = 1 / medianOf(squared)
  if (!Number.isFinite(gamma)) return null
  const kernel = squared.map((row) => row.map((value) => Math.exp(-gamma * value)))
  const sides = Float64Array.from({ length: points }, (_, at) => (at < folds[0].length ? -1 : 1))
  const foldOf = Int32Array.of(...folds[0], ...folds[1])
  const scores = new Float64Array(points).fill(Number.NaN)
  for (let fold = 0; fold < FOLDS; fold++) {
    const learned = [...foldOf.keys()].filter((at) => foldOf[at] !== fold)
    if (!learned.some((at) => sides[at]! < 0) || !learned.some((at) => sides[at]! > 0)) return null
    const weights = solved(
      learned.map((i, at) =>
        Float64Array.from(
          { length: at + 1 },
          (_, j) => kernelAt(kernel, i, learned[j]!) + (j === at ? RIDGE : 0),
        ),
      ),
      Float64Array.from(learned, (at) => sides[at]!),
    )
    for (const [at, own] of foldOf.entries()) {
      if (own !== fold) continue
      let score = 0
      for (const [place, other] of learned.entries()) {
        score += weights[place]! * kernelAt(kernel, at, other)
      }
      scores[at] = score
    }
  }
  return lowScoreAuc(
    scores,
    Uint8Array.from(sides, (side) => (side < 0 ? 1 : 0)),
  )
}

/** Lower triangles: row i holds the columns up to i. */
function kernelAt(kernel: readonly Float64Array[], i: number, j: number): number {
  return i >= j ? kernel[i]![j]! : kernel[j]![i]!
}

function squaredDistances(
  sets: readonly [Configuration, Configuration],
  counts: readonly [number, number],
): Float64Array[] {
  const { dimensions } = sets[0]
  const rows = sets.flatMap(({ values }, set) =>
    Array.from({ length: counts[set]! }, (_, point) =>
      Float64Array.from({ length: dimensions }, (_, d) => values[point * dimensions + d]!),
    ),
  )
  return rows.map((a, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => {
      const b = rows[j]!
      let sum = 0
      for (let d = 0; d < dimensions; d++) {
        const difference = a[d]! - b[d]!
        sum += difference * difference
      }
      return sum
    }),
  )
}

/** Of the distances of two points; the lower middle one of an even number. */
function medianOf(squared: readonly Float64Array[]): number {
  const points = squared.length
  const all = new Float64Array((points * (points - 1)) / 2)
  let at = 0
  for (const [i, row] of squared.entries()) {
    all.set(row.subarray(0, i), at)
    at += i
  }
  return all.sort()[(all.length - 1) >> 1] ?? 0
}

/** Solves A x = y by Cholesky's factors of A, symmetric and positive; its lower triangle is spent. */
function solved(lower: readonly Float64Array[], y: Float64Array): Float64Array {
  const size = y.length
  for (let i = 0; i < size; i++) {
    const row = lower[i]!
    for (let j = 0; j <= i; j++) {
      const other = lower[j]!
      let sum = row[j]!
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!
      row[j] = i === j ? Math.sqrt(sum) : sum / other[j]!
    }
  }
  const x = y.slice()
  for (let i = 0; i < size; i++) {
    const row = lower[i]!
    for (let k = 0; k < i; k++) x[i]! -= row[k]! * x[k]!
    x[i]! /= row[i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    x[i]! /= lower[i]![i]!
    for (let k = 0; k < i; k++) x[k]! -= lower[i]![k]! * x[i]!
  }
  return x
}
