/** How strongly t-SNE holds each pair of neighbours together (van der Maaten & Hinton, 2008). */

import { sharedFloat32, sharedInt32 } from '../core/shared-memory.ts'

/** A symmetric matrix by rows: row i's entries are those from starts[i] to starts[i + 1]. */
export interface SparseMatrix {
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float32Array
}

const MOST_STEPS = 100
const TOLERANCE = 1e-7

/**
 * For some rows, the probabilities of their neighbours: a Gaussian of the distance, as wide as gives
 * the perplexity. Rows whose neighbours are all equally far get the same for each.
 *
 * @param squares squared distances, rows × k, nearest first
 * @param out as large
 */
export function neighborProbabilities(
  squares: Float64Array,
  k: number,
  perplexity: number,
  start: number,
  end: number,
  out: Float64Array,
): void {
  const wanted = Math.log(perplexity)
  for (let row = start; row < end; row++) {
    const from = row * k
    const nearest = squares[from]!
    let scale = 0
    for (let at = from; at < from + k; at++) scale += squares[at]! - nearest
    // Near the answer for data of any unit.
    let beta = scale > 0 ? k / scale : 1
    let low = 0
    let high = Number.POSITIVE_INFINITY
    for (let step = 0; step < MOST_STEPS; step++) {
      let sum = 0
      let weighted = 0
      for (let at = from; at < from + k; at++) {
        const apart = squares[at]! - nearest
        const value = Math.exp(-beta * apart)
        out[at] = value
        sum += value
        weighted += value * apart
      }
      for (let at = from; at < from + k; at++) out[at]! /= sum
      const over = Math.log(sum) + (beta * weighted) / sum - wanted
      if (Math.abs(over) < TOLERANCE || scale === 0) break
      if (over > 0) low = beta
      else high = beta
      beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (low + high) / 2
    }
  }
}

/**
 * The mean of both directions of every pair, over all rows: entries sum to 1. A row's own neighbours
 * come first, in their order, then the rows that have it for a neighbour.
 */
export function symmetric(
  neighbors: Int32Array,
  probabilities: Float64Array,
  rows: number,
  k: number,
): SparseMatrix {
  const { starts: incomingStarts, places } = incoming(neighbors, rows)
  const columns = new Int32Array(2 * rows * k)
  const values = new Float32Array(2 * rows * k)
  const starts = sharedInt32(rows + 1)
  /** Where a row's entry for a column is; only valid where it lies in the row. */
  const placeOf = new Int32Array(rows).fill(-1)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const first = count
    starts[row] = first
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = neighbors[at]!
      placeOf[other] = count
      columns[count] = other
      values[count++] = probabilities[at]! / (2 * rows)
    }
    for (let at = incomingStarts[row]!; at < incomingStarts[row + 1]!; at++) {
      const place = places[at]!
      const other = Math.floor(place / k)
      const entry = placeOf[other]!
      const added = probabilities[place]! / (2 * rows)
      if (entry >= first && columns[entry] === other) values[entry]! += added
      else {
        columns[count] = other
        values[count++] = added
      }
    }
  }
  starts[rows] = count
  const matrix = { starts, columns: sharedInt32(count), values: sharedFloat32(count) }
  matrix.columns.set(columns.subarray(0, count))
  matrix.values.set(values.subarray(0, count))
  return matrix
}

/** For each row the places in the neighbours' list where it is named, in order. */
export function incoming(
  neighbors: Int32Array,
  rows: number,
): { starts: Int32Array; places: Int32Array } {
  const starts = new Int32Array(rows + 1)
  for (const other of neighbors) starts[other + 1]!++
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!
  const next = starts.slice()
  const places = new Int32Array(neighbors.length)
  for (let place = 0; place < neighbors.length; place++) {
    const other = neighbors[place]!
    places[next[other]!++] = place
  }
  return { starts, places }
}
