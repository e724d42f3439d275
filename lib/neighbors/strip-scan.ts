/** What a strip does with products: distances are counted and added up, the nearest kept, exactly. */

import type { Tile } from '../tensor/backend.ts'
import { distanceBins } from './bins.ts'
import { type RowDistance, rowDistance } from './distance.ts'
import type { Strip, StripPlan } from './strip.ts'
import { type Block, squaredDistanceError } from './strip-block.ts'
import { NearestClasses, NearestRows } from './strip-row.ts'

interface RowState {
  readonly nearest: NearestRows
  readonly mates: NearestRows
  readonly others: NearestRows
  readonly classes: NearestClasses
}

/** A row whose nearest mate lies beyond its ranking. */
interface Unranked {
  readonly at: number
  readonly mate: number
  readonly distance: number
  /** Squared float32 distance up to which a row may be nearer than the mate. */
  readonly limit: number
}

type Found = Omit<Strip, 'backend'>

export class StripScan {
  readonly #plan: StripPlan
  readonly #left: Block
  readonly #rows: readonly RowState[]
  readonly #classAt: Int32Array
  readonly #sums: Float64Array
  readonly #same: Float64Array
  readonly #other: Float64Array
  readonly #firstBin: number
  readonly #float = new Float32Array(1)
  readonly #bits = new Int32Array(this.#float.buffer)
  #right: Block
  #distance: RowDistance = () => 0
  #unranked: readonly Unranked[] = []

