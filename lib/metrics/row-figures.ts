/** What each row says by itself; figures are summaries of these. */

import { candidateCounts } from '../core/candidates.ts'
import type { Dataset } from '../core/dataset.ts'
import type { Neighborhood } from '../core/evaluation.ts'

/** One entry a row; NaN where a row has no such value. */
export interface RowFigures {
  /** 1 where the row has a neighbour: every row, but for those of a gallery or with no row outside of their group. */
  readonly evaluated: Uint8Array
  /** How many rows that are. */
  readonly evaluatedRows: number
  /** 0 where the nearest neighbour has another label, which is an error; 1 also where there is none. */
  readonly correct: Uint8Array
  /** Class of the nearest neighbour; −1 where there is none. */
  readonly predicted: Int32Array
  /** Rows that may be the row's neighbours. */
  readonly candidates: Int32Array
  /** Those of them that are of its class: the matches that there are to find. */
  readonly mates: Int32Array
  readonly firstMatchRank: Int32Array
  readonly neighborMargin: Float64Array
  readonly predictionMargin: Float64Array
  readonly classMargin: Float64Array
  readonly intraClassDistance: Float64Array
  readonly silhouette: Float64Array
  /** The least and the most that it can be; null where it is exact. */
  readonly silhouetteEnds: readonly [Float64Array, Float64Array] | null
}

export function rowFigures(dataset: Dataset, neighborhood: Neighborhood): RowFigures {
  const { rows, labels } = dataset
  const { k, neighbors, distances, firstMateRank, mateDistances } = neighborhood
  const { nearestOther, nearestUnpredicted, classDistances, meanErrors } = neighborhood
  const missing = () => new Float64Array(rows).fill(Number.NaN)
  let evaluatedRows = 0
  const figures = {
    evaluated: new Uint8Array(rows),
    correct: new Uint8Array(rows).fill(1),
    predicted: new Int32Array(rows).fill(-1),
    ...candidateCounts(dataset),
    firstMatchRank: firstMateRank,
    neighborMargin: missing(),
    predictionMargin: missing(),
    classMargin: missing(),
    // The shape of a class is of all of its rows, whether they are queries or not.
    intraClassDistance: classDistances.within,
    silhouette: new Float64Array(rows),
    silhouetteEnds: meanErrors.some((error) => error > 0)
      ? ([new Float64Array(rows), new Float64Array(rows)] as const)
      : null,
  }
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!
    const nearest = distances[row * k]!
    const isEvaluated = neighbors[row * k]! >= 0
    if (isEvaluated) {
      checkRoles(dataset, row, neighbors[row * k]!)
      figures.evaluated[row] = 1
      evaluatedRows++
      figures.predicted[row] = labels[neighbors[row * k]!]!
      figures.correct[row] = figures.predicted[row] === label ? 1 : 0
      const second = k > 1 ? distances[row * k + 1]! : Number.POSITIVE_INFINITY
      if (Number.isFinite(second)) figures.neighborMargin[row] = second - nearest
      if (Number.isFinite(nearestUnpredicted[row]!)) {
        figures.predictionMargin[row] = nearestUnpredicted[row]! - nearest
      }
      if (figures.mates[row]! > 0 && Number.isFinite(nearestOther[row]!)) {
        const sameClass = mateDistances[row * neighborhood.mates]!
        figures.classMargin[row] = nearestOther[row]! - sameClass
      }
    }
    const within = classDistances.within[row]!
    const between = classDistances.nearest.distances[row]!
    // Not of a class of one, nor where there is no other.
    if (Number.isNaN(within) || !Number.isFinite(between)) continue
    const means = { within, between }
    figures.silhouette[row] = silhouetteOf(means)
    const [lows, highs] = figures.silhouetteEnds ?? []
    if (!lows || !highs) continue
    const error = meanErrors[row]!
    const less = (value: number) => Math.max(0, value - error)
    lows[row] = silhouetteOf({ within: within + error, between: less(between) })
    highs[row] = silhouetteOf({ within: less(within), between: between + error })
  }
  return { ...figures, evaluatedRows }
}

/** Neighbours of the wrong kind would make every figure look better than it is. */
function checkRoles({ queries, groups, ids }: Dataset, row: number, nearest: number): void {
  const meets =
    (queries === undefined || (queries[row] === 1 && queries[nearest] === 0)) &&
    (groups === undefined || groups[row]! < 0 || groups[row] !== groups[nearest])
  if (meets) return
  throw new Error(`${ids[nearest]} was found for ${ids[row]}, which its split or group rules out`)
}

export function classSizes(dataset: Dataset): Int32Array {
  const sizes = new Int32Array(dataset.classes.length)
  for (const label of dataset.labels) sizes[label]!++
  return sizes
}

interface MeanDistances {
  /** To the others of the own class, and to the nearest other class. */
  readonly within: number
  readonly between: number
}

/** Rousseeuw's silhouette as scikit-learn defines it, which is 0 for a class of one. */
function silhouetteOf({ within, between }: MeanDistances): number {
  const larger = Math.max(within, between)
  return larger === 0 ? 0 : (between - within) / larger
}
