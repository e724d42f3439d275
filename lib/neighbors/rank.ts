/** Candidates put into their final order, in double precision, with the proof that none is missing. */

import { type CandidateArrays, Candidates, candidateArrays, gather } from './candidates.ts'
import type { RowDistance } from './distance.ts'
import { reachOf, squareBeyond, squareWithin } from './error-bound.ts'
import { type LabelRanks, labelRanks } from './label-ranks.ts'
import { type Lookout, look, sampleSquares } from './look.ts'
import { Nearest } from './nearest.ts'
import { selectSmallest, sortByDistance } from './order.ts'
import { PANEL_ROWS } from './quantize.ts'
import { LOOK_ROWS } from './scratch.ts'

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
}

/** On shared memory, or small. */
export interface RankTask {
  readonly candidates: readonly CandidateArrays[]
  readonly mates: readonly CandidateArrays[]
  readonly others: readonly CandidateArrays[]
  /** Class of each row. */
  readonly labels: Int32Array
  readonly neighbors: Ranking
  /** Null: neighbours alone are wanted. */
  readonly byLabel: LabelFindings | null
}

/** Panels that tell about how far the wanted neighbours reach. */
const SAMPLE_PANELS = 120
/** Of the ranking's memory while a look goes far down the list. */
const LOOK_BYTES = 2 ** 25

/** Ranks positions one part at a time. */
export class Ranker {
  readonly #task: RankTask
  readonly #lookout: Lookout
  readonly #distance: RowDistance
  /** Which row is the nearest of another class: only its distance is asked for. */
  readonly #otherRows: Int32Array

  constructor(task: RankTask, lookout: Lookout, distance: RowDistance) {
    this.#task = task
    this.#lookout = lookout
    this.#distance = distance
    this.#otherRows = new Int32Array(task.byLabel === null ? 0 : task.labels.length)
  }

  /** @param start a multiple of `LOOK_ROWS` */
  rank(start: number, end: number): void {
    const { neighbors, byLabel, candidates } = this.#task
    this.#rankNearest(start, end, candidates, neighbors, () => true)
    if (byLabel === null) return
    this.#rankMates(start, end, byLabel)
    this.#rankOthers(start, end, byLabel)
    this.#rankLabels(start, end, byLabel)
    this.#rankUnpredicted(start, end, byLabel)
  }

