/** All pairs, or those of a range of positions, with everything that classes are asked for. */

import { firstEqualRows } from '../core/equal-rows.ts'
import type { Metric } from '../core/manifest.ts'
import { sharedFloat64, sharedInt32 } from '../core/shared-memory.ts'
import { type Bins, distanceBins } from './distance/bins.ts'
import { rowDistance } from './distance/distance.ts'
import { meanErrors, type PairError, pairError } from './distance/pair-error.ts'
import { scratchBytes } from './kernel/scratch.ts'
import { copiesOf } from './plan/copies.ts'
import { type Frame, frameOf } from './plan/frame.ts'
import { orderRows, type Relations, type RowOrder } from './plan/row-order.ts'
import { type Range, tilingOf } from './plan/tiles.ts'
import { classJoinEnds } from './plan/time-shares.ts'
import { leaveOut, prepareInOrder } from './prepare/prepare.ts'
import { type ExactPairs, exactPairs, measuresAll, sumPairs } from './rank/exact-pairs.ts'
import type { LabelFindings, Ranking, RankTask } from './rank/rank.ts'
import { candidateArrays } from './scan/candidates.ts'
import { type ClassSums, classSums } from './scan/class-sums.ts'
import { MOSTLY_ENOUGH, roomFor, sampledRows } from './scan/guess.ts'
import { LIST_ENTRY_BYTES, listArrays } from './scan/lists.ts'
import { addHistograms, type Histograms, locksOf, type ScanSetup } from './scan/scan.ts'
import { JoinPool, threadCount } from './threads/pool.ts'

export interface Vectors {
  /** Row-major; read in place where they lie on shared memory. */
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
}

export interface ClassJoinInput extends Vectors {
  /** Class of each row, from 0. */
  readonly labels: Int32Array
  readonly classes: number
  /** Rows of one group, from 0, are not neighbours of each other; −1: of no group. */
  readonly groups?: Int32Array
  /** 1: a query, 0: of the gallery, where neighbours then come from; the gallery gets none itself. */
  readonly queries?: Uint8Array
}

/** What all parts of a join must agree on, so that each computes the same bits as one join of all. */
export interface ClassJoinPlan extends RowOrder, Frame, Relations {
  readonly rows: number
  readonly dimensions: number
  readonly metric: Metric
  readonly k: number
  /** Nearest rows of the own class that are ranked. */
  readonly mates: number
  /** For each row, how many of its class can be its neighbours. */
  readonly eligibleMates: Int32Array
  /** For each row, the first that is equal to it. */
  readonly firstEqual: Int32Array
  /** By which pairs are counted. */
  readonly bins: Bins
}

export interface ClassJoinOptions {
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
  /** Positions on a tile's side at most, a power of two; changes the speed, never the result. */
  readonly tileRows?: number
  /** Threads that scan and rank, likewise; as many as the machine has, unless given. */
  readonly threads?: number
  /**
   * Bytes that lists may take so that ranks far down need no second look: changes the speed, never the
   * result.
   */
  readonly listBytes?: number
}

/** Entries of the range's rows are filled in, in the order of the data set; see `Neighborhood`. */
export interface ClassJoined {
  readonly neighbors: Ranking
  readonly byLabel: LabelFindings
  /** In the order of the data set, or of a range's positions; distances are the prepared rows'. */
  readonly sums: ClassSums
  readonly histograms: Histograms
  readonly pairs: ExactPairs
  /** How far the counted distances may be off. */
  readonly pairError: PairError
  /** And the means of each position's distances, in units of the data; by place as the sums. */
  readonly meanErrors: Float64Array
}

const LIST_BYTES = 512 * 2 ** 20
const MATES = 10
/** Rows whose distances to each other tell what is usual. */
const USUAL_ROWS = 64
const SIDE = 256

export function planClassJoin(input: ClassJoinInput, metric: Metric, k: number): ClassJoinPlan {
  const { vectors, rows, dimensions, labels, classes, groups, queries } = input
  const order = orderRows(labels, classes)
  const eligible = eligibleMates(input)
  const gallery = queries === undefined ? rows - 1 : queries.filter((query) => query === 0).length
  const placed = <T extends Int32Array | Uint8Array>(values: T | undefined): T | null => {
    if (values === undefined) return null
    const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T
    const inOrder = new Kind(new SharedArrayBuffer(values.byteLength))
    for (const [position, row] of order.rowAt.entries()) inOrder[position] = values[row]!
    return inOrder
  }
  const frame = frameOf({ vectors, rows, dimensions, metric })
  return {
    ...order,
    ...frame,
    bins: distanceBins(usualDistance(input, metric) / unscaled({ ...frame, metric }), metric),
    groups: placed(groups),
    queries: placed(queries),
    rows,
    dimensions,
    metric,
    k: Math.min(k, Math.max(1, gallery)),
    // Where no row has a mate one is looked for, and none is found.
    mates: Math.max(1, Math.min(MATES, largest(eligible))),
    eligibleMates: eligible,
    firstEqual: firstEqualRows(vectors, rows, dimensions),
  }
}

