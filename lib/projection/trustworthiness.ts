/** How far a map can be believed: whether neighbours on it are neighbours in the space. */

import { throwIfCancelled } from '../core/errors.ts'
import { sharedFloat32 } from '../core/shared-memory.ts'
import type { Backend, Matrix, Tile } from '../tensor/backend.ts'
import type { Points } from './align.ts'

const K = 10
const TILE = 256

/**
 * Trustworthiness (Venna & Kaski, 2001; as scikit-learn computes it) of each map over a sample of the
 * rows: 1 less the penalty for rows that are among the 10 nearest on the map without being so in the
 * space, by how far out they are there. Null where there are too few rows for k = 10. Distances in
 * the space are made of float32 products; costs the sample's size squared, once for all maps.
 */
export async function trustworthiness(
  centred: Matrix,
  rows: readonly number[],
  maps: readonly Points[],
  backend: Backend,
  signal: AbortSignal,
): Promise<(number | null)[]> {
  const n = rows.length
  if (n <= 2 * K) return maps.map(() => null)
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
  const penalties = maps.map(() => 0)
  const space = new Float64Array(n)
  const sampled = maps.map((map) => ({
    x: Float32Array.from(rows, (row) => map.x[row]!),
    y: Float32Array.from(rows, (row) => map.y[row]!),
  }))
  let next = 0
  for await (const products of backend.products(sample, sample, tiles)) {
    const { leftStart, leftEnd } = tiles[next++]!
    for (let i = leftStart; i < leftEnd; i++) {
      const offset = (i - leftStart) * n
      for (let j = 0; j < n; j++) space[j] = norms[i]! + norms[j]! - 2 * products[offset + j]!
      const nearest = sampled.map(({ x, y }) => nearestOnMap(x, y, i))
      const rankOf = ranks(space, i, nearest)
      for (const [map, places] of nearest.entries()) {
        for (const j of places) penalties[map]! += Math.max(0, rankOf.get(j)! - K)
      }
    }
    await new Promise(setImmediate)
    throwIfCancelled(signal)
  }
  return penalties.map((penalty) => 1 - (penalty * 2) / (n * K * (2 * n - 3 * K - 1)))
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

/**
 * From 1: how many others are nearer to i in the space than each of the places, ties to the earlier,
 * and one. All places are ranked in one look at the others.
 */
function ranks(
  space: Float64Array,
  i: number,
  places: readonly Int32Array[],
): ReadonlyMap<number, number> {
  const rankedPlaces = [...new Set(places.flatMap((list) => [...list]))].sort(
    (a, b) => space[a]! - space[b]! || a - b,
  )
  const bounds = Float64Array.from(rankedPlaces, (place) => space[place]!)
  /** Others that come after so many of the asked. */
  const after = new Int32Array(rankedPlaces.length + 1)
  const farthest = bounds[bounds.length - 1]!
  for (let other = 0; other < space.length; other++) {
    const apart = space[other]!
    if (apart > farthest || other === i) continue
    let low = 0
    let high = bounds.length
    while (low < high) {
      const middle = (low + high) >> 1
      const bound = bounds[middle]!
      if (bound < apart || (bound === apart && rankedPlaces[middle]! < other)) low = middle + 1
      else high = middle
    }
    after[low]!++
  }
  const ranks = new Map<number, number>()
  let nearer = 0
  for (const [at, place] of rankedPlaces.entries()) {
    // An asked place is counted at its own bound: with the others it makes its rank.
    nearer += after[at]!
    ranks.set(place, nearer)
  }
  return ranks
}
