/**
 * A part of the self-join that stands for itself: the rows at some positions, in the order of their
 * classes, against all rows, which are read block by block. What it finds of its rows is final, so
 * strips are merged by putting them one after the other and adding their counts.
 */

import { throwIfCancelled } from '../core/errors.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'
import type { Backend, Tile } from '../tensor/backend.ts'
import { binEdges, distanceBins } from './bins.ts'
import { firstEqualRows } from './distance.ts'
import { prepare } from './prepare.ts'
import { CANDIDATE_BYTES, MATES, rankingDepth, type SelfJoinInput } from './self-join.ts'
import { type Block, blockOf, type StripRange } from './strip-block.ts'
import { StripScan } from './strip-scan.ts'

export type { StripRange }

/** Everything that strips share, so that each computes the same bits as one join of all rows. */
export interface StripPlan {
  readonly rows: number
  readonly dimensions: number
  readonly metric: Metric
  readonly k: number
  readonly depth: number
  readonly mates: number
  /** Position at which each class starts, and at last the number of rows. */
  readonly classStarts: Int32Array
  /** Row of the data set at each position. */
  readonly rowAt: Int32Array
  readonly centre: Float64Array
  readonly scale: number
  readonly largestNorm: number
  /** For each row the first row with the same bytes. */
  readonly firstEqual: Int32Array
}

/** What a strip found: entries of its positions in their order. */
export interface Strip extends StripRange {
  readonly backend: Neighborhood['backend']
  readonly ranking: Int32Array
  readonly rankingDistances: Float64Array
  readonly mateDistances: Float64Array
  readonly firstMateRank: Int32Array
  readonly nearestOther: Float64Array
  readonly nearestUnpredicted: Float64Array
  /** Positions × classes, in the units of the products. */
  readonly classSums: Float64Array
  readonly sameHistogram: Float64Array
  readonly otherHistogram: Float64Array
}

/** Reads original vectors of the positions from `start` up to `end`, row-major. */
export type ReadPositions = (start: number, end: number) => Promise<Float32Array>

export interface StripOptions {
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
}

const GALLERY_ROWS = 4096
const TILE_ROWS = 512

export function planStrips(input: SelfJoinInput, metric: Metric, wanted: number): StripPlan {
  const { vectors, rows, dimensions, labels, classes } = input
  const prepared = prepare(vectors, rows, dimensions, metric, labels, classes)
  const sizes = new Int32Array(classes)
  for (const label of labels) sizes[label]!++
  const k = Math.min(wanted, rows - 1)
  return {
    rows,
    dimensions,
    metric,
    k,
    depth: rankingDepth(rows, sizes, k, CANDIDATE_BYTES),
    mates: Math.max(1, Math.min(MATES, Math.max(...sizes) - 1)),
    classStarts: prepared.classStarts,
    rowAt: prepared.rowAt,
    centre: prepared.centre,
    scale: prepared.scale,
    largestNorm: prepared.largestNorm,
    firstEqual: firstEqualRows(vectors, rows, dimensions),
  }
}

/** Ranks the positions of a range among all rows. Throws `CancelledError` between two tiles. */
export async function joinStrip(
  plan: StripPlan,
  range: StripRange,
  read: ReadPositions,
  options: StripOptions,
): Promise<Strip> {
  const { backend, progress } = options
  const left = blockOf(plan, range, await read(range.start, range.end))
  const scan = new StripScan(plan, left)
  const pass = (
    share: readonly [number, number],
    visit: (products: Float32Array, tile: Tile) => void,
  ) =>
    eachBlock(plan, left, read, options, {
      block: (block) => scan.meet(block),
      tile: visit,
      progress: (fraction) => progress(share[0] + (share[1] - share[0]) * fraction),
    })
  await pass([0, 0.9], (products, tile) => scan.add(products, tile))
  const found = scan.settle()
  if (scan.isOpen) await pass([0.9, 1], (products, tile) => scan.count(products, tile, found))
  progress(1)
  const { name, version, threads } = backend
  return { ...found, backend: { name, version, threads } }
}

