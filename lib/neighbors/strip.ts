/**
 * A part of the self-join that stands for itself: the rows at some positions, in the order of their
 * classes, against all rows, which are read block by block. What it finds of its rows is final, so
 * strips are merged by putting them one after the other and adding their counts.
 */

import { throwIfCancelled } from '../core/errors.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'
import type { Backend, Matrix, Tile } from '../tensor/backend.ts'
import { binEdges, distanceBins } from './bins.ts'
import { firstEqualRows, type RowDistance, rowDistance } from './distance.ts'
import { type Prepared, prepare, rowLengths } from './prepare.ts'
import { squaredDistanceError } from './rank.ts'
import { CANDIDATE_BYTES, MATES, rankingDepth, type SelfJoinInput } from './self-join.ts'
import { NearestClasses, NearestRows } from './strip-row.ts'

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

/** Positions from `start` up to, not with, `end`. */
export interface StripRange {
  readonly start: number
  readonly end: number
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

/** Some positions made ready for products, as `prepare` does it for all. */
interface Block extends StripRange {
  readonly vectors: Float32Array
  readonly matrix: Matrix
  readonly squaredNorms: Float64Array
}

async function readBlock(
  plan: StripPlan,
  { start, end }: StripRange,
  read: ReadPositions,
): Promise<Block> {
  const { dimensions, metric, centre, scale } = plan
  const rows = end - start
  const vectors = await read(start, end)
  const lengths = metric === 'cosine' ? rowLengths(vectors, rows, dimensions) : null
  const values = new Float32Array(new SharedArrayBuffer(rows * dimensions * 4))
  const squaredNorms = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const length = lengths === null ? 1 : lengths[row]!
    const factor = length === 0 ? 0 : 1 / length
    let sum = 0
    for (let d = 0; d < dimensions; d++) {
      const at = row * dimensions + d
      const value = Math.fround((vectors[at]! * factor - centre[d]!) * scale)
      values[at] = value
      sum += value * value
    }
    squaredNorms[row] = length === 0 ? 1 : sum
  }
  return { start, end, vectors, matrix: { values, rows, dimensions }, squaredNorms }
}

/** Ranks the positions of a range among all rows. */
export async function joinStrip(
  plan: StripPlan,
  range: StripRange,
  read: ReadPositions,
  options: StripOptions,
): Promise<Strip> {
  const { backend, progress } = options
  const strip = new StripJoin(plan, await readBlock(plan, range, read))
  await eachBlock(plan, strip.left, read, options, (fraction) => progress(0.9 * fraction), {
    block: (block) => strip.meet(block),
    tile: (products, tile) => strip.scan(products, tile),
  })
  const found = strip.settle()
  const beyond = found.unranked
  if (beyond.length > 0) {
    const left = strip.left
    await eachBlock(plan, left, read, options, (fraction) => progress(0.9 + 0.1 * fraction), {
      block: (block) => strip.meet(block),
      tile: (products, tile) => strip.count(products, tile, beyond, found.strip.firstMateRank),
    })
  }
  progress(1)
  const { name, version, threads } = backend
  return { ...found.strip, backend: { name, version, threads } }
}

interface Visitor {
  block(block: Block): void
  tile(products: Float32Array, tile: Tile): void
}

async function eachBlock(
  plan: StripPlan,
  left: Block,
  read: ReadPositions,
  { backend, signal }: StripOptions,
  progress: (fraction: number) => void,
  visitor: Visitor,
): Promise<void> {
  const tilesOf = (width: number) => {
    const tiles: Tile[] = []
    for (let leftStart = 0; leftStart < left.matrix.rows; leftStart += TILE_ROWS) {
      const leftEnd = Math.min(left.matrix.rows, leftStart + TILE_ROWS)
      tiles.push({ leftStart, leftEnd, rightStart: 0, rightEnd: width })
    }
    return tiles
  }
  for (let start = 0; start < plan.rows; start += GALLERY_ROWS) {
    const end = Math.min(plan.rows, start + GALLERY_ROWS)
    const block = await readBlock(plan, { start, end }, read)
    visitor.block(block)
    const tiles = tilesOf(end - start)
    let next = 0
    for await (const products of backend.products(left.matrix, block.matrix, tiles)) {
      visitor.tile(products, tiles[next++]!)
      throwIfCancelled(signal)
    }
    progress(end / plan.rows)
    // Lets the timer of the signal through.
    await new Promise(setImmediate)
    throwIfCancelled(signal)
  }
}

