/** What each row says by itself; figures are summaries of these. */

import type { Dataset } from '../core/dataset.ts'
import type { Neighborhood } from '../core/evaluation.ts'

/** One entry a row; NaN where a row has no such value. */
export interface RowFigures {
  /** 1 where the nearest neighbour has the row's label. */
  readonly correct: Uint8Array
  /** Class of the nearest neighbour. */
  readonly predicted: Int32Array
  /** Other rows of the same class. */
  readonly mates: Int32Array
  readonly firstMatchRank: Int32Array
  readonly neighborMargin: Float64Array
  readonly predictionMargin: Float64Array
  readonly classMargin: Float64Array
  readonly intraClassDistance: Float64Array
  readonly silhouette: Float64Array
}

export function rowFigures(dataset: Dataset, neighborhood: Neighborhood): RowFigures {
  const { rows, labels, classes } = dataset
  const { k, neighbors, distances, firstMateRank, mateDistances } = neighborhood
  const { nearestOther, nearestUnpredicted } = neighborhood
  const sizes = classSizes(dataset)
  const figures: RowFigures = {
    correct: new Uint8Array(rows),
    predicted: new Int32Array(rows),
    mates: new Int32Array(rows),
    firstMatchRank: firstMateRank,
    neighborMargin: new Float64Array(rows).fill(Number.NaN),
    predictionMargin: new Float64Array(rows).fill(Number.NaN),
    classMargin: new Float64Array(rows).fill(Number.NaN),
    intraClassDistance: new Float64Array(rows).fill(Number.NaN),
    silhouette: new Float64Array(rows),
  }
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!
    const nearest = distances[row * k]!
    figures.predicted[row] = labels[neighbors[row * k]!]!
    figures.correct[row] = figures.predicted[row] === label ? 1 : 0
    figures.mates[row] = sizes[label]! - 1
    if (k > 1) figures.neighborMargin[row] = distances[row * k + 1]! - nearest
    if (Number.isFinite(nearestUnpredicted[row]!)) {
      figures.predictionMargin[row] = nearestUnpredicted[row]! - nearest
    }
    const sameClass = mateDistances[row * neighborhood.mates]
    if (figures.mates[row]! > 0 && Number.isFinite(nearestOther[row]!)) {
      figures.classMargin[row] = nearestOther[row]! - sameClass!
    }
    const sums = neighborhood.classDistanceSums
    if (figures.mates[row]! > 0) {
      figures.intraClassDistance[row] = sums[row * classes.length + label]! / figures.mates[row]!
    }
    figures.silhouette[row] = silhouetteOf(row, label, sizes, sums)
  }
  return figures
}

export function classSizes(dataset: Dataset): Int32Array {
  const sizes = new Int32Array(dataset.classes.length)
  for (const label of dataset.labels) sizes[label]!++
  return sizes
}

/** Rousseeuw's silhouette as scikit-learn defines it: 0 for a class of one. */
function silhouetteOf(row: number, label: number, sizes: Int32Array, sums: Float64Array): number {
  if (sizes[label]! < 2) return 0
  const start = row * sizes.length
  const within = sums[start + label]! / (sizes[label]! - 1)
  let between = Number.POSITIVE_INFINITY
  for (let other = 0; other < sizes.length; other++) {
    if (other !== label) between = Math.min(between, sums[start + other]! / sizes[other]!)
  }
  if (!Number.isFinite(between)) return 0
  const larger = Math.max(within, between)
  return larger === 0 ? 0 : (between - within) / larger
}