interface Visitor {
  block(block: Block): void
  tile(products: Float32Array, tile: Tile): void
  progress(fraction: number): void
}

/**
 * All rows in blocks, from the strip's own on and then from the first one: rows meet their own class
 * early, and soon know that others are too far.
 */
async function eachBlock(
  plan: StripPlan,
  left: Block,
  read: ReadPositions,
  { backend, signal }: StripOptions,
  visitor: Visitor,
): Promise<void> {
  const count = Math.ceil(plan.rows / GALLERY_ROWS)
  const first = Math.floor(left.start / GALLERY_ROWS)
  for (let done = 0; done < count; done++) {
    const start = ((first + done) % count) * GALLERY_ROWS
    const end = Math.min(plan.rows, start + GALLERY_ROWS)
    const block = blockOf(plan, { start, end }, await read(start, end))
    visitor.block(block)
    const tiles: Tile[] = []
    for (let leftStart = 0; leftStart < left.matrix.rows; leftStart += TILE_ROWS) {
      const leftEnd = Math.min(left.matrix.rows, leftStart + TILE_ROWS)
      tiles.push({ leftStart, leftEnd, rightStart: 0, rightEnd: end - start })
    }
    let next = 0
    for await (const products of backend.products(left.matrix, block.matrix, tiles)) {
      visitor.tile(products, tiles[next++]!)
      // Lets the signal's timer through.
      await new Promise(setImmediate)
      throwIfCancelled(signal)
    }
    visitor.progress((done + 1) / count)
  }
}

/** Puts strips that together hold every position once into one neighbourhood. */
export function mergeStrips(plan: StripPlan, strips: readonly Strip[]): Neighborhood {
  const { rows, metric, k, depth, mates, rowAt, classStarts } = plan
  const classes = classStarts.length - 1
  const inOrder = [...strips].sort((a, b) => a.start - b.start)
  const bins = inOrder[0]!.sameHistogram.length
  const unscale = 1 / plan.scale
  const merged = {
    neighbors: new Int32Array(rows * k),
    distances: new Float64Array(rows * k),
    ranking: new Int32Array(rows * depth),
    mateDistances: new Float64Array(rows * mates),
    firstMateRank: new Int32Array(rows),
    nearestOther: new Float64Array(rows),
    nearestUnpredicted: new Float64Array(rows),
    classDistanceSums: new Float64Array(rows * classes),
  }
  const same = new Float64Array(bins)
  const other = new Float64Array(bins)
  for (const strip of inOrder) {
    for (let at = 0; at < strip.end - strip.start; at++) {
      const row = rowAt[strip.start + at]!
      const ranked = (width: number) => [at * depth, at * depth + width] as const
      merged.neighbors.set(strip.ranking.subarray(...ranked(k)), row * k)
      merged.distances.set(strip.rankingDistances.subarray(...ranked(k)), row * k)
      merged.ranking.set(strip.ranking.subarray(...ranked(depth)), row * depth)
      merged.mateDistances.set(
        strip.mateDistances.subarray(at * mates, (at + 1) * mates),
        row * mates,
      )
      merged.firstMateRank[row] = strip.firstMateRank[at]!
      merged.nearestOther[row] = strip.nearestOther[at]!
      merged.nearestUnpredicted[row] = strip.nearestUnpredicted[at]!
      for (let c = 0; c < classes; c++) {
        merged.classDistanceSums[row * classes + c] = strip.classSums[at * classes + c]! * unscale
      }
    }
    for (let bin = 0; bin < bins; bin++) {
      same[bin]! += strip.sameHistogram[bin]!
      other[bin]! += strip.otherHistogram[bin]!
    }
  }
  const longest = (metric === 'cosine' ? 2 : 2 * plan.largestNorm) * 1.001 || 1
  return {
    metric,
    backend: inOrder[0]!.backend,
    k,
    depth,
    mates,
    ...merged,
    firstEqual: plan.firstEqual,
    pairHistogram: {
      edges: binEdges(distanceBins(longest)).map((edge) => edge * unscale),
      same,
      other,
    },
  }
}