interface RowState {
  readonly nearest: NearestRows
  readonly mates: NearestRows
  readonly others: NearestRows
  readonly classes: NearestClasses
}

class StripJoin {
  readonly left: Block
  readonly #plan: StripPlan
  readonly #prepared: Prepared
  readonly #rows: RowState[]
  readonly #classAt: Int32Array
  readonly #sums: Float64Array
  readonly #same: Float64Array
  readonly #other: Float64Array
  readonly #firstBin: number
  readonly #bits = new Int32Array(1)
  readonly #float = new Float32Array(this.#bits.buffer)
  #right: Block
  #distance: RowDistance

  constructor(plan: StripPlan, left: Block) {
    this.left = left
    this.#right = left
    this.#plan = plan
    this.#prepared = { ...plan, ...left }
    this.#distance = () => 0
    this.#rows = Array.from({ length: left.matrix.rows }, () => ({
      nearest: new NearestRows(plan.depth),
      mates: new NearestRows(plan.mates),
      others: new NearestRows(1),
      classes: new NearestClasses(),
    }))
    const classes = plan.classStarts.length - 1
    this.#classAt = new Int32Array(plan.rows)
    for (let c = 0; c < classes; c++) {
      this.#classAt.fill(c, plan.classStarts[c], plan.classStarts[c + 1])
    }
    this.#sums = new Float64Array(left.matrix.rows * classes)
    const longest = (plan.metric === 'cosine' ? 2 : 2 * plan.largestNorm) * 1.001 || 1
    const bins = distanceBins(longest)
    this.#firstBin = bins.first
    this.#same = new Float64Array(bins.count)
    this.#other = new Float64Array(bins.count)
  }

  meet(block: Block): void {
    const { dimensions, metric } = this.#plan
    this.#right = block
    const joined = new Float32Array(this.left.vectors.length + block.vectors.length)
    joined.set(this.left.vectors)
    joined.set(block.vectors, this.left.vectors.length)
    const distance = rowDistance(joined, joined.length / dimensions, dimensions, metric)
    this.#distance = (a, b) => distance(a, this.left.matrix.rows + b)
  }

  /** Every pair of a tile: of a position of the strip, and of the block. */
  scan(products: Float32Array, { leftStart, leftEnd, rightEnd }: Tile): void {
    const { classStarts } = this.#plan
    const right = this.#right
    for (let i = leftStart; i < leftEnd; i++) {
      const from = (i - leftStart) * rightEnd
      for (let j = 0; j < rightEnd; ) {
        const label = this.#classAt[right.start + j]!
        const end = Math.min(rightEnd, classStarts[label + 1]! - right.start)
        this.#segment(products, from, i, j, end, label)
        j = end
      }
    }
  }

  #segment(
    products: Float32Array,
    from: number,
    i: number,
    start: number,
    end: number,
    label: number,
  ): void {
    const { squaredNorms, start: rightStart } = this.#right
    const position = this.left.start + i
    const norm = Math.fround(this.left.squaredNorms[i]!)
    const isCosine = this.#plan.metric === 'cosine'
    const isSame = label === this.#classAt[position]
    const histogram = isSame ? this.#same : this.#other
    const bits = this.#bits
    const float = this.#float
    let limit = this.#limit(i, label)
    let sum = 0
    for (let j = start; j < end; j++) {
      const other = rightStart + j
      if (other === position) continue
      const lengths = Math.fround(norm + Math.fround(squaredNorms[j]!))
      const squared = Math.max(0, Math.fround(lengths - Math.fround(2 * products[from + j]!)))
      const distance = isCosine ? squared / 2 : Math.fround(Math.sqrt(squared))
      sum += distance
      // Of its two rows' strips one counts a pair.
      if (other > position) {
        float[0] = distance
        histogram[Math.max(0, (bits[0]! >>> 12) - this.#firstBin)]!++
      }
      if (squared > limit) continue
      this.#offer(i, j, label)
      limit = this.#limit(i, label)
    }
    this.#sums[i * (this.#plan.classStarts.length - 1) + label]! += sum
  }

  #offer(i: number, j: number, label: number): void {
    const { nearest, mates, others, classes } = this.#rows[i]!
    const row = this.#plan.rowAt[this.#right.start + j]!
    const distance = this.#distance(i, j)
    nearest.offer(row, distance)
    const ofKind = label === this.#classAt[this.left.start + i] ? mates : others
    ofKind.offer(row, distance)
    classes.offer(row, label, distance)
  }

  /** The squared float32 distance up to which a row of a class may still be of interest. */
  #limit(i: number, label: number): number {
    const { nearest, mates, others, classes } = this.#rows[i]!
    const ofKind = label === this.#classAt[this.left.start + i] ? mates : others
    return this.#squaredLimit(i, Math.max(nearest.reach, ofKind.reach, classes.reach(label)))
  }

  #squaredLimit(i: number, distance: number): number {
    const { metric, scale } = this.#plan
    if (distance === Number.POSITIVE_INFINITY) return distance
    const reach = metric === 'cosine' ? Math.sqrt(2 * distance) : distance * scale
    return reach ** 2 + squaredDistanceError(this.#prepared, i, reach)
  }

  settle() {
    const { depth, mates: width, classStarts } = this.#plan
    const rows = this.left.matrix.rows
    const strip = {
      start: this.left.start,
      end: this.left.end,
      ranking: new Int32Array(rows * depth).fill(-1),
      rankingDistances: new Float64Array(rows * depth).fill(Number.POSITIVE_INFINITY),
      mateDistances: new Float64Array(rows * width).fill(Number.POSITIVE_INFINITY),
      firstMateRank: new Int32Array(rows),
      nearestOther: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
      nearestUnpredicted: new Float64Array(rows),
      classSums: this.#sums,
      sameHistogram: this.#same,
      otherHistogram: this.#other,
    }
    /** Rows whose nearest mate lies beyond the ranking: their ranks are counted in a second pass. */
    const unranked: { i: number; mate: number; distance: number; limit: number }[] = []
    for (const [i, { nearest, mates, others, classes }] of this.#rows.entries()) {
      const count = nearest.settle()
      strip.ranking.set(nearest.rows.subarray(0, count), i * depth)
      strip.rankingDistances.set(nearest.distances.subarray(0, count), i * depth)
      const mateCount = mates.settle()
      strip.mateDistances.set(mates.distances.subarray(0, mateCount), i * width)
      if (others.settle() > 0) strip.nearestOther[i] = others.distances[0]!
      strip.nearestUnpredicted[i] = classes.second
      const own = this.#classAt[this.left.start + i]!
      if (classStarts[own + 1]! - classStarts[own]! < 2) continue
      const mate = mates.rows[0]!
      strip.firstMateRank[i] = nearest.rows.subarray(0, count).indexOf(mate) + 1
      if (strip.firstMateRank[i] > 0) continue
      strip.firstMateRank[i] = 1
      const distance = mates.distances[0]!
      unranked.push({ i, mate, distance, limit: this.#squaredLimit(i, distance) })
    }
    return { strip, unranked }
  }

  /** Counts the rows that are nearer than a position's nearest mate, for those of a tile's rows. */
  count(
    products: Float32Array,
    { leftStart, leftEnd, rightEnd }: Tile,
    unranked: readonly { i: number; mate: number; distance: number; limit: number }[],
    ranks: Int32Array,
  ): void {
    const right = this.#right
    for (const { i, mate, distance, limit } of unranked) {
      if (i < leftStart || i >= leftEnd) continue
      const norm = this.left.squaredNorms[i]!
      const from = (i - leftStart) * rightEnd
      for (let j = 0; j < rightEnd; j++) {
        const squared = norm + right.squaredNorms[j]! - 2 * products[from + j]!
        if (squared > limit || right.start + j === this.left.start + i) continue
        const exact = this.#distance(i, j)
        const row = this.#plan.rowAt[right.start + j]!
        if (exact < distance || (exact === distance && row < mate)) ranks[i]!++
      }
    }
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
