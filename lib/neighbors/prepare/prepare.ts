/** The second step: rows centred, scaled, put in order and quantised in the kernel's memory. */

import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../../core/shared-memory.ts'
import type { Backend, Matrix } from '../../tensor/backend.ts'
import { COSINE_STEP } from '../distance/cosine.ts'
import type { Source } from '../input.ts'
import { MemoryLayout } from '../kernel/memory-layout.ts'
import { PANEL_ROWS, panelBytes, panelPositions } from '../kernel/panels.ts'
import type { Addresses, Frame, FramedRows, PreparedRows, RowOrder } from '../types.ts'
import { principalCoordinates } from './axes.ts'
import { FACTS, fillPastLast, largestOf, layAxes } from './facts.ts'

/** The threads that do the work, as a `JoinPool` has them. */
export interface PrepareThreads {
  readonly threads: number
  readonly frame: (source: Source, frame: Frame, framedRows: FramedRows) => Promise<void>
  readonly quantize: (
    preparedRows: PreparedRows,
    framedRows: FramedRows,
    placeAt: Int32Array | null,
  ) => Promise<void>
}

/** The kernel's `measure` reads so many dimensions at a time. */
const MEASURED_DIMENSIONS = 16

/**
 * Prepares rows in a given order, so that they can be measured too.
 * @param scratchBytes of a thread
 */
export async function prepareInOrder(
  source: Source,
  frame: Frame,
  order: RowOrder,
  pool: PrepareThreads,
  scratchBytes: number,
): Promise<PreparedRows> {
  const { rows, dimensions } = source
  const padded = Math.ceil(dimensions / MEASURED_DIMENSIONS) * MEASURED_DIMENSIONS
  const { memory, at } = layOut(rows, dimensions, rows * padded, 0, pool.threads, scratchBytes)
  const framedRows: FramedRows = {
    matrix: new Float32Array(memory.buffer, at.matrix, rows * padded),
    padded,
    rowAt: order.rowAt,
    isZero: sharedUint8(rows),
  }
  await pool.frame(source, frame, framedRows)
  const preparedRows = unquantized(source, frame, order, memory, { ...at, rowBytes: padded * 4 })
  await pool.quantize(preparedRows, framedRows, null)
  return withSummary(preparedRows)
}

/**
 * Prepares rows for a search of the nearest alone.
 * @param orderOf makes the order of the rows from their coordinates on the principal axes; null where
 *   axes don't pay
 */
export async function prepareByLikeness(
  source: Source,
  frame: Frame,
  orderOf: (coordinates: Matrix | null) => Promise<RowOrder>,
  axes: { readonly backend: Backend; readonly k: number },
  pool: PrepareThreads,
  scratchBytes: number,
): Promise<PreparedRows> {
  const { rows, dimensions } = source
  const rowAt = sharedInt32(rows)
  for (let row = 0; row < rows; row++) rowAt[row] = row
  const isZero = sharedUint8(rows)
  const framedRows = { matrix: sharedFloat32(rows * dimensions), padded: dimensions, rowAt, isZero }
  await pool.frame(source, frame, framedRows)
  const matrix = { values: framedRows.matrix, rows, dimensions }
  const coordinates = isZero.includes(1)
    ? null
    : await principalCoordinates(matrix, frame.farRows, axes.k, axes.backend)
  const order = await orderOf(coordinates)
  const axisCount = coordinates?.dimensions ?? 0
  const { memory, at } = layOut(rows, dimensions, 0, axisCount, pool.threads, scratchBytes)
  const preparedRows = unquantized(source, frame, order, memory, at)
  await pool.quantize(preparedRows, framedRows, order.rowAt)
  const whole = withSummary(preparedRows)
  if (coordinates === null) return whole
  return { ...whole, at: { ...at, axisBytes: layAxes(whole, coordinates) } }
}

/** Makes no pair of interest to a position. */
export function leaveOut({ memory, at, rows }: PreparedRows, position: number): void {
  for (const offset of [at.sameThresholds, at.otherThresholds]) {
    new Float32Array(memory.buffer, offset, rows)[position] = Number.NEGATIVE_INFINITY
  }
}

/** Makes the kernel's memory, with thresholds at which every pair is of interest. */
function layOut(
  rows: number,
  dimensions: number,
  matrixEntries: number,
  axes: number,
  threads: number,
  scratchBytes: number,
): Pick<PreparedRows, 'memory' | 'at'> {
  const positions = panelPositions(rows)
  const layout = new MemoryLayout()
  const panelsOf = (width: number) =>
    layout.reserve((positions / PANEL_ROWS) * panelBytes(width), 1)
  const at = {
    matrix: layout.reserve(matrixEntries, 4),
    rowBytes: 0,
    panels: panelsOf(dimensions),
    panelBytes: panelBytes(dimensions),
    axes: panelsOf(axes),
    axisBytes: 0,
    facts: layout.reserve(positions * FACTS, 4),
    nothing: layout.reserve(positions, 4),
    sameThresholds: layout.reserve(positions, 4),
    otherThresholds: layout.reserve(positions, 4),
    scratch: layout.reserve(threads * scratchBytes, 1),
    scratchBytes,
  }
  const memory = layout.allocate()
  const floats = (offset: number) => new Float32Array(memory.buffer, offset, positions)
  floats(at.nothing).fill(Number.NEGATIVE_INFINITY)
  for (const offset of [at.sameThresholds, at.otherThresholds]) {
    floats(offset).fill(Number.POSITIVE_INFINITY)
    floats(offset).fill(Number.NEGATIVE_INFINITY, rows)
  }
  return { memory, at }
}

/** The rows before any is quantised. */
function unquantized(
  { rows, dimensions, metric }: Source,
  { scale, farRows }: Frame,
  { rowAt, classStarts }: RowOrder,
  memory: WebAssembly.Memory,
  at: Addresses,
): PreparedRows {
  const far = new Set(farRows)
  const isFar = sharedUint8(rows)
  for (let position = 0; position < rows; position++) {
    if (far.has(rowAt[position]!)) isFar[position] = 1
  }
  return {
    rowAt,
    classStarts,
    memory,
    at,
    rows,
    dimensions,
    lengths: sharedFloat64(rows),
    errors: sharedFloat64(rows),
    largestLength: 0,
    largestError: 0,
    scale,
    squareStep: metric === 'cosine' ? 2 * COSINE_STEP * scale ** 2 : 0,
    isZero: sharedUint8(rows),
    hasZero: false,
    isFar,
    hasFar: far.size > 0,
  }
}

/** The rows with what only all of them together tell. */
function withSummary(preparedRows: PreparedRows): PreparedRows {
  fillPastLast(preparedRows)
  return { ...preparedRows, ...largestOf(preparedRows), hasZero: preparedRows.isZero.includes(1) }
}
