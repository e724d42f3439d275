/** The tiles: the squares that the pairs are cut into, and the order in which they are scanned. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import type { Matrix } from '../../tensor/backend.ts'
import type { Range, Rectangle, Tiling } from '../types.ts'

/** A tile's columns, quantised, stay within so much of a core's second-level cache. */
const CACHED_BYTES = 2 ** 18
const SMALLEST_SIDE = 64

/** Cuts the pairs of a range with all positions into tiles. @param range null: all positions */
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
 * The ranges that a range is ranked in, one after the other: as long as they may be, of whole rows of tiles.
 * @param most positions of each at most; one row of tiles may be more
 */
export function partsOf({ range, side }: Tiling, most: number): Range[] {
  const { start, end } = range
  if (end - start <= most) return [range]
  const length = Math.max(1, Math.floor(most / side)) * side
  return Array.from({ length: Math.ceil((end - start) / length) }, (_, at) => ({
    start: start + at * length,
    end: Math.min(end, start + (at + 1) * length),
  }))
}

/**
 * The positions of a tile. Tiles on the diagonal come first, then the ones beside it, and so on away from
 * it: rows meet their own class early, and its distances soon rule out others.
 */
export function tileAt(tiling: Tiling, index: number): Rectangle {
  const { side, positions, range, symmetric, sequence } = tiling
  const columns = Math.ceil(positions / side)
  if (sequence !== null) return rectangle(tiling, sequence[2 * index]!, sequence[2 * index + 1]!)
  if (!symmetric) {
    // Rows start where the range does, columns at multiples of the side: no column is left out.
    const top = range.start + Math.floor(index / columns) * side
    const left = ((Math.floor(top / side) + (index % columns)) % columns) * side
    return {
      top,
      bottom: Math.min(range.end, top + side),
      left,
      right: Math.min(positions, left + side),
    }
  }
  let offset = 0
  let before = 0
  while (before + columns - offset <= index) before += columns - offset++
  return rectangle(tiling, index - before, index - before + offset)
}

function rectangle({ side, positions, range }: Tiling, row: number, column: number): Rectangle {
  return {
    top: row * side,
    bottom: Math.min(range.end, (row + 1) * side),
    left: column * side,
    right: Math.min(positions, (column + 1) * side),
  }
}

/**
 * Puts tiles first whose rows and columns are alike, by the distance of their means: most neighbours are
 * then found early, and more of the later tiles' pairs are ruled out.
 * @param rowAt which row of the matrix belongs to each position
 */
export function nearestFirst(
  tiling: Tiling,
  { values, dimensions }: Matrix,
  rowAt: Int32Array,
): Tiling {
  const rows = Math.ceil(rowAt.length / tiling.side)
  const means = new Float64Array(rows * dimensions)
  for (let position = 0; position < rowAt.length; position++) {
    const to = Math.floor(position / tiling.side) * dimensions
    const from = rowAt[position]! * dimensions
    for (let d = 0; d < dimensions; d++) means[to + d]! += values[from + d]! / tiling.side
  }
  const distances = new Float64Array(tiling.count)
  const pairs = new Int32Array(2 * tiling.count)
  let count = 0
  for (let row = 0; row < rows; row++) {
    for (let column = row; column < rows; column++, count++) {
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
