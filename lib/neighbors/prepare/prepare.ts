/** Rows made ready for the pass over all pairs: centred, scaled, in order, and quantised. */

import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../../core/shared-memory.ts'
import type { Backend, Matrix } from '../../tensor/backend.ts'
import { COSINE_STEP } from '../distance/cosine.ts'
import { MemoryLayout } from '../kernel/kernel.ts'
import type { Frame, FramedRows, FrameInput } from '../plan/frame.ts'
import type { RowOrder } from '../plan/row-order.ts'
import type { JoinPool } from '../threads/pool.ts'
import { principalCoordinates } from './axes.ts'
import { FACTS, fillPastLast, largestOf, layAxes, panelPositions } from './facts.ts'
import { PANEL_ROWS, panelBytes } from './quantize.ts'

/** Everything lies on one shared memory, which worker threads get as it is. */
export interface Prepared extends RowOrder {
  readonly memory: WebAssembly.Memory
  /** Byte offsets into the memory; float32, one entry a position, where nothing else is said. */
  readonly at: {
    /** Float32, positions × `rowBytes`, where rows are measured; else nothing. */
    readonly matrix: number
    readonly rowBytes: number
    /** Int16, in panels of eight positions; see `kernel-source.mjs`. */
    readonly panels: number
    readonly fullBytes: number
    /** The same of the coordinates on the principal axes; a panel is `axisBytes` long, 0 without. */
    readonly axes: number
    readonly axisBytes: number
    /** Of each panel eight norms, scales, scales on the axes and rests; see `facts.ts`. */
    readonly facts: number
    /** Minus infinity for every position. */
    readonly nothing: number
    /** Squared distances below which a pair of a class, and of two, is still of interest. */
    readonly sameThresholds: number
    readonly otherThresholds: number
    /** Scratch of a thread: `scratch` + thread × `scratchBytes`. */
    readonly scratch: number
    readonly scratchBytes: number
  }
  readonly rows: number
  readonly dimensions: number
  /** Length of each position's row; what quantising and rounding changed of it, likewise. */
  readonly lengths: Float64Array
  readonly errors: Float64Array
  readonly largestLength: number
  /** No row's error is more than this share of its length. */
  readonly largestError: number
  /** Euclidean distances of the prepared rows are those of the data, or of unit vectors, times this. */
  readonly scale: number
  /** Squares of these distances are told apart to this: exact cosine distances are multiples of a step. */
  readonly squareStep: number
  /** 1 for zero vectors under cosine, which are at distance 1 from every row. */
  readonly isZero: Uint8Array
  readonly hasZero: boolean
  /** 1 for rows that lie far from all others, whose pairs are measured one by one; see `frameOf`. */
  readonly isFar: Uint8Array
  readonly hasFar: boolean
}

/** Dimensions that the kernel's `measure` reads at once. */
const MEASURED_DIMENSIONS = 16

/**
 * Rows in a given order, ready to be measured too.
 * @param scratchBytes what a thread needs of the memory
 */
export async function prepareInOrder(
  input: FrameInput,
  frame: Frame,
  order: RowOrder,
  pool: JoinPool,
  scratchBytes: number,
): Promise<Prepared> {
  const { rows, dimensions } = input
  const padded = Math.ceil(dimensions / MEASURED_DIMENSIONS) * MEASURED_DIMENSIONS
  const { memory, at } = layOut(rows, dimensions, rows * padded, 0, pool.threads, scratchBytes)
  const framed: FramedRows = {
    matrix: new Float32Array(memory.buffer, at.matrix, rows * padded),
    padded,
    rowAt: order.rowAt,
    isZero: sharedUint8(rows),
  }
  await pool.frame(input, frame, framed)
  const prepared = unquantized(input, frame, order, memory, { ...at, rowBytes: padded * 4 })
  await pool.quantize(prepared, framed, null)
  return finished(prepared)
}

/**
 * Rows for a search of the nearest alone.
 * @param orderOf the order of the rows, from their coordinates on the principal axes where those pay
 */
export async function prepareByLikeness(
  input: FrameInput,
  frame: Frame,
  orderOf: (coordinates: Matrix | null) => Promise<RowOrder>,
  axes: { readonly backend: Backend; readonly k: number },
  pool: JoinPool,
  scratchBytes: number,
): Promise<Prepared> {
  const { rows, dimensions } = input
  const rowAt = sharedInt32(rows)
  for (let row = 0; row < rows; row++) rowAt[row] = row
  const isZero = sharedUint8(rows)
  const framed = { matrix: sharedFloat32(rows * dimensions), padded: dimensions, rowAt, isZero }
  await pool.frame(input, frame, framed)
  const matrix = { values: framed.matrix, rows, dimensions }
  const coordinates = isZero.includes(1)
    ? null
    : await principalCoordinates(matrix, frame.farRows, axes.k, axes.backend)
  const order = await orderOf(coordinates)
  const axisCount = coordinates?.dimensions ?? 0
  const { memory, at } = layOut(rows, dimensions, 0, axisCount, pool.threads, scratchBytes)
  const prepared = unquantized(input, frame, order, memory, at)
  await pool.quantize(prepared, framed, order.rowAt)
  const whole = finished(prepared)
  if (coordinates === null) return whole
  return { ...whole, at: { ...at, axisBytes: layAxes(whole, coordinates) } }
}

/** No pair is of interest to the position. */
export function leaveOut({ memory, at, rows }: Prepared, position: number): void {
  for (const offset of [at.sameThresholds, at.otherThresholds]) {
    new Float32Array(memory.buffer, offset, rows)[position] = Number.NEGATIVE_INFINITY
  }
}

function layOut(
  rows: number,
  dimensions: number,
  matrixEntries: number,
  axes: number,
  threads: number,
  scratchBytes: number,
): Pick<Prepared, 'memory' | 'at'> {
  const positions = panelPositions(rows)
  const layout = new MemoryLayout()
  const panelsOf = (width: number) =>
    layout.reserve((positions / PANEL_ROWS) * panelBytes(width), 1)
  const at = {
    matrix: layout.reserve(matrixEntries, 4),
    rowBytes: 0,
    panels: panelsOf(dimensions),
    fullBytes: panelBytes(dimensions),
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

function unquantized(
  { rows, dimensions, metric }: FrameInput,
  { scale, farRows }: Frame,
  { rowAt, classStarts }: RowOrder,
  memory: WebAssembly.Memory,
  at: Prepared['at'],
): Prepared {
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

/** With what is known once every row is quantised. */
function finished(prepared: Prepared): Prepared {
  fillPastLast(prepared)
  return { ...prepared, ...largestOf(prepared), hasZero: prepared.isZero.includes(1) }
}
