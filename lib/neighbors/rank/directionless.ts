/**
 * Ranks of rows without a direction: zero vectors under cosine. They are equally far from all others, so
 * the order of the rows in the data set decides.
 */

import { type EqualRows, LOOKED_THROUGH, matchRange, VOTERS, voteRange } from '../../core/vote.ts'
import type { LabelFigures, Ranking } from '../types.ts'
import type { RankWork } from './rank-work.ts'

/** Cosine distance of a zero vector from every row. */
const DISTANCE = 1

/** Ranks the zero vectors among the positions [start, end). */
export function rankDirectionlessRows(
  { task, lookout, positionAt, equal }: RankWork,
  start: number,
  end: number,
): void {
  const { isZero, rowAt, rows } = lookout.preparedRows
  const { neighbors, byLabel, labels } = task
  if (positionAt === null) return
  /** Rows that may be a position's neighbours, the lowest first. */
  function* relatedRows(position: number): Generator<number> {
    for (let row = 0; row < rows; row++) {
      if (lookout.isRelated(position, positionAt![row]!)) yield row
    }
  }
  for (let position = start; position < end; position++) {
    if (isZero[position] === 0) continue
    const row = rowAt[position]!
    rankDirectionless(row, relatedRows(position), neighbors, byLabel, labels)
    if (byLabel !== null) {
      writeDirectionlessTies(byLabel, row, equal!.ofAll(position), labels[row]!, neighbors)
    }
  }
}

/**
 * Goes down the other rows only as far as something is still open.
 * @param others rows that may be its neighbours, the lowest first
 * @param byLabel null: neighbours alone are wanted
 */
function rankDirectionless(
  row: number,
  others: Iterable<number>,
  neighbors: Ranking,
  byLabel: LabelFigures | null,
  labels: Int32Array,
): void {
  const label = labels[row]
  const depth = byLabel === null ? 0 : byLabel.eligibleMates[row]!
  const lastRank = Math.max(neighbors.width, depth)
  const mateWidth = byLabel === null ? 0 : Math.min(byLabel.mates.width, depth)
  let prediction: number | undefined
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
    prediction ??= labels[other]
    hasUnpredicted ||= labels[other] !== prediction
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
    const isSettled = byLabel === null || (hasOther && hasUnpredicted && mates >= mateWidth)
    if (isSettled && rank >= lastRank) break
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
 * Writes what ties decide. All others are at one distance, so at best the mates come first, and at worst
 * they come last.
 * @param others how many of each label may be its neighbours
 */
function writeDirectionlessTies(
  { eligibleMates, ties }: LabelFigures,
  row: number,
  others: EqualRows,
  label: number,
  { width, rows }: Ranking,
): void {
  const depth = eligibleMates[row]!
  const strangers = [...others.values()].reduce((sum, one) => sum + one, 0) - depth
  const count = rows.subarray(row * width, (row + 1) * width).filter((other) => other >= 0).length
  ties.matches.set(matchRange([others], label, Math.min(LOOKED_THROUGH, count)), 2 * row)
  if (count > 0) ties.vote.set(voteRange([others], label, Math.min(VOTERS, count)), 2 * row)
  if (depth === 0) return
  ties.firstMateRank.set([1, strangers + 1], 2 * row)
  ties.matesWithinR.set([Math.max(0, depth - strangers), depth], 2 * row)
  let least = 0
  for (let rank = strangers + 1; rank <= depth; rank++) least += (rank - strangers) / rank
  ties.averagePrecisionAtR.set([least / depth, 1], 2 * row)
}

/** Writes another row at a rank. */
function put({ rows, distances, width }: Ranking, row: number, rank: number, other: number): void {
  rows[row * width + rank - 1] = other
  distances[row * width + rank - 1] = DISTANCE
}