  #rankNearest(
    start: number,
    end: number,
    candidates: readonly CandidateArrays[],
    ranking: Ranking,
    accepts: (position: number, other: number) => boolean,
  ): void {
    const { prepared } = this.#lookout
    const { rowAt } = prepared
    const limits = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
    let isOpen = false
    for (let position = start; position < end; position++) {
      const limit = this.#takeCandidates(position, candidates, ranking)
      if (limit === null) continue
      limits[position - start] = Math.fround(limit * (1 + 2 ** -20))
      isOpen = true
    }
    if (!isOpen) return
    const found = new Map<number, Nearest>()
    look(this.#lookout, start, end, limits, (position, other) => {
      if (!accepts(position, other)) return
      let nearest = found.get(position)
      if (nearest === undefined) {
        nearest = new Nearest(ranking.width)
        found.set(position, nearest)
      }
      nearest.offer(rowAt[other]!, this.#distance(rowAt[position]!, rowAt[other]!))
    })
    for (const [position, nearest] of found) {
      nearest.write(ranking.rows, ranking.distances, rowAt[position]! * ranking.width)
    }
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
  ): number | null {
    const { prepared } = this.#lookout
    const { distances, others, threshold } = gather(candidates, position)
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
    return null
  }

  #rankMates(start: number, end: number, { mates }: LabelFindings): void {
    const { prepared, related } = this.#lookout
    const { rowAt } = prepared
    for (let position = start; position < end; position++) {
      if (this.#takeCandidates(position, this.#task.mates, mates) === null) continue
      const nearest = new Nearest(mates.width)
      const row = rowAt[position]!
      const label = this.#task.labels[row]!
      const end = prepared.classStarts[label + 1]!
      for (let mate = prepared.classStarts[label]!; mate < end; mate++) {
        if (related(position, mate)) nearest.offer(rowAt[mate]!, this.#distance(row, rowAt[mate]!))
      }
      nearest.write(mates.rows, mates.distances, row * mates.width)
    }
  }

  #rankOthers(start: number, end: number, { nearestOther }: LabelFindings): void {
    const { labels, others } = this.#task
    const { rowAt } = this.#lookout.prepared
    const ranking = { width: 1, rows: this.#otherRows, distances: nearestOther }
    this.#rankNearest(
      start,
      end,
      others,
      ranking,
      (position, other) => labels[rowAt[other]!] !== labels[rowAt[position]!],
    )
  }

  /** Ranks of the mates, as far down as there are mates, and of the nearest one at any depth. */
  #rankLabels(start: number, end: number, found: LabelFindings): void {
    const { candidates } = this.#task
    const { prepared } = this.#lookout
    const { rowAt } = prepared
    const open: number[] = []
    for (let position = start; position < end; position++) {
      const row = rowAt[position]!
      const depth = found.eligibleMates[row]!
      if (depth === 0) {
        found.averagePrecisionAtR[row] = Number.NaN
        continue
      }
      const others = this.#provenNearest(position, candidates, depth)
      if (others === null) open.push(position)
      else this.#keepRanks(position, this.#labelRanks(position, others, depth), found)
    }
    this.#lookFarther(open, found)
    this.#lookForMates(start, end, found)
  }

  /** Candidates that hold the `depth` nearest of all, or null where that can't be proven. */
  #provenNearest(
    position: number,
    candidates: readonly CandidateArrays[],
    depth: number,
  ): Int32Array | null {
    const { prepared } = this.#lookout
    const { distances, others, threshold } = gather(candidates, position)
    if (threshold === Number.POSITIVE_INFINITY) return others
    if (others.length < depth) return null
    selectSmallest(distances, others, 0, others.length, depth)
    let farthest = Number.NEGATIVE_INFINITY
    for (let at = 0; at < depth; at++) farthest = Math.max(farthest, distances[at]!)
    const limit = squareWithin(prepared, position, reachOf(prepared, position, farthest))
    if (limit >= threshold) return null
    let within = 0
    for (let at = 0; at < others.length; at++) {
      if (distances[at]! <= limit) others[within++] = others[at]!
    }
    return others.subarray(0, within)
  }

  #labelRanks(position: number, others: Int32Array, depth: number): LabelRanks {
    const { labels } = this.#task
    const { rowAt } = this.#lookout.prepared
    const row = rowAt[position]!
    return labelRanks(
      this.#lookout,
      position,
      others,
      depth,
      (other) => labels[rowAt[other]!] === labels[row],
      (other) => this.#distance(row, rowAt[other]!),
    )
  }

  #keepRanks(position: number, ranks: LabelRanks, found: LabelFindings): void {
    const row = this.#lookout.prepared.rowAt[position]!
    found.matesWithinR[row] = ranks.mates
    found.averagePrecisionAtR[row] = ranks.averagePrecision
    found.firstMateRank[row] = ranks.firstMate
  }

  /** Positions, ascending, whose candidates didn't reach as far as they have mates. */
  #lookFarther(positions: readonly number[], found: LabelFindings): void {
    const { prepared, related } = this.#lookout
    const { rowAt, rows } = prepared
    for (let from = 0; from < positions.length; ) {
      const start = Math.floor(positions[from]! / 4) * 4
      const depths: number[] = []
      let to = from
      // As many at a time as the memory for their candidates allows.
      for (; to < positions.length && positions[to]! < start + LOOK_ROWS; to++) {
        const depth = found.eligibleMates[rowAt[positions[to]!]!]!
        const most = Math.max(depth, ...depths)
        const span = positions[to]! + 1 - start
        if (to > from && span * 2 * keepFor(most) * 8 > LOOK_BYTES) break
        depths.push(depth)
      }
      const end = positions[to - 1]! + 1
      const arrays = candidateArrays(start, end, keepFor(Math.max(...depths)))
      const candidates = new Candidates(arrays)
      const thresholds = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
      this.#guessThresholds(positions.slice(from, to), depths, start, end, thresholds)
      arrays.thresholds.set(thresholds.subarray(0, end - start))
      look(this.#lookout, start, end, thresholds, (position, other, squared) => {
        candidates.offer(position, other, squared)
        thresholds[position - start] = candidates.threshold(position)
      })
      for (let at = from; at < to; at++) {
        const position = positions[at]!
        const depth = depths[at - from]!
        const others =
          this.#provenNearest(position, [arrays], depth) ??
          Int32Array.from({ length: rows }, (_, other) => other).filter((other) =>
            related(position, other),
          )
        this.#keepRanks(position, this.#labelRanks(position, others, depth), found)
      }
      from = to
    }
  }

  /**
   * Thresholds that most likely let in all of the `depths` nearest and not many more, from a sample of
   * the others: whether they did is proven afterwards.
   */
  #guessThresholds(
    positions: readonly number[],
    depths: readonly number[],
    start: number,
    end: number,
    thresholds: Float32Array,
  ): void {
    const { rows } = this.#lookout.prepared
    const step = Math.max(1, Math.floor(rows / (PANEL_ROWS * SAMPLE_PANELS)))
    const { count, squares } =
      step === 1 ? { count: 0, squares: null } : sampleSquares(this.#lookout, start, end, step)
    for (const [at, position] of positions.entries()) {
      const expected = depths[at]! / step
      // Four standard deviations of a count, twice over where panels hold rows that are alike.
      const rank = Math.ceil(expected + 8 * Math.sqrt(expected) + 8)
      const to = position - start
      if (squares === null || rank >= count / 2) {
        thresholds[to] = Number.POSITIVE_INFINITY
        continue
      }
      const sorted = squares.subarray(to * count, (to + 1) * count).sort()
      thresholds[to] = sorted[rank - 1]!
    }
  }

  /** Rank of the nearest mate where it is beyond as many as there are mates: counts what is nearer. */
  #lookForMates(start: number, end: number, found: LabelFindings): void {
    const { prepared } = this.#lookout
    const { rowAt, scale } = prepared
    const { mates, firstMateRank, eligibleMates } = found
    const limits = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
    const sure = new Float64Array(end - start)
    let isOpen = false
    for (let position = start; position < end; position++) {
      const row = rowAt[position]!
      if (eligibleMates[row] === 0 || firstMateRank[row] !== 0) continue
      isOpen = true
      firstMateRank[row] = 1
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
        if (distance > target || (distance === target && candidate >= mate)) return
      }
      firstMateRank[row]!++
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
    const { rowAt, scale } = prepared
    const limits = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
    const open = new Map<number, Nearest>()
    const predicted = (row: number) => labels[neighbors.rows[row * neighbors.width]!]
    for (let position = start; position < end; position++) {
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

/** Candidates that a position keeps for so many: beyond them, for those at nearly the last distance. */
export function keepFor(depth: number): number {
  return depth + Math.max(6, depth >> 3)
}
