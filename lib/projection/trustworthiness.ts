/** How far a map can be believed: whether neighbours on it are neighbours in the space. */

import { throwIfCancelled } from '../core/errors.ts'
import { sharedFloat32 } from '../core/shared-memory.ts'
import type { Backend, Matrix, Tile } from '../tensor/backend.ts'

const K = 10
const TILE = 256

/**
 * Trustworthiness (Venna & Kaski, 2001; as scikit-learn computes it) over a sample of the rows: 1 less
 * the penalty for rows that are among the 10 nearest on the map without being so in the space, by how
 * far out they are there. Null where there are too few rows for k = 10. Distances in the space are
 * made of float32 products; costs the sample's size squared.
 */
export async function trustworthiness(
  centred: Matrix,
  rows: readonly number[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  backend: Backend,
  signal: AbortSignal,
): Promise<number | null> {
  const n = rows.length
  if (n <= 2 * K) return null
  const { dimensions } = centred
  const values = sharedFloat32(n * dimensions)
  const norms = new Float64Array(n)
  for (const [at, row] of rows.entries()) {
    const vector = centred.values.subarray(row * dimensions, (row + 1) * dimensions)
    values.set(vector, at * dimensions)
    for (const value of vector) norms[at]! += value * value
  }
  const sample = { values, rows: n, dimensions }
  const tiles: Tile[] = []
  for (let start = 0; start < n; start += TILE) {
    tiles.push({ leftStart: start, leftEnd: Math.min(n, start + TILE), rightStart: 0, rightEnd: n })
  }
  let penalty = 0
  let next = 0
  const space = new Float64Array(n)
  const mapX = Float32Array.from(rows, (row) => x[row]!)
  const mapY = Float32Array.from(rows, (row) => y[row]!)
  for await (const products of backend.products(sample, sample, tiles)) {
    const { leftStart, leftEnd } = tiles[next++]!
    for (let i = leftStart; i < leftEnd; i++) {
      const offset = (i - leftStart) * n
      for (let j = 0; j < n; j++) space[j] = norms[i]! + norms[j]! - 2 * products[offset + j]!
      for (const j of nearestOnMap(mapX, mapY, i)) {
        penalty += Math.max(0, rankOf(space, i, j) - K)
      }
    }
    await new Promise(setImmediate)
    throwIfCancelled(signal)
  }
  return 1 - (penalty * 2) / (n * K * (2 * n - 3 * K - 1))
}

/** Places in the sample of the 10 rows nearest on the map, ties to the earlier. */
function nearestOnMap(x: Float32Array, y: Float32Array, i: number): Int32Array {
  const places = new Int32Array(K)
  const squares = new Float64Array(K).fill(Number.POSITIVE_INFINITY)
  for (let j = 0; j < x.length; j++) {
    const squared = (x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2
    if (squared >= squares[K - 1]! || j === i) continue
    let at = K - 1
    for (; at > 0 && squared < squares[at - 1]!; at--) {
      squares[at] = squares[at - 1]!
      places[at] = places[at - 1]!
    }
    squares[at] = squared
    places[at] = j
  }
  return places
}

/** From 1: how many others are nearer to i in the space than j, ties to the earlier, and one. */
function rankOf(space: Float64Array, i: number, j: number): number {
  const distance = space[j]!
  let rank = 1
  for (let other = 0; other < space.length; other++) {
    const apart = space[other]!
    if (apart > distance || other === i || other === j) continue
    if (apart < distance || other < j) rank++
  }
  return rank
}
