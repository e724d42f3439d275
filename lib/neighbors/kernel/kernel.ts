/**
 * The kernel: `kernel.wasm`, called by named arguments. `kernel-source.mjs` is its source and says what
 * each function does; this is the only place that knows in which order its parameters come.
 */

import { readFileSync } from 'node:fs'
import type { Addresses, Bins, Rectangle } from '../types.ts'
import { PANEL_ROWS } from './panels.ts'

/** Where `near` and `squares` read the rows. */
type RowAddresses = Pick<Addresses, 'panels' | 'panelBytes' | 'axes' | 'facts'>

/** Thresholds are float32 and addressed by position. */
export interface NearCall {
  readonly rows: RowAddresses
  /** Bytes of a panel of coordinates on the axes; 0: all pairs are multiplied in full. */
  readonly axisBytes: number
  /** Positions; rows are rounded up to four and columns to eight. */
  readonly pairs: Rectangle
  /** Whether a row is compared only with panels that reach beyond its own number. */
  readonly triangle: boolean
  readonly rowThresholds: number
  readonly columnThresholds: number
  /** Where hits are written: eight words each. */
  readonly hits: number
}

export interface SquaresCall {
  readonly rows: RowAddresses
  /** Positions; rows are rounded up to four and columns to eight. */
  readonly pairs: Rectangle
  /** Where squared distances are written: float32, row by row. */
  readonly tile: number
  /** Entries of the tile from one row to the next. */
  readonly width: number
}

/** What the parts of a tile have in common. Thresholds and sums are addressed by row or column of the tile. */
export interface ScanLayout {
  /** Position of the tile's first row, and of its first column. */
  readonly top: number
  readonly left: number
  /** Squared distances, float32, row by row. */
  readonly tile: number
  /** Entries of the tile from one row to the next. */
  readonly width: number
  /** Whether only columns beyond the row's own number count. */
  readonly triangle: boolean
  readonly rowThresholds: number
  readonly columnThresholds: number
  /** Float64, one a row: written. */
  readonly rowSums: number
  /** Float64, one a column: added to. */
  readonly columnSums: number
  /** Int32, one a bin: added to. */
  readonly histogram: number
  readonly bins: Bins
  readonly isCosine: boolean
  /** See `ClassSums`. */
  readonly rounder: number
  /** Where hits are written: one word each. */
  readonly hits: number
}

/** The classes of a part's columns, of which each is as far in it as the tile is. */
export interface PartClasses {
  /** Int32, for each the column of the tile after its last. */
  readonly ends: number
  /** Float64, one a row of the tile and class: added to. The address is that of row 0 and the first class. */
  readonly sums: number
  /** Entries from one row to the next. */
  readonly stride: number
  /** Room for a number a column. */
  readonly line: number
}

export interface MeasureCall {
  /** Float32 rows of `rowBytes`. */
  readonly rows: Pick<Addresses, 'matrix' | 'rowBytes'>
  /** Int32, two positions a pair. */
  readonly pairs: number
  readonly count: number
  /** Where squared distances are written: float32, one a pair. */
  readonly squares: number
}

export interface Kernel {
  /** Finds pairs below a threshold of either row; returns how many hits it wrote. */
  readonly near: (call: NearCall) => number
  /** How many patches `near` has multiplied in full, ever. */
  readonly passes: () => number
  /** Writes a tile of squared distances. */
  readonly squares: (call: SquaresCall) => void
  /** Sums and counts the distances of a part of a tile; returns how many hits it wrote. */
  readonly scan: (layout: ScanLayout, part: Rectangle) => number
  /** The same where the part's columns are of several classes. */
  readonly scanClasses: (layout: ScanLayout, part: Rectangle, classes: PartClasses) => number
  /** Measures pairs one by one. */
  readonly measure: (call: MeasureCall) => void
}

/** What the module exports: functions of positional numbers, and a counter. */
export interface KernelExports {
  readonly near: (...numbers: number[]) => number
  readonly passed: { readonly value: number }
  readonly squares: (...numbers: number[]) => void
  readonly scan: (...numbers: number[]) => number
  readonly scanClasses: (...numbers: number[]) => number
  readonly measure: (...numbers: number[]) => void
}

let module: WebAssembly.Module | undefined

/** An instance on memory that other threads may share. */
export function openKernel(memory: WebAssembly.Memory): Kernel {
  module ??= new WebAssembly.Module(readFileSync(new URL('./kernel.wasm', import.meta.url)))
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  return namedKernel(exports as unknown as KernelExports)
}

/** The exports behind names: each function lists its arguments in the order of the source. */
export function namedKernel({
  near,
  passed,
  squares,
  scan,
  scanClasses,
  measure,
}: KernelExports): Kernel {
  return {
    near: ({ rows, axisBytes, pairs, triangle, rowThresholds, columnThresholds, hits }) =>
      near(
        rows.panels,
        rows.panelBytes,
        rows.axes,
        axisBytes,
        rows.facts,
        rowThresholds,
        columnThresholds,
        pairs.top,
        roundUp(pairs.bottom, 4),
        pairs.left,
        roundUp(pairs.right, PANEL_ROWS),
        triangle ? 1 : 0,
        hits,
      ),
    passes: () => passed.value,
    squares: ({ rows, pairs, tile, width }) =>
      squares(
        rows.panels,
        rows.panelBytes,
        rows.facts,
        pairs.top,
        roundUp(pairs.bottom, 4),
        pairs.left,
        roundUp(pairs.right, PANEL_ROWS),
        tile,
        width,
      ),
    scan: (layout, part) => scan(...scanNumbers(layout, part, layout.rowSums)),
    scanClasses: (layout, part, { ends, sums, stride, line }) =>
      scanClasses(...scanNumbers(layout, part, sums), line, ends, stride),
    measure: ({ rows, pairs, count, squares }) =>
      measure(rows.matrix, rows.rowBytes, pairs, count, squares),
  }
}

function scanNumbers(layout: ScanLayout, part: Rectangle, rowSums: number): number[] {
  return [
    layout.tile,
    layout.width,
    part.top - layout.top,
    part.bottom - layout.top,
    part.left - layout.left,
    part.right - layout.left,
    layout.triangle ? 1 : 0,
    layout.rowThresholds,
    layout.columnThresholds,
    rowSums,
    layout.columnSums,
    layout.histogram,
    layout.bins.coarseBits,
    layout.bins.fineBits,
    layout.bins.fineShift,
    layout.bins.fineCount,
    layout.isCosine ? 1 : 0,
    layout.rounder,
    layout.hits,
  ]
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step
}
