/** Some rows multiplied once more with all others: for what the first pass couldn't settle. */

import type { Backend, Tile } from '../tensor/backend.ts'
import type { Prepared } from './prepare.ts'
import { type Exact, Nearest, type Ranking, squaredDistanceError } from './rank.ts'

const ROWS_AT_ONCE = 1024

/** Distance of two rows; equal ones are as far apart as a row from itself, which is told at once. */
function exactDistance({ distance, firstEqual }: Exact, a: number, b: number): number {
  return distance(a, firstEqual[a] === firstEqual[b] ? a : b)
}

/**
 * Ranks positions among the rows that `accepts` lets in: every one whose squared float32 distance is
 * within a position's limit is looked at in double precision.
 */
export async function rankWithin(
  limits: readonly { readonly position: number; readonly limit: number }[],
  exact: Exact,
  ranking: Ranking,
  accepts: (row: number, other: number) => boolean,
  backend: Backend,
  pause: () => Promise<void>,
): Promise<void> {
  const { rowAt } = exact.prepared
  const nearest = limits.map(() => null as Nearest | null)
  const positions = limits.map(({ position }) => position)
  await rescan(positions, exact.prepared, backend, pause, {
    pair(at, other, squared) {
      if (squared > limits[at]!.limit) return
      const row = rowAt[positions[at]!]!
      if (!accepts(row, rowAt[other]!)) return
      nearest[at] ??= new Nearest(ranking.depth)
      nearest[at].offer(rowAt[other]!, exactDistance(exact, row, rowAt[other]!))
    },
    done(at) {
      nearest[at]?.write(ranking.rows, ranking.distances, rowAt[positions[at]!]! * ranking.depth)
      nearest[at] = null
    },
  })
}

/**
 * For each position the rank, from 1, that a row at `distances[at]` has among all others: how many
 * are nearer, or as near and of a lower row than `mates[at]`, and one.
 */
export async function ranksOf(
  positions: readonly number[],
  mates: readonly number[],
  distances: readonly number[],
  cosine: boolean,
  exact: Exact,
  backend: Backend,
  pause: () => Promise<void>,
): Promise<number[]> {
  const { prepared } = exact
  const ranks = positions.map(() => 1)
  const reach = distances.map((distance) =>
    cosine ? Math.sqrt(2 * distance) : distance * prepared.scale,
  )
  const errors = positions.map((position, at) =>
    squaredDistanceError(prepared, position, reach[at]!),
  )
  await rescan(positions, prepared, backend, pause, {
    pair(at, other, squared) {
      const target = reach[at]! ** 2
      if (squared > target + errors[at]!) return
      const row = prepared.rowAt[positions[at]!]!
      const candidate = prepared.rowAt[other]!
      const distance = exactDistance(exact, row, candidate)
      const nearer =
        distance < distances[at]! || (distance === distances[at]! && candidate < mates[at]!)
      if (nearer) ranks[at]!++
    },
    done() {},
  })
  return ranks
}

/** Calls `pair` with the squared float32 distance of each position and every other one, then `done`. */
async function rescan(
  positions: readonly number[],
  prepared: Prepared,
  backend: Backend,
  pause: () => Promise<void>,
  visit: { pair(at: number, other: number, squared: number): void; done(at: number): void },
): Promise<void> {
  const { squaredNorms, matrix } = prepared
  const { rows, dimensions } = matrix
  for (let start = 0; start < positions.length; start += ROWS_AT_ONCE) {
    const part = positions.slice(start, start + ROWS_AT_ONCE)
    const values = new Float32Array(new SharedArrayBuffer(part.length * dimensions * 4))
    for (const [at, position] of part.entries()) {
      const row = matrix.values.subarray(position * dimensions, (position + 1) * dimensions)
      values.set(row, at * dimensions)
    }
    const tiles: Tile[] = []
    for (let right = 0; right < rows; right += ROWS_AT_ONCE) {
      const rightEnd = Math.min(rows, right + ROWS_AT_ONCE)
      tiles.push({ leftStart: 0, leftEnd: part.length, rightStart: right, rightEnd })
    }
    let next = 0
    const left = { values, rows: part.length, dimensions }
    for await (const products of backend.products(left, matrix, tiles)) {
      const { rightStart, rightEnd } = tiles[next++]!
      for (const [at, position] of part.entries()) {
        const offset = at * (rightEnd - rightStart) - rightStart
        const norm = squaredNorms[position]!
        for (let other = rightStart; other < rightEnd; other++) {
          const squared = norm + squaredNorms[other]! - 2 * products[offset + other]!
          if (other !== position) visit.pair(start + at, other, Math.max(0, squared))
        }
        await pause()
      }
    }
    for (const at of part.keys()) visit.done(start + at)
  }
}
