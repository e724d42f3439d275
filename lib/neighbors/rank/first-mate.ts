/** The rank of the nearest mate where it lies beyond as many others as there are mates. */

import { squareBeyond, squareWithin } from '../distance/error-bound.ts'
import type { LabelFigures } from '../types.ts'
import { LookLimits, look } from './look.ts'
import { preparedDistance, type RankWork } from './rank-work.ts'

/** Counts how many others are nearer than the nearest mate, and which ranks ties would allow it. */
export function rankFirstMates(
  { task, lookout, distance }: RankWork,
  { mates, firstMateRank, eligibleMates, ties }: LabelFigures,
  start: number,
  end: number,
): void {
  const { preparedRows } = lookout
  const { rowAt } = preparedRows
  const { labels } = task
  const range = ties.firstMateRank
  const limits = new LookLimits(start, end)
  /** Others below this squared distance are nearer than the mate for sure. */
  const nearer = new Float64Array(end - start)
  for (let position = start; position < end; position++) {
    const row = rowAt[position]!
    if (eligibleMates[row] === 0 || firstMateRank[row] !== 0) continue
    firstMateRank[row] = 1
    range.fill(1, 2 * row, 2 * row + 2)
    const reach = preparedDistance(lookout, mates.distances[row * mates.width]!)
    limits.set(position, squareWithin(preparedRows, position, reach))
    nearer[position - start] = squareBeyond(preparedRows, position, reach)
  }
  if (!limits.isOpen) return
  const counts = new Int32Array(end - start)
  look(lookout, start, end, limits, (position, other, squared) => {
    // Where labels are no better than chance most of all pairs come here.
    if (squared < nearer[position - start]!) {
      counts[position - start]!++
      return
    }
    const row = rowAt[position]!
    const candidate = rowAt[other]!
    const mate = mates.rows[row * mates.width]!
    const mateDistance = mates.distances[row * mates.width]!
    const exact = distance(row, candidate)
    if (exact > mateDistance) return
    if (exact < mateDistance) {
      counts[position - start]!++
      return
    }
    if (labels[candidate] === labels[row]) return
    range[2 * row + 1]!++
    if (candidate < mate) firstMateRank[row]!++
  })
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue
    const row = rowAt[start + at]!
    firstMateRank[row]! += count
    range[2 * row]! += count
    range[2 * row + 1]! += count
  }
}
