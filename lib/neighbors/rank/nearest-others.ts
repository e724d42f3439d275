/** The nearest row of another class, and the nearest whose label isn't the nearest neighbour's. */

import { squareWithin } from '../distance/error-bound.ts'
import type { LabelFigures } from '../types.ts'
import { LookLimits, look } from './look.ts'
import { Nearest } from './nearest.ts'
import { rankAmongAll } from './nearest-ranks.ts'
import { preparedDistance, type RankWork } from './rank-work.ts'

/** Writes the distance of the nearest row of another class. */
export function rankOtherClasses(
  work: RankWork,
  { nearestOther }: LabelFigures,
  start: number,
  end: number,
): void {
  const { task, lookout, candidates, otherRows } = work
  const { rowAt } = lookout.preparedRows
  const { labels } = task
  const [mates, others = mates] = candidates
  rankAmongAll(work, start, end, {
    candidates: [others],
    ranking: { width: 1, rows: otherRows, distances: nearestOther },
    before: lookout.copies?.beforeInOthers ?? null,
    accepts: (position, other) => labels[rowAt[other]!] !== labels[rowAt[position]!],
    ties: null,
  })
}

/** Writes the distance of the nearest row whose label isn't the nearest neighbour's. */
export function rankUnpredicted(
  { task, lookout, distance }: RankWork,
  { nearestOther, nearestUnpredicted }: LabelFigures,
  start: number,
  end: number,
): void {
  const { labels, neighbors } = task
  const { preparedRows } = lookout
  const { rowAt, isZero } = preparedRows
  const limits = new LookLimits(start, end)
  const nearestOf = new Map<number, Nearest>()
  const prediction = (row: number) => labels[neighbors.rows[row * neighbors.width]!]
  for (let position = start; position < end; position++) {
    if (isZero[position] === 1) continue
    const row = rowAt[position]!
    nearestUnpredicted[row] = Number.POSITIVE_INFINITY
    if (neighbors.rows[row * neighbors.width]! < 0) continue
    if (prediction(row) === labels[row]) {
      nearestUnpredicted[row] = nearestOther[row]!
      continue
    }
    const from = row * neighbors.width
    const others = neighbors.rows.subarray(from, from + neighbors.width)
    const rank = others.findIndex((other) => other >= 0 && labels[other] !== prediction(row))
    if (rank >= 0) nearestUnpredicted[row] = neighbors.distances[from + rank]!
    else if (others.at(-1)! >= 0) {
      nearestOf.set(position, new Nearest(1))
      limits.set(position, Number.POSITIVE_INFINITY)
    }
  }
  if (!limits.isOpen) return
  look(lookout, start, end, limits, (position, other) => {
    const row = rowAt[position]!
    const candidate = rowAt[other]!
    if (labels[candidate] === prediction(row)) return
    const nearest = nearestOf.get(position)!
    nearest.offer(candidate, distance(row, candidate))
    if (nearest.last === Number.POSITIVE_INFINITY) return
    const reach = preparedDistance(lookout, nearest.last)
    limits.set(position, squareWithin(preparedRows, position, reach))
  })
  for (const [position, nearest] of nearestOf) {
    nearest.write(null, nearestUnpredicted, rowAt[position]!)
  }
}
