/**
 * The exact self-join: every pair of rows is multiplied once, for both of its rows, in tiles of
 * bounded size; float32 products pick candidates, double precision settles distances and order.
 *
 *   prepare ─► products of tiles ─► scan ─► rank ─► rescan of unproven rows ─► Neighborhood
 */

import type { Neighborhood } from '../core/evaluation.ts'
import { binEdges } from './bins.ts'
import { firstMateRanks, nearestUnpredicted } from './by-label.ts'
import { breather, type JoinOptions, join, type Vectors } from './join.ts'
import { prepare } from './prepare.ts'

export interface SelfJoinInput extends Vectors {
  /** Class of each row, from 0. */
  readonly labels: Int32Array
  readonly classes: number
}

export interface SelfJoinOptions extends JoinOptions {
  /** Neighbours of each row that are kept and shown. */
  readonly k: number
  /** Bytes that the candidates of a thread may take: bounds how far the ranking goes. */
  readonly candidateBytes?: number
}

export const CANDIDATE_BYTES = 256 * 2 ** 20
export const MATES = 10

/**
 * Neighbours of every row among all others, ties to the lower row, and what the same pass yields
 * besides. At least two rows. Neighbours, ranks and their distances don't depend on tiles, threads
 * or backend; sums of distances are made of float32 products and differ in their seventh digit.
 */
export async function selfJoin(
  input: SelfJoinInput,
  options: SelfJoinOptions,
): Promise<Neighborhood> {
  const { vectors, rows, dimensions, labels, classes } = input
  const { backend, metric } = options
  const sizes = new Int32Array(classes)
  for (const label of labels) sizes[label]!++
  const k = Math.min(options.k, rows - 1)
  const depth = rankingDepth(rows, sizes, k, options.candidateBytes ?? CANDIDATE_BYTES)
  // Where every row is a class of its own one mate is looked for, and none is found.
  const mates = Math.max(1, Math.min(MATES, Math.max(...sizes) - 1))
  const prepared = prepare(vectors, rows, dimensions, metric, labels, classes)
  const joined = await join(input, { prepared, labels, depth, mates }, options)
  const { exact, ranking, mateRanking, otherRanking, states, classSums } = joined
  const pause = breather(options.signal)
  const cosine = metric === 'cosine'
  const firstMateRank = await firstMateRanks(exact, mateRanking, ranking, cosine, backend, pause)
  const unpredicted = await nearestUnpredicted(exact, labels, ranking, otherRanking, backend, pause)
  options.progress(1)

  const unscale = 1 / prepared.scale
  for (let at = 0; at < classSums.length; at++) classSums[at]! *= unscale
  return {
    metric,
    backend: { name: backend.name, version: backend.version, threads: backend.threads },
    k,
    neighbors: firstColumns(ranking.rows, rows, depth, k),
    distances: firstColumns(ranking.distances, rows, depth, k),
    depth,
    ranking: ranking.rows,
    mates,
    mateDistances: mateRanking.distances,
    firstMateRank,
    nearestOther: otherRanking.distances,
    nearestUnpredicted: unpredicted,
    classDistanceSums: classSums,
    firstEqual: exact.firstEqual,
    pairHistogram: {
      edges: binEdges(joined.bins).map((edge) => edge * unscale),
      same: added(states.map(({ sameHistogram }) => sameHistogram)),
      other: added(states.map(({ otherHistogram }) => otherHistogram)),
    },
  }
}

/** Rows × k, as in `Neighborhood`. */
export interface NearestNeighbors {
  readonly k: number
  readonly neighbors: Int32Array
  readonly distances: Float64Array
}

/**
 * The k nearest of every row among all others, ties to the lower row, and nothing else: what a search
 * library answers. At least two rows.
 *
 * @example
 * const { neighbors } = await nearestNeighbors({ vectors, rows, dimensions }, { backend, metric, k: 10, … })
 */
export async function nearestNeighbors(
  input: Vectors,
  options: JoinOptions & { readonly k: number },
): Promise<NearestNeighbors> {
  const { vectors, rows, dimensions } = input
  const k = Math.min(options.k, rows - 1)
  const labels = new Int32Array(rows)
  const prepared = prepare(vectors, rows, dimensions, options.metric, labels, 1)
  const { ranking } = await join(input, { prepared, labels, depth: k, mates: 0 }, options)
  options.progress(1)
  return { k, neighbors: ranking.rows, distances: ranking.distances }
}

/**
 * Far enough for R-precision of the largest class, and to find a row that is not of a given class;
 * less where the memory for candidates doesn't allow it.
 */
export function rankingDepth(rows: number, sizes: Int32Array, k: number, bytes: number): number {
  const wanted = Math.max(k, Math.max(...sizes) + 1)
  const affordable = Math.max(k, Math.floor(bytes / (rows * 18)))
  return Math.min(rows - 1, wanted, affordable)
}

function added(histograms: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(histograms[0]!.length)
  for (const histogram of histograms) {
    for (let bin = 0; bin < sum.length; bin++) sum[bin]! += histogram[bin]!
  }
  return sum
}

function firstColumns<T extends Int32Array | Float64Array>(
  all: T,
  rows: number,
  from: number,
  to: number,
): T {
  const columns = all.slice(0, rows * to) as T
  for (let row = 0; row < rows; row++) {
    columns.set(all.subarray(row * from, row * from + to), row * to)
  }
  return columns
}
