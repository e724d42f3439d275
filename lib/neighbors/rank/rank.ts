/** Candidates put into their final order, in double precision, with the proof that none is missing. */

import type { TieRanges } from '../../core/evaluation.ts'
import type { RowDistance } from '../distance/distance.ts'
import { reachOf, squareBeyond, squareWithin } from '../distance/error-bound.ts'
import { selectSmallest, sortByDistance } from '../distance/sorting.ts'
import { isCopy, positionsOf } from '../plan/copies.ts'
import { type CandidateArrays, candidatesOf } from '../scan/candidates.ts'
import type { ListArrays } from '../scan/lists.ts'
import type { Found } from '../scan/scan.ts'
import { keepDirectionlessTies, rankDirectionless } from './directionless.ts'
import { EqualCounts, TiedRows } from './equal-counts.ts'
import type { ExactPairs } from './exact-pairs.ts'
import { rankFar } from './far-ranks.ts'
import { type Lookout, look } from './look.ts'
import { Nearest } from './nearest.ts'
import { keepNearestTies } from './nearest-ties.ts'

/** Rows × width, entries of row i from i × width on; −1 and infinity past the last. */
export interface Ranking {
  readonly width: number
  readonly rows: Int32Array
  readonly distances: Float64Array
}

/** What is found for every row besides its neighbours; one entry a row of the data set. */
export interface LabelFindings {
  /** Distances to the nearest rows of the own class. */
  readonly mates: Ranking
  readonly eligibleMates: Int32Array
  readonly matesWithinR: Int32Array
  readonly averagePrecisionAtR: Float64Array
  readonly firstMateRank: Int32Array
  readonly nearestOther: Float64Array
  readonly nearestUnpredicted: Float64Array
  readonly ties: TieRanges
}

/** On shared memory, or small. */
export interface RankTask {
  readonly found: Found
  /** Class of each row. */
  readonly labels: Int32Array
  /** For each row, the first that is equal to it. */
  readonly firstEqual: Int32Array
  readonly neighbors: Ranking
  /** Null: neighbours alone are wanted. */
  readonly byLabel: LabelFindings | null
  /** What is measured one by one; null likewise. */
  readonly pairs: ExactPairs | null
}

/** Ranks positions one part at a time. */
export class Ranker {
  readonly #task: RankTask
  readonly #lookout: Lookout
  readonly #lists: ListArrays | null
  readonly #distance: RowDistance
  /** Which row is the nearest of another class: only its distance is asked for. */
  readonly #otherRows: Int32Array
  /** Position of each row; null where every row has a direction. */
  readonly #positionAt: Int32Array | null
  /** Null where neighbours alone are wanted, or every row differs and has a direction. */
  readonly #equal: EqualCounts | null

  /** @param lists null: neighbours alone are wanted */
  constructor(task: RankTask, lookout: Lookout, lists: ListArrays | null, distance: RowDistance) {
    this.#task = task
    this.#lookout = lookout
    this.#lists = lists
    this.#distance = distance
    this.#otherRows = new Int32Array(task.byLabel === null ? 0 : task.labels.length)
    const { hasZero, rowAt } = lookout.prepared
    const asksForEqual = task.byLabel !== null && (hasZero || lookout.copies !== null)
    this.#equal = asksForEqual
      ? new EqualCounts(task.labels, task.firstEqual, rowAt, lookout.relations)
      : null
    this.#positionAt = hasZero ? positionsOf(rowAt) : null
  }

