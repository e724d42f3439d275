/** Which blocks of pairs there are, and in which order they are looked at. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import type { Matrix } from '../../tensor/backend.ts'

/** Rows [top, bottom) against columns [left, right), as positions. */
export interface Block {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** Positions from `start` up to `end`; the start is a multiple of eight, as panels are. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface Tiling {
  readonly side: number
  readonly count: number
  readonly positions: number
  /** The positions whose neighbours are looked for. */
  readonly range: Range
  /** All of them: then every pair is looked at once, for both; else with each of them for itself. */
  readonly symmetric: boolean
  /** Row and column of the tiles among the blocks, in another order than the usual one. */
  readonly sequence: Int32Array | null
}

/** Bytes of quantised columns that are to stay in a core's second-level cache. */
const CACHED_BYTES = 2 ** 18
const SMALLEST_SIDE = 64

/** @param range null: all positions */
export function tilingOf(
  positions: number,
  dimensions: number,
  largestSide: number,
  range: Range | null,
): Tiling {
  const fitting = 2 ** Math.floor(Math.log2(CACHED_BYTES / (2 * dimensions)))
  const side = Math.min(largestSide, Math.max(SMALLEST_SIDE, fitting))
  const symmetric = range === null
  const { start, end } = range ?? { start: 0, end: positions }
  const rows = Math.ceil((end - start) / side)
  const columns = Math.ceil(positions / side)
  const count = symmetric ? (rows * (rows + 1)) / 2 : rows * columns
  return { side, count, positions, range: { start, end }, symmetric, sequence: null }
}

/**
 * Blocks on the diagonal come first, then the ones beside it, farther and farther away: rows meet
 * their own class early, and soon know that others are too far.
 */
export function tileAt(tiling: Tiling, index: number): Block {
  const { side, positions, range, symmetric, sequence } = tiling
  const blocks = Math.ceil(positions / side)
  if (sequence !== null) return block(tiling, sequence[2 * index]!, sequence[2 * index + 1]!)
  if (!symmetric) {
    // Rows start where the range does, columns at multiples of the side: no column is left out.
    const top = range.start + Math.floor(index / blocks) * side
    const left = ((Math.floor(top / side) + (index % blocks)) % blocks) * side
    return {
      top,
      bottom: Math.min(range.end, top + side),
      left,
      right: Math.min(positions, left + side),
    }
  }
  let offset = 0
  let before = 0
  while (before + blocks - offset <= index) before += blocks - offset++
  return block(tiling, index - before, index - before + offset)
}

function block({ side, positions, range }: Tiling, row: number, column: number): Block {
  return {
    top: row * side,
    bottom: Math.min(range.end, (row + 1) * side),
    left: column * side,
    right: Math.min(positions, (column + 1) * side),
  }
}

/**
 * Tiles whose rows and columns are alike first, by the distance of their means: most neighbours are then
 * found early, and what comes later is ruled out sooner.
 * @param rowAt which row of the matrix belongs to each position
 */
export function nearestFirst(
  tiling: Tiling,
  { values, dimensions }: Matrix,
  rowAt: Int32Array,
): Tiling {
  const blocks = Math.ceil(rowAt.length / tiling.side)
  const means = new Float64Array(blocks * dimensions)
  for (let position = 0; position < rowAt.length; position++) {
    const to = Math.floor(position / tiling.side) * dimensions
    const from = rowAt[position]! * dimensions
    for (let d = 0; d < dimensions; d++) means[to + d]! += values[from + d]! / tiling.side
  }
  const distances = new Float64Array(tiling.count)
  const pairs = new Int32Array(2 * tiling.count)
  let count = 0
  for (let row = 0; row < blocks; row++) {
    for (let column = row; column < blocks; column++, count++) {
      let squared = 0
      for (let d = 0; d < dimensions; d++) {
        squared += (means[row * dimensions + d]! - means[column * dimensions + d]!) ** 2
      }
      distances[count] = row === column ? -1 : squared
      pairs[2 * count] = row
      pairs[2 * count + 1] = column
    }
  }
  const order = Uint32Array.from(distances.keys()).sort(
    (a, b) => distances[a]! - distances[b]! || a - b,
  )
  const sequence = sharedInt32(2 * count)
  for (const [at, from] of order.entries()) {
    sequence[2 * at] = pairs[2 * from]!
    sequence[2 * at + 1] = pairs[2 * from + 1]!
  }
  return { ...tiling, sequence }
}
