/** A thread's part of the shared memory: what the kernel writes there, and where. */

import { MemoryLayout } from './kernel.ts'

/** Rows that one call of the kernel's `near` looks at: thresholds are brought up to date in between. */
export const BAND_ROWS = 32
/** Positions that are looked at together once more, so that the others are read once for all of them. */
export const LOOK_ROWS = 64
/** Entries of a sample of squared distances. */
export const SAMPLED_ENTRIES = 2 ** 16
/** Pairs that are measured at a time. */
export const MEASURED_PAIRS = 4096

function layoutOf(side: number, bins: number) {
  const layout = new MemoryLayout()
  const at = {
    // Room for a hit in every group of four pairs.
    nearHits: layout.reserve((BAND_ROWS * side) / 4, 32),
    scanHits: layout.reserve((side * side) / 4, 4),
    tile: layout.reserve(bins === 0 ? 0 : side * side, 4),
    rowSums: layout.reserve(side, 8),
    columnSums: layout.reserve(side, 8),
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

export function scratchBytes(side: number, bins: number): number {
  return layoutOf(side, bins).byteLength
}

export function scratchOf(
  memory: WebAssembly.Memory,
  { scratch, scratchBytes: each }: { readonly scratch: number; readonly scratchBytes: number },
  thread: number,
  side: number,
  bins: number,
) {
  const { at } = layoutOf(side, bins)
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
    sameHistogram: new Int32Array(buffer, base + at.sameHistogram, bins),
    otherHistogram: new Int32Array(buffer, base + at.otherHistogram, bins),
    /** Where what is counted of far rows goes, which nobody reads. */
    farHistogram: base + at.farHistogram,
    farSums: base + at.farSums,
    /** One entry a position that is looked at once more. */
    thresholds: new Float32Array(buffer, base + at.thresholds, LOOK_ROWS),
    sample: new Float32Array(buffer, base + at.sample, SAMPLED_ENTRIES),
    /** What is measured, two positions a pair, and the squared distances as they are and as bits. */
    pairs: new Int32Array(buffer, base + at.pairs, 2 * MEASURED_PAIRS),
    squares: new Float32Array(buffer, base + at.squares, MEASURED_PAIRS),
    squareBits: new Uint32Array(buffer, base + at.squares, MEASURED_PAIRS),
  }
}
