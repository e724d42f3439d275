/** What the ranking says of labels: the nearest of the own class, and of another one. */

import type { Backend } from '../tensor/backend.ts'
import type { Exact, Ranking } from './rank.ts'
import { ranksOf, rankWithin } from './rescan.ts'

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
 * Distance of each row's nearest row whose label isn't the nearest neighbour's; infinity where there
 * is none. Where the whole ranking has that label, the row is compared with all others once more.
 */
export async function nearestUnpredicted(
  exact: Exact,
  labels: Int32Array,
  ranking: Ranking,
  others: Ranking,
  backend: Backend,
  pause: () => Promise<void>,
): Promise<Float64Array> {
  const { rowAt } = exact.prepared
  const nearest = new Float64Array(rowAt.length)
  const predicted = (row: number) => labels[ranking.rows[row * ranking.depth]!]!
  const beyond: { position: number; limit: number }[] = []
  for (let position = 0; position < rowAt.length; position++) {
    const row = rowAt[position]!
    if (predicted(row) === labels[row]) {
      nearest[row] = others.distances[row]!
      continue
    }
    const start = row * ranking.depth
    const ranked = ranking.rows.subarray(start, start + ranking.depth)
    const rank = ranked.findIndex((other) => labels[other] !== predicted(row))
    if (rank >= 0) nearest[row] = ranking.distances[start + rank]!
    else beyond.push({ position, limit: Number.POSITIVE_INFINITY })
  }
  const found = {
    depth: 1,
    rows: new Int32Array(rowAt.length),
    distances: new Float64Array(rowAt.length).fill(Number.POSITIVE_INFINITY),
  }
  const accepts = (row: number, other: number) => labels[other] !== predicted(row)
  await rankWithin(beyond, exact, found, accepts, backend, pause)
  for (const { position } of beyond) nearest[rowAt[position]!] = found.distances[rowAt[position]!]!
  return nearest
}