/**
 * @param vectors in the order of the data set
 * @param range positions whose neighbours are looked for, its start a multiple of 8; null: all
 */
export async function joinByClass(
  vectors: Float32Array,
  plan: ClassJoinPlan,
  range: Range | null,
  options: ClassJoinOptions,
): Promise<ClassJoined> {
  const { rows, dimensions, metric, k, mates, rowAt, classStarts, eligibleMates: eligible } = plan
  const classes = classStarts.length - 1
  const tiling = tilingOf(rows, dimensions, options.tileRows ?? SIDE, range)
  const { start, end } = tiling.range
  const products = (end - start) * rows * dimensions
  const pool = new JoinPool(threadCount(options.threads, tiling.count, products), options.signal)
  try {
    const source = { vectors: shareable(vectors), rows, dimensions, metric }
    const labels = sharedInt32(rows)
    let largestClass = 0
    for (let c = 0; c < classes; c++) {
      largestClass = Math.max(largestClass, classStarts[c + 1]! - classStarts[c]!)
      for (let at = classStarts[c]!; at < classStarts[c + 1]!; at++) labels[rowAt[at]!] = c
    }
    const placeAt = range === null ? rowAt : places(rows, range)
    const sums = classSums(placeAt, end - start, classes, largestClass)
    const scratch = scratchBytes(tiling.side, plan.bins.count)
    const prepared = await prepareInOrder(source, plan, plan, pool, scratch)
    const { queries, groups } = plan
    // The gallery's rows look for nothing, and what has no direction is ranked without a look.
    const looks = (position: number) => queries?.[position] !== 0 && prepared.isZero[position] === 0
    for (let position = 0; position < rows; position++) {
      if (!looks(position)) leaveOut(prepared, position)
    }
    const depths = new Int32Array(end - start)
    for (let at = start; at < end; at++) depths[at - start] = looks(at) ? eligible[rowAt[at]!]! : 0
    const rooms = affordableRooms(rows, depths, options.listBytes ?? LIST_BYTES)
    const ends = classJoinEnds({
      rows,
      dimensions,
      positions: end - start,
      pairs: (end - start) * (range === null ? rows / 2 : rows),
      sampled: rooms.filter((room) => room > 0).length * sampledRows(rows),
      depth: depths.reduce((sum, depth) => sum + depth, 0),
      looked: rooms.filter((room, at) => room === 0 && depths[at]! > 0).length,
    })
    const copies = copiesOf(plan.firstEqual, prepared, plan)
    const caps = copies && depths.map((depth, at) => depth + copies.hidden[start + at]!)
    const byClass = { lists: listArrays(start, rooms, caps), bins: plan.bins, sums }
    const mateDepth = Math.min(Math.max(k, mates), largest(eligible))
    const found = [
      candidateArrays(start, end, mateDepth, copies !== null),
      candidateArrays(start, end, k, copies !== null),
    ] as const
    const setup: ScanSetup = {
      prepared,
      tiling,
      relations: { groups, queries },
      cosine: metric === 'cosine',
      found,
      copies,
      byClass,
      locks: locksOf(tiling),
    }
    await pool.guess(setup, eligible)
    options.progress(ends.prepared)
    const histograms = await pool.scan(setup, (done) =>
      options.progress(ends.prepared + (ends.scanned - ends.prepared) * done),
    )
    if (range !== null) {
      // A range meets its own rows as others; a zero vector is at distance 1 from itself as well.
      for (let at = start; at < end; at++) {
        if (prepared.isZero[at] === 0) continue
        sums.values[(at - start) * classes + labels[rowAt[at]!]!]! -= 1
      }
    }
    const neighbors = emptyRanking(rows, k)
    const byLabel: LabelFindings = {
      mates: emptyRanking(rows, mates),
      eligibleMates: eligible,
      matesWithinR: sharedInt32(rows),
      averagePrecisionAtR: sharedFloat64(rows).fill(Number.NaN),
      firstMateRank: sharedInt32(rows),
      nearestOther: sharedFloat64(rows).fill(Number.POSITIVE_INFINITY),
      nearestUnpredicted: sharedFloat64(rows).fill(Number.POSITIVE_INFINITY),
      ties: {
        firstMateRank: sharedInt32(2 * rows),
        matesWithinR: sharedInt32(2 * rows),
        averagePrecisionAtR: sharedFloat64(2 * rows).fill(Number.NaN),
        matches: sharedInt32(2 * rows),
        vote: sharedInt32(2 * rows),
      },
    }
    const unscale = unscaled(plan)
    const all = measuresAll(rows, dimensions)
    const pairs = exactPairs(rows, tiling.range, all, 1 / unscale)
    const task: RankTask = { found, labels, firstEqual: plan.firstEqual, neighbors, byLabel, pairs }
    addHistograms(
      histograms,
      await pool.rank(setup, task, source, (done) =>
        options.progress(ends.scanned + (1 - ends.scanned) * done),
      ),
    )
    sumPairs(pairs, plan, sums)
    const error = pairError(prepared)
    const nearestOf = (position: number) =>
      queries === null && groups === null ? neighbors.distances[rowAt[position]! * k]! / unscale : 0
    const byPosition = all
      ? new Float64Array(rows)
      : meanErrors(prepared, error, nearestOf, setup.cosine, unscale)
    const errors = new Float64Array(end - start)
    for (let position = start; position < end; position++) {
      errors[placeAt[position]!] = byPosition[position]!
    }
    return {
      neighbors,
      byLabel,
      sums,
      histograms,
      pairs,
      pairError: error,
      meanErrors: errors,
    }
  } finally {
    await pool.close()
  }
}

