/** What the ranking says of labels: the nearest of the own class, and of another one. */

import type { Backend } from '../tensor/backend.ts'
import type { Exact, Ranking } from './rank.ts'
import { ranksOf } from './rescan.ts'
import type { ScanState } from './scan.ts'

/** Where the nearest of the own class stands in the ranking, or would stand if it went on. */
export async function firstMateRanks(
  exact: Exact,
  mates: Ranking,
  ranking: Ranking,
  cosine: boolean,
  backend: Backend,
  pause: () => Promise<void>,
): Promise<Int32Array> {
  const { rowAt } = exact.prepared
  const ranks = new Int32Array(rowAt.length)
  if (mates.depth === 0) return ranks
  const beyond: number[] = []
  for (let position = 0; position < rowAt.length; position++) {
    const row = rowAt[position]!
    const mate = mates.rows[row * mates.depth]!
    if (mate < 0) continue
    const start = row * ranking.depth
    ranks[row] = ranking.rows.subarray(start, start + ranking.depth).indexOf(mate) + 1
    if (ranks[row] === 0) beyond.push(position)
  }
  const mateOf = beyond.map((position) => mates.rows[rowAt[position]! * mates.depth]!)
  const reach = beyond.map((position) => mates.distances[rowAt[position]! * mates.depth]!)
  const found = await ranksOf(beyond, mateOf, reach, cosine, exact, backend, pause)
  for (const [at, position] of beyond.entries()) ranks[rowAt[position]!] = found[at]!
  return ranks
}

/**
 * Distance of each row's nearest of another class than its own, and of another class than its nearest
 * neighbour's; infinity where there is none.
 */
export function nearestByLabel(
  { prepared: { rowAt }, distance }: Exact,
  labels: Int32Array,
  ranking: Ranking,
  mates: Ranking,
  nearestOtherAt: Int32Array,
) {
  const rows = rowAt.length
  const nearestOther = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  const nearestUnpredicted = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  for (let position = 0; position < rows; position++) {
    const row = rowAt[position]!
    const start = row * ranking.depth
    const others = ranking.rows.subarray(start, start + ranking.depth)
    const nearestWithout = (label: number) => {
      const rank = others.findIndex((other) => labels[other] !== label)
      return rank < 0 ? Number.POSITIVE_INFINITY : ranking.distances[start + rank]!
    }
    const label = labels[row]!
    const predicted = labels[others[0]!]!
    nearestOther[row] = nearestWithout(label)
    if (nearestOther[row] === Number.POSITIVE_INFINITY && nearestOtherAt[position]! >= 0) {
      // Beyond the kept ranking: the nearest by float32 products, at its distance in double precision.
      nearestOther[row] = distance(row, rowAt[nearestOtherAt[position]!]!)
    }
    nearestUnpredicted[row] = predicted === label ? nearestOther[row]! : nearestWithout(predicted)
    if (
      predicted !== label &&
      nearestUnpredicted[row] === Number.POSITIVE_INFINITY &&
      mates.depth > 0
    ) {
      // Beyond the kept ranking as well: the row's own class is one that isn't the predicted one.
      nearestUnpredicted[row] = mates.distances[row * mates.depth]!
    }
  }
  return { nearestOther, nearestUnpredicted }
}

/** The position of each position's nearest of another class, of what all threads found; −1: none. */
export function nearestOtherAt(states: readonly ScanState[], positions: number): Int32Array {
  return Int32Array.from({ length: positions }, (_, position) => {
    const nearest = states.reduce((a, b) => {
      const [one, other] = [a.nearestOther[position]!, b.nearestOther[position]!]
      const earlier = a.nearestOtherAt[position]! <= b.nearestOtherAt[position]!
      return one < other || (one === other && earlier) ? a : b
    })
    return nearest.nearestOtherAt[position]!
  })
}
