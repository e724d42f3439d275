/** The neighbours of a row that is equally far from all others: their order in the data set decides. */

import { type EqualRows, LOOKED_THROUGH, matchRange, VOTERS, voteRange } from '../../core/vote.ts'
import type { LabelFindings, Ranking } from './rank.ts'

/** Of a zero vector under cosine from every row. */
const DISTANCE = 1

/**
 * Goes down the rows only as far as something is still open.
 * @param others rows that may be its neighbours, the lowest first
 * @param byLabel null: neighbours alone are wanted
 */
export function rankDirectionless(
  row: number,
  others: Iterable<number>,
  neighbors: Ranking,
  byLabel: LabelFindings | null,
  labels: Int32Array,
): void {
  const label = labels[row]
  const depth = byLabel === null ? 0 : byLabel.eligibleMates[row]!
  const needed = Math.max(neighbors.width, depth)
  const mateWidth = byLabel === null ? 0 : Math.min(byLabel.mates.width, depth)
  let predicted: number | undefined
  let rank = 0
  let mates = 0
  let withinR = 0
  let precisions = 0
  let firstMate = 0
  let hasOther = false
  let hasUnpredicted = false
  for (const other of others) {
    rank++
    if (rank <= neighbors.width) put(neighbors, row, rank, other)
    predicted ??= labels[other]
    hasUnpredicted ||= labels[other] !== predicted
    if (labels[other] !== label) hasOther = true
    else {
      mates++
      if (firstMate === 0) firstMate = rank
      if (mates <= mateWidth) put(byLabel!.mates, row, mates, other)
      if (rank <= depth) {
        withinR++
        precisions += withinR / rank
      }
    }
    const isKnown = byLabel === null || (hasOther && hasUnpredicted && mates >= mateWidth)
    if (isKnown && rank >= needed) break
  }
  if (byLabel === null) return
  byLabel.nearestOther[row] = hasOther ? DISTANCE : Number.POSITIVE_INFINITY
  byLabel.nearestUnpredicted[row] = hasUnpredicted ? DISTANCE : Number.POSITIVE_INFINITY
  if (depth === 0) return
  byLabel.matesWithinR[row] = withinR
  byLabel.averagePrecisionAtR[row] = precisions / depth
  byLabel.firstMateRank[row] = firstMate
}

/**
 * Its ranges: all others are at one distance, so its mates come first for the most and last for the least.
 * @param others how many of each label may be its neighbours
 */
export function keepDirectionlessTies(
  { eligibleMates, ties }: LabelFindings,
  row: number,
  others: EqualRows,
  label: number,
  { width, rows }: Ranking,
): void {
  const depth = eligibleMates[row]!
  const strangers = [...others.values()].reduce((sum, count) => sum + count, 0) - depth
  const kept = rows.subarray(row * width, (row + 1) * width).filter((other) => other >= 0).length
  ties.matches.set(matchRange([others], label, Math.min(LOOKED_THROUGH, kept)), 2 * row)
  if (kept > 0) ties.vote.set(voteRange([others], label, Math.min(VOTERS, kept)), 2 * row)
  if (depth === 0) return
  ties.firstMateRank.set([1, strangers + 1], 2 * row)
  ties.matesWithinR.set([Math.max(0, depth - strangers), depth], 2 * row)
  let least = 0
  for (let rank = strangers + 1; rank <= depth; rank++) least += (rank - strangers) / rank
  ties.averagePrecisionAtR.set([least / depth, 1], 2 * row)
}

function put({ rows, distances, width }: Ranking, row: number, rank: number, other: number): void {
  rows[row * width + rank - 1] = other
  distances[row * width + rank - 1] = DISTANCE
}