/**
 * Room for all others as far as each row's ranks go, those that need the least first, until the memory
 * is used up; 0 for the rest, which are looked at once more.
 */
function affordableRooms(rows: number, depths: Int32Array, bytes: number): Int32Array {
  const rooms = depths.map((depth) => roomFor(rows, depth, MOSTLY_ENOUGH))
  const sorted = rooms.slice().sort()
  let left = bytes / LIST_ENTRY_BYTES
  let most = 0
  for (let from = 0; from < sorted.length; ) {
    let to = from
    while (to < sorted.length && sorted[to] === sorted[from]) to++
    left -= (to - from) * sorted[from]!
    if (left < 0) break
    most = sorted[from]!
    from = to
  }
  return rooms.map((room) => (room <= most ? room : 0))
}

/** Of the middle one of some pairs that aren't at distance 0, in double precision; 0 where all are. */
function usualDistance({ vectors, rows, dimensions }: Vectors, metric: Metric): number {
  const distance = rowDistance(vectors, rows, dimensions, metric)
  const count = Math.min(rows, USUAL_ROWS)
  const sample = Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count))
  const distances: number[] = []
  for (const [at, row] of sample.entries()) {
    for (const other of sample.slice(0, at)) distances.push(distance(row, other))
  }
  const sorted = Float64Array.from(distances)
    .filter((one) => one > 0)
    .sort()
  return sorted[sorted.length >> 1] ?? 0
}

/** What a distance of prepared rows is multiplied by to be one of the data's. */
export function unscaled({ metric, scale }: Pick<ClassJoinPlan, 'metric' | 'scale'>): number {
  // A cosine distance is half of a square.
  return 1 / (metric === 'cosine' ? scale ** 2 : scale)
}

function places(rows: number, { start, end }: Range): Int32Array {
  const placeAt = sharedInt32(rows).fill(-1)
  for (let position = start; position < end; position++) placeAt[position] = position - start
  return placeAt
}

/** For each query how many rows of its class can be its neighbours; 0 for the gallery's rows. */
function eligibleMates({ rows, labels, classes, groups, queries }: ClassJoinInput): Int32Array {
  const counts = sharedInt32(rows)
  const inGallery = (row: number) => queries === undefined || queries[row] === 0
  const ofClass = new Int32Array(classes)
  const ofGroup = new Map<string, number>()
  const name = (row: number) => `${labels[row]} ${groups?.[row]}`
  for (let row = 0; row < rows; row++) {
    if (!inGallery(row)) continue
    ofClass[labels[row]!]!++
    if (groups !== undefined && groups[row]! >= 0) {
      ofGroup.set(name(row), (ofGroup.get(name(row)) ?? 0) + 1)
    }
  }
  for (let row = 0; row < rows; row++) {
    if (queries !== undefined && queries[row] === 0) continue
    const grouped = groups !== undefined && groups[row]! >= 0
    const excluded = grouped ? (ofGroup.get(name(row)) ?? 0) : inGallery(row) ? 1 : 0
    counts[row] = ofClass[labels[row]!]! - excluded
  }
  return counts
}

function largest(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

export function emptyRanking(rows: number, width: number): Ranking {
  const distances = sharedFloat64(rows * width).fill(Number.POSITIVE_INFINITY)
  return { width, rows: sharedInt32(rows * width).fill(-1), distances }
}

/** The array itself where threads can read it, else a copy that they can. */
export function shareable(array: Float32Array): Float32Array {
  if (array.buffer instanceof SharedArrayBuffer) return array
  const shared = new Float32Array(new SharedArrayBuffer(array.byteLength))
  shared.set(array)
  return shared
}
