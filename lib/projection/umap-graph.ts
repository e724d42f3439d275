/** The graph that UMAP lays out: how surely two rows are neighbours (McInnes, Healy & Melville, 2018). */

import { incoming } from './affinities.ts'

/** Entries of both directions of every edge, by row. */
export interface Edges {
  readonly from: Int32Array
  readonly to: Int32Array
  /** Above 0, at most 1. */
  readonly weights: Float64Array
}

const MOST_STEPS = 64
const TOLERANCE = 1e-5
/** No row's scale is less than this part of its mean distance. */
const LEAST_SCALE = 1e-3

/**
 * @param neighbors rows × k, nearest first, themselves not among them
 * @param distances rows × k
 */
export function umapGraph(
  neighbors: Int32Array,
  distances: Float64Array,
  rows: number,
  k: number,
): Edges {
  const weights = memberships(distances, rows, k)
  const { starts, places } = incoming(neighbors, rows)
  const from = new Int32Array(2 * rows * k)
  const to = new Int32Array(2 * rows * k)
  const united = new Float64Array(2 * rows * k)
  const placeOf = new Int32Array(rows).fill(-1)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const first = count
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = neighbors[at]!
      placeOf[other] = count
      from[count] = row
      to[count] = other
      united[count++] = weights[at]!
    }
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const other = Math.floor(places[at]! / k)
      const weight = weights[places[at]!]!
      const place = placeOf[other]!
      // One or the other, as of independent events.
      if (place >= first && to[place] === other) united[place]! += weight * (1 - united[place]!)
      else {
        from[count] = row
        to[count] = other
        united[count++] = weight
      }
    }
  }
  return {
    from: from.subarray(0, count),
    to: to.subarray(0, count),
    weights: united.subarray(0, count),
  }
}

/** 1 for the nearest, and falling so fast that they sum to log₂(k + 1). */
function memberships(distances: Float64Array, rows: number, k: number): Float64Array {
  const weights = new Float64Array(rows * k)
  // The row itself counts as its own first neighbour.
  const wanted = Math.log2(k + 1)
  const overall = distances.reduce((sum, distance) => sum + distance, 0) / (rows * (k + 1))
  for (let row = 0; row < rows; row++) {
    const list = distances.subarray(row * k, (row + 1) * k)
    const nearest = list.find((distance) => distance > 0) ?? 0
    let scale = 1
    let low = 0
    let high = Number.POSITIVE_INFINITY
    for (let step = 0; step < MOST_STEPS; step++) {
      let sum = 0
      for (const distance of list) {
        sum += distance > nearest ? Math.exp(-(distance - nearest) / scale) : 1
      }
      if (Math.abs(sum - wanted) < TOLERANCE) break
      if (sum > wanted) high = scale
      else low = scale
      scale = high === Number.POSITIVE_INFINITY ? scale * 2 : (low + high) / 2
    }
    const mean = list.reduce((sum, distance) => sum + distance, 0) / (k + 1)
    scale = Math.max(scale, LEAST_SCALE * (nearest > 0 ? mean : overall))
    for (let place = 0; place < k; place++) {
      const over = list[place]! - nearest
      weights[row * k + place] = over <= 0 || scale === 0 ? 1 : Math.exp(-over / scale)
    }
  }
  return weights
}