  constructor(plan: StripPlan, left: Block) {
    this.#plan = plan
    this.#left = left
    this.#right = left
    const classes = plan.classStarts.length - 1
    this.#classAt = new Int32Array(plan.rows)
    for (let c = 0; c < classes; c++) {
      this.#classAt.fill(c, plan.classStarts[c], plan.classStarts[c + 1])
    }
    this.#rows = Array.from({ length: left.matrix.rows }, () => ({
      nearest: new NearestRows(plan.depth),
      mates: new NearestRows(plan.mates),
      others: new NearestRows(1),
      classes: new NearestClasses(),
    }))
    this.#sums = new Float64Array(left.matrix.rows * classes)
    // A hair more than two rows can be apart, so that rounding never leaves the last bin.
    const longest = (plan.metric === 'cosine' ? 2 : 2 * plan.largestNorm) * 1.001 || 1
    const bins = distanceBins(longest)
    this.#firstBin = bins.first
    this.#same = new Float64Array(bins.count)
    this.#other = new Float64Array(bins.count)
  }

  /** Whether a second pass has to count what is nearer than the nearest mates. */
  get isOpen(): boolean {
    return this.#unranked.length > 0
  }

  /** The next tiles' right side. */
  meet(block: Block): void {
    const { dimensions, metric } = this.#plan
    const { vectors, matrix } = this.#left
    this.#right = block
    const joined = new Float32Array(vectors.length + block.vectors.length)
    joined.set(vectors)
    joined.set(block.vectors, vectors.length)
    const distance = rowDistance(joined, matrix.rows + block.matrix.rows, dimensions, metric)
    this.#distance = (a, b) => distance(a, matrix.rows + b)
  }

  /** Every pair of a tile: of a row of the strip, and of the block. */
  add(products: Float32Array, { leftStart, leftEnd, rightEnd }: Tile): void {
    const { classStarts } = this.#plan
    const { start } = this.#right
    for (let i = leftStart; i < leftEnd; i++) {
      const row = products.subarray((i - leftStart) * rightEnd, (i - leftStart + 1) * rightEnd)
      for (let j = 0; j < rightEnd; ) {
        const label = this.#classAt[start + j]!
        const end = Math.min(rightEnd, classStarts[label + 1]! - start)
        this.#segment(row, i, j, end, label)
        j = end
      }
    }
  }

  /** A row of the strip against rows of one class. */
  #segment(products: Float32Array, i: number, start: number, end: number, label: number): void {
    const { squaredNorms, start: rightStart } = this.#right
    const position = this.#left.start + i
    const own = this.#classAt[position]!
    const norm = this.#left.squaredNorms[i]!
    const isCosine = this.#plan.metric === 'cosine'
    const histogram = label === own ? this.#same : this.#other
    const bits = this.#bits
    const float = this.#float
    const firstBin = this.#firstBin
    const itself = position - rightStart
    let limit = this.#limit(i, label)
    let sum = 0
    for (let j = start; j < end; j++) {
      if (j === itself) continue
      const lengths = Math.fround(norm + squaredNorms[j]!)
      const difference = Math.fround(lengths - Math.fround(2 * products[j]!))
      const squared = difference > 0 ? difference : 0
      const distance = isCosine ? squared / 2 : Math.fround(Math.sqrt(squared))
      sum += distance
      // One of the two strips that see a pair counts it.
      if (j > itself) {
        float[0] = distance
        const bin = (bits[0]! >>> 12) - firstBin
        histogram[bin > 0 ? bin : 0]!++
      }
      if (squared <= limit && this.#offer(i, j, label)) limit = this.#limit(i, label)
    }
    this.#sums[i * (this.#plan.classStarts.length - 1) + label]! += sum
  }

  /** True where the limit may have changed. */
  #offer(i: number, j: number, label: number): boolean {
    const { nearest, mates, others, classes } = this.#rows[i]!
    const row = this.#plan.rowAt[this.#right.start + j]!
    const distance = this.#distance(i, j)
    const ofKind = label === this.#classAt[this.#left.start + i] ? mates : others
    const isNearer = nearest.offer(row, distance)
    const isNearerOfKind = ofKind.offer(row, distance)
    return classes.offer(row, label, distance) || isNearer || isNearerOfKind
  }

  /** The squared float32 distance up to which a row of a class may still be of interest. */
  #limit(i: number, label: number): number {
    const { nearest, mates, others, classes } = this.#rows[i]!
    const ofKind = label === this.#classAt[this.#left.start + i] ? mates : others
    return this.#squaredLimit(i, Math.max(nearest.reach, ofKind.reach, classes.reach(label)))
  }

  #squaredLimit(i: number, distance: number): number {
    const { metric, scale, dimensions, largestNorm } = this.#plan
    if (distance === Number.POSITIVE_INFINITY) return distance
    const reach = metric === 'cosine' ? Math.sqrt(2 * distance) : distance * scale
    const length = Math.sqrt(this.#left.squaredNorms[i]!)
    return reach ** 2 + squaredDistanceError(dimensions, length, largestNorm, reach)
  }

  /** After all blocks: what was found. Ranks of mates beyond the ranking are 1 until they are counted. */
  settle(): Found {
    const { depth, mates: width } = this.#plan
    const rows = this.#left.matrix.rows
    const found = {
      start: this.#left.start,
      end: this.#left.end,
      ranking: new Int32Array(rows * depth).fill(-1),
      rankingDistances: new Float64Array(rows * depth).fill(Number.POSITIVE_INFINITY),
      mateDistances: new Float64Array(rows * width).fill(Number.POSITIVE_INFINITY),
      firstMateRank: new Int32Array(rows),
      nearestOther: new Float64Array(rows),
      nearestUnpredicted: new Float64Array(rows),
      classSums: this.#sums,
      sameHistogram: this.#same,
      otherHistogram: this.#other,
    }
    const unranked: Unranked[] = []
    for (const [at, { nearest, mates, others, classes }] of this.#rows.entries()) {
      const count = nearest.settle()
      const ranked = nearest.rows.subarray(0, count)
      found.ranking.set(ranked, at * depth)
      found.rankingDistances.set(nearest.distances.subarray(0, count), at * depth)
      const mateCount = mates.settle()
      found.mateDistances.set(mates.distances.subarray(0, mateCount), at * width)
      found.nearestOther[at] = others.distances[0]!
      found.nearestUnpredicted[at] = classes.second
      if (mateCount === 0) continue
      const mate = mates.rows[0]!
      const distance = mates.distances[0]!
      found.firstMateRank[at] = ranked.indexOf(mate) + 1
      if (found.firstMateRank[at] > 0) continue
      found.firstMateRank[at] = 1
      unranked.push({ at, mate, distance, limit: this.#squaredLimit(at, distance) })
    }
    this.#unranked = unranked
    return found
  }

  /** Counts the rows that are nearer than a row's nearest mate. */
  count(
    products: Float32Array,
    { leftStart, leftEnd, rightEnd }: Tile,
    { firstMateRank }: Found,
  ): void {
    const { squaredNorms, start } = this.#right
    for (const { at, mate, distance, limit } of this.#unranked) {
      if (at < leftStart || at >= leftEnd) continue
      const norm = this.#left.squaredNorms[at]!
      const from = (at - leftStart) * rightEnd
      for (let j = 0; j < rightEnd; j++) {
        const squared = norm + squaredNorms[j]! - 2 * products[from + j]!
        if (squared > limit || start + j === this.#left.start + at) continue
        const exact = this.#distance(at, j)
        const row = this.#plan.rowAt[start + j]!
        if (exact < distance || (exact === distance && row < mate)) firstMateRank[at]!++
      }
    }
  }
}