  /** @param start a multiple of `LOOK_ROWS` */
  rank(start: number, end: number): void {
    const { neighbors, byLabel, found } = this.#task
    const [mates, others] = found
    const { copies } = this.#lookout
    this.#rankDirectionless(start, end)
    const ties = byLabel?.ties ?? null
    this.#rankNearest(start, end, found, neighbors, copies?.before ?? null, () => true, ties)
    if (byLabel === null || others === undefined) return
    this.#rankMates(start, end, mates, byLabel)
    this.#rankOthers(start, end, others, byLabel)
    const far = { lists: this.#lists!, distance: this.#distance, equal: this.#equal, byLabel }
    rankFar(this.#lookout, start, end, this.#task, far)
    this.#lookForMates(start, end, byLabel)
    this.#rankUnpredicted(start, end, byLabel)
  }

  /** Zero vectors under cosine are at distance 1 from every row, so the order of the rows decides. */
  #rankDirectionless(start: number, end: number): void {
    const { isZero, rowAt } = this.#lookout.prepared
    const { neighbors, byLabel, labels } = this.#task
    if (this.#positionAt === null) return
    for (let position = start; position < end; position++) {
      if (isZero[position] === 0) continue
      const row = rowAt[position]!
      rankDirectionless(row, this.#related(position), neighbors, byLabel, labels)
      if (byLabel !== null) {
        keepDirectionlessTies(byLabel, row, this.#equal!.ofAll(position), labels[row]!, neighbors)
      }
    }
  }

  /** Rows that may be a position's neighbours, the lowest first. */
  *#related(position: number): Generator<number> {
    const { related, prepared } = this.#lookout
    for (let row = 0; row < prepared.rows; row++) {
      if (related(position, this.#positionAt![row]!)) yield row
    }
  }

  #rankNearest(
    start: number,
    end: number,
    candidates: readonly CandidateArrays[],
    ranking: Ranking,
    before: Int32Array | null,
    accepts: (position: number, other: number) => boolean,
    ties: TieRanges | null,
  ): void {
    const { prepared, copies } = this.#lookout
    const { rowAt, isZero } = prepared
    const limits = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
    let isOpen = false
    for (let position = start; position < end; position++) {
      if (isZero[position] === 1) continue
      const limit = this.#takeCandidates(position, candidates, ranking, ties)
      if (limit === null) continue
      limits[position - start] = Math.fround(limit * (1 + 2 ** -20))
      isOpen = true
    }
    if (!isOpen) return
    const found = new Map<number, Nearest>()
    const tied = new Map<number, TiedRows>()
    look(this.#lookout, start, end, limits, (position, other) => {
      if (!accepts(position, other)) return
      if (copies !== null && isCopy(copies, before!, ranking.width, position, other)) return
      let nearest = found.get(position)
      if (nearest === undefined) {
        if (ties !== null) tied.set(position, this.#tiedRows(position))
        nearest = new Nearest(ranking.width, tied.get(position))
        found.set(position, nearest)
      }
      nearest.offer(rowAt[other]!, this.#distance(rowAt[position]!, rowAt[other]!))
    })
    for (const [position, nearest] of found) {
      nearest.write(ranking.rows, ranking.distances, rowAt[position]! * ranking.width)
      if (ties !== null) this.#keepTies(position, tied.get(position)!, ties)
    }
  }

  #tiedRows(position: number): TiedRows {
    return new TiedRows(position, this.#task.labels, this.#equal)
  }

  /** @param tied those that are as near as the last neighbour and not among them */
  #keepTies(position: number, tied: TiedRows, ties: TieRanges): void {
    const { labels, neighbors } = this.#task
    const row = this.#lookout.prepared.rowAt[position]!
    const from = row * neighbors.width
    const ranked = neighbors.rows.subarray(from, from + neighbors.width)
    const others = Array.from(ranked.filter((other) => other >= 0))
    const distances = neighbors.distances.subarray(from, from + others.length)
    for (const [at, other] of others.entries()) {
      if (distances[at] === distances.at(-1)) tied.add(other)
    }
    const last = tied.counts()
    const found = others.map((other) => labels[other]!)
    keepNearestTies(ties, row, { label: labels[row]!, labels: found, distances, last })
  }

  /**
   * Writes the nearest of a position among its candidates. Returns null where they are proven to be
   * the nearest of all, else the squared distance up to which pairs have to be looked at.
   *
   * Every pair that was dropped is at the threshold or beyond, as quantised. The last wanted candidate
   * bounds the true distance of every true neighbour, and so its quantised distance: where that bound
   * is below the threshold, no true neighbour can have been dropped.
   */
  #takeCandidates(
    position: number,
    candidates: readonly CandidateArrays[],
    ranking: Ranking,
    ties: TieRanges | null = null,
  ): number | null {
    const { prepared } = this.#lookout
    const { distances, others, threshold } = candidatesOf(candidates, position)
    const everything = threshold === Number.POSITIVE_INFINITY
    const count = Math.min(ranking.width, others.length)
    if (count === 0) return everything ? null : Number.POSITIVE_INFINITY
    selectSmallest(distances, others, 0, others.length, count)
    let farthest = Number.NEGATIVE_INFINITY
    for (let at = 0; at < count; at++) farthest = Math.max(farthest, distances[at]!)
    const limit = squareWithin(prepared, position, reachOf(prepared, position, farthest))
    if (!everything && limit >= threshold) return limit

    const row = prepared.rowAt[position]!
    const rows = new Int32Array(others.length)
    const exact = new Float64Array(others.length)
    let within = 0
    for (let at = 0; at < others.length; at++) {
      if (distances[at]! > limit) continue
      rows[within] = prepared.rowAt[others[at]!]!
      exact[within] = this.#distance(row, rows[within]!)
      within++
    }
    sortByDistance(exact, rows, within)
    ranking.rows.set(rows.subarray(0, count), row * ranking.width)
    ranking.distances.set(exact.subarray(0, count), row * ranking.width)
    if (ties !== null) {
      // Everything that may be as near as the last wanted one is among the candidates, or a copy of one.
      const tied = this.#tiedRows(position)
      for (let at = count; at < within && exact[at] === exact[count - 1]; at++) tied.add(rows[at]!)
      this.#keepTies(position, tied, ties)
    }
    return null
  }

  #rankMates(
    start: number,
    end: number,
    candidates: CandidateArrays,
    { mates }: LabelFindings,
  ): void {
    const { prepared, related, copies } = this.#lookout
    const { rowAt, isZero } = prepared
    const isLeftOut = (position: number, mate: number) =>
      !related(position, mate) ||
      (copies !== null && isCopy(copies, copies.beforeInClass, mates.width, position, mate))
    for (let position = start; position < end; position++) {
      if (isZero[position] === 1) continue
      if (this.#takeCandidates(position, [candidates], mates) === null) continue
      const nearest = new Nearest(mates.width)
      const row = rowAt[position]!
      const label = this.#task.labels[row]!
      const end = prepared.classStarts[label + 1]!
      for (let mate = prepared.classStarts[label]!; mate < end; mate++) {
        if (isLeftOut(position, mate)) continue
        nearest.offer(rowAt[mate]!, this.#distance(row, rowAt[mate]!))
      }
      nearest.write(mates.rows, mates.distances, row * mates.width)
    }
  }

  #rankOthers(
    start: number,
    end: number,
    candidates: CandidateArrays,
    { nearestOther }: LabelFindings,
  ): void {
    const { labels } = this.#task
    const { prepared, copies } = this.#lookout
    const { rowAt } = prepared
    const ranking = { width: 1, rows: this.#otherRows, distances: nearestOther }
    this.#rankNearest(
      start,
      end,
      [candidates],
      ranking,
      copies?.beforeInOthers ?? null,
      (position, other) => labels[rowAt[other]!] !== labels[rowAt[position]!],
      null,
    )
  }

  /** Rank of the nearest mate where it is beyond as many as there are mates: counts what is nearer. */
  #lookForMates(start: number, end: number, found: LabelFindings): void {
    const { prepared } = this.#lookout
    const { rowAt, scale } = prepared
    const { labels } = this.#task
    const { mates, firstMateRank, eligibleMates } = found
    const range = found.ties.firstMateRank
    const limits = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
    const sure = new Float64Array(end - start)
    let isOpen = false
    for (let position = start; position < end; position++) {
      const row = rowAt[position]!
      if (eligibleMates[row] === 0 || firstMateRank[row] !== 0) continue
      isOpen = true
      firstMateRank[row] = 1
      range.fill(1, 2 * row, 2 * row + 2)
      const reach = this.#prepared(mates.distances[row * mates.width]!, scale)
      const limit = squareWithin(prepared, position, reach)
      limits[position - start] = Math.fround(limit * (1 + 2 ** -20))
      sure[position - start] = squareBeyond(prepared, position, reach)
    }
    if (!isOpen) return
    look(this.#lookout, start, end, limits, (position, other, squared) => {
      const row = rowAt[position]!
      const candidate = rowAt[other]!
      if (squared >= sure[position - start]!) {
        const mate = mates.rows[row * mates.width]!
        const target = mates.distances[row * mates.width]!
        const distance = this.#distance(row, candidate)
        if (distance > target) return
        if (distance === target) {
          if (labels[candidate] === labels[row]) return
          range[2 * row + 1]!++
          if (candidate < mate) firstMateRank[row]!++
          return
        }
      }
      firstMateRank[row]!++
      range[2 * row]!++
      range[2 * row + 1]!++
    })
  }

  /** A distance of the data in the units of the prepared rows. */
  #prepared(distance: number, scale: number): number {
    return (this.#lookout.isCosine ? Math.sqrt(2 * distance) : distance) * scale
  }

  /** Distance of each row's nearest one whose label isn't the nearest neighbour's. */
  #rankUnpredicted(start: number, end: number, found: LabelFindings): void {
    const { labels, neighbors } = this.#task
    const { prepared } = this.#lookout
    const { rowAt, scale, isZero } = prepared
    const limits = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
    const open = new Map<number, Nearest>()
    const predicted = (row: number) => labels[neighbors.rows[row * neighbors.width]!]
    for (let position = start; position < end; position++) {
      if (isZero[position] === 1) continue
      const row = rowAt[position]!
      found.nearestUnpredicted[row] = Number.POSITIVE_INFINITY
      if (neighbors.rows[row * neighbors.width]! < 0) continue
      if (predicted(row) === labels[row]) {
        found.nearestUnpredicted[row] = found.nearestOther[row]!
        continue
      }
      const from = row * neighbors.width
      const ranked = neighbors.rows.subarray(from, from + neighbors.width)
      const rank = ranked.findIndex((other) => other >= 0 && labels[other] !== predicted(row))
      if (rank >= 0) found.nearestUnpredicted[row] = neighbors.distances[from + rank]!
      else if (ranked.at(-1)! >= 0) {
        open.set(position, new Nearest(1))
        limits[position - start] = Number.POSITIVE_INFINITY
      }
    }
    if (open.size === 0) return
    look(this.#lookout, start, end, limits, (position, other) => {
      const row = rowAt[position]!
      const candidate = rowAt[other]!
      if (labels[candidate] === predicted(row)) return
      const nearest = open.get(position)!
      nearest.offer(candidate, this.#distance(row, candidate))
      if (nearest.last === Number.POSITIVE_INFINITY) return
      const limit = squareWithin(prepared, position, this.#prepared(nearest.last, scale))
      limits[position - start] = Math.fround(limit * (1 + 2 ** -20))
    })
    for (const [position, nearest] of open) {
      nearest.write(null, found.nearestUnpredicted, rowAt[position]!)
    }
  }
}
