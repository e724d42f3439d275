/** Scratch: a thread's part of the kernel's memory, and the arrays in it. */

import type { Addresses } from '../types.ts'
import { MemoryLayout } from './memory-layout.ts'

/** Rows of a band, which one call of the kernel's `near` compares; thresholds are lowered in between. */
export const BAND_ROWS = 32
/** Positions that take a look together, so that the others are read once for all of them. */
export const LOOK_ROWS = 64
/** Squared distances that a guess samples at a time. */
export const SAMPLED_ENTRIES = 2 ** 16
/** Pairs that one call of the kernel's `measure` takes. */
export const MEASURED_PAIRS = 4096

function scratchLayout(side: number, bins: number) {
  const layout = new MemoryLayout()
  const at = {
    // There is room for a hit in every group of four pairs.
    nearHits: layout.reserve((BAND_ROWS * side) / 4, 32),
    scanHits: layout.reserve((side * side) / 4, 4),
    tile: layout.reserve(bins === 0 ? 0 : side * side, 4),
    rowSums: layout.reserve(side, 8),
    columnSums: layout.reserve(side, 8),
    classSums: layout.reserve(bins === 0 ? 0 : side * side, 8),
    classEnds: layout.reserve(bins === 0 ? 0 : side, 4),
    line: layout.reserve(bins === 0 ? 0 : side, 8),
    sameHistogram: layout.reserve(bins, 4),
    otherHistogram: layout.reserve(bins, 4),
    farHistogram: layout.reserve(bins, 4),
    farSums: layout.reserve(side, 8),
    thresholds: layout.reserve(LOOK_ROWS, 4),
    sample: layout.reserve(SAMPLED_ENTRIES, 4),
    pairs: layout.reserve(MEASURED_PAIRS, 8),
    squares: layout.reserve(MEASURED_PAIRS, 4),
  }
  return { at, byteLength: layout.byteLength }
}

/** Bytes of a thread's scratch. @param bins 0 where neighbours alone are wanted */
export function scratchBytes(side: number, bins: number): number {
  return scratchLayout(side, bins).byteLength
}

export type Scratch = ReturnType<typeof scratchOf>

/** A thread's scratch. @param bins as for `scratchBytes` */
export function scratchOf(
  memory: WebAssembly.Memory,
  { scratch, scratchBytes: each }: Pick<Addresses, 'scratch' | 'scratchBytes'>,
  thread: number,
  side: number,
  bins: number,
) {
  const { at } = scratchLayout(side, bins)
  const base = scratch + thread * each
  const { buffer } = memory
  const hits = (BAND_ROWS * side) / 4
  return {
    /** Eight words a hit; see the kernel's `near`. */
    nearHits: new Int32Array(buffer, base + at.nearHits, hits * 8),
    nearSquares: new Float32Array(buffer, base + at.nearHits, hits * 8),
    scanHits: new Int32Array(buffer, base + at.scanHits, (side * side) / 4),
    tile: new Float32Array(buffer, base + at.tile, bins === 0 ? 0 : side * side),
    rowSums: new Float64Array(buffer, base + at.rowSums, side),
    columnSums: new Float64Array(buffer, base + at.columnSums, side),
    /** Of a tile with columns of many classes: a sum a row and class, and where the classes end. */
    classSums: new Float64Array(buffer, base + at.classSums, bins === 0 ? 0 : side * side),
    classEnds: new Int32Array(buffer, base + at.classEnds, bins === 0 ? 0 : side),
    line: base + at.line,
    sameHistogram: new Int32Array(buffer, base + at.sameHistogram, bins),
    otherHistogram: new Int32Array(buffer, base + at.otherHistogram, bins),
    /** The kernel counts and sums pairs here that don't count, and nobody reads it: far rows' are measured. */
    farHistogram: base + at.farHistogram,
    farSums: base + at.farSums,
    /** One entry a position that takes a look. */
    thresholds: new Float32Array(buffer, base + at.thresholds, LOOK_ROWS),
    sample: new Float32Array(buffer, base + at.sample, SAMPLED_ENTRIES),
    /** For `measure`: two positions a pair, and the squared distances as numbers and as bits. */
    pairs: new Int32Array(buffer, base + at.pairs, 2 * MEASURED_PAIRS),
    squares: new Float32Array(buffer, base + at.squares, MEASURED_PAIRS),
    squareBits: new Uint32Array(buffer, base + at.squares, MEASURED_PAIRS),
  }
}
