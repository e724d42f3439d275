/** Rows made ready for the pass over all pairs: centred, scaled, in order, and quantised. */

import type { Metric } from '../core/manifest.ts'
import { sharedFloat64 } from '../core/shared-memory.ts'
import type { Backend, Matrix } from '../tensor/backend.ts'
import { mostAxes, principalCoordinates } from './axes.ts'
import { MemoryLayout } from './kernel.ts'
import { kernelNorm, PANEL_ROWS, panelBytes, quantizeRow } from './quantize.ts'
import type { RowOrder } from './row-order.ts'

/** Everything lies on one shared memory, which worker threads get as it is. */
export interface Prepared extends RowOrder {
  readonly memory: WebAssembly.Memory
  /** Byte offsets into the memory; float32, one entry a position, where nothing else is said. */
  readonly at: {
    /** Float32, rows of the data set × `rowBytes`. */
    readonly matrix: number
    readonly rowBytes: number
    /** Int16, in panels of eight positions; see `kernel-source.mjs`. */
    readonly panels: number
    readonly fullBytes: number
    /** The same of the coordinates on the principal axes; a panel is `axisBytes` long, 0 without. */
    readonly axes: number
    readonly axisBytes: number
    /** Of each panel eight norms, scales, scales on the axes and rests; see `Fact`. */
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
  /** 1 for zero vectors under cosine, which are at distance 1 from every row. */
  readonly isZero: Uint8Array
}

export interface PrepareInput {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
  readonly metric: Metric
}

/** What is taken away from each row, and the power of two that each is multiplied by. */
export interface Frame {
  readonly centre: Float64Array
  readonly scale: number
}

/** Dimensions that the kernel's `measure` reads at once. */
const MEASURED_DIMENSIONS = 16

/**
 * Whole numbers lose a distance that is small beside the vectors' lengths, so a centre is taken away
 * and the whole scaled by a power of two to lengths of at most 1: neither changes which rows are near.
 * The centre is the median of each dimension, which no far row moves away from the others. Cosine
 * becomes euclidean on unit vectors: 1 − cos = ‖u − v‖² / 2, which needs no subtraction of near-equal
 * numbers. A zero vector has no direction; with a squared length of 1 its distance to every row comes
 * out as 1, but only as long as nothing is centred.
 */
export function frameOf({ vectors, rows, dimensions, metric }: PrepareInput): Frame {
  const lengths = metric === 'cosine' ? rowLengths(vectors, rows, dimensions) : null
  const unit = unitFactor(lengths)
  const hasZero = lengths?.includes(0) ?? false
  const centre = hasZero ? new Float64Array(dimensions) : medians(vectors, rows, dimensions, unit)
  if (hasZero) return { centre, scale: 1 }
  let largest = 0
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = unit(row)
    let sum = 0
    for (let d = 0; d < dimensions; d++, at++) {
      const value = vectors[at]! * factor - centre[d]!
      sum += value * value
    }
    largest = Math.max(largest, sum)
  }
  return { centre, scale: largest === 0 ? 1 : 2 ** -Math.ceil(Math.log2(largest) / 2) }
}

/**
 * @param scratchBytes what a thread needs of the memory
 * @param orderOf the order of the rows, from their coordinates on the principal axes where those pay
 * @param axes with which such coordinates are looked for; null: not at all
 */
export async function prepare(
  input: PrepareInput,
  frame: Frame,
  threads: number,
  scratchBytes: number,
  orderOf: (coordinates: Matrix | null) => RowOrder | Promise<RowOrder>,
  axes: { readonly backend: Backend; readonly k: number } | null,
): Promise<Prepared> {
  const { rows, dimensions, metric } = input
  const positions = Math.ceil(rows / PANEL_ROWS) * PANEL_ROWS
  const padded = Math.ceil(dimensions / MEASURED_DIMENSIONS) * MEASURED_DIMENSIONS
  const axisCount = axes === null ? 0 : mostAxes(dimensions)
  const layout = new MemoryLayout()
  const panelsOf = (width: number) =>
    layout.reserve((positions / PANEL_ROWS) * panelBytes(width), 1)
  const at = {
    matrix: layout.reserve(rows * padded, 4),
    rowBytes: padded * 4,
    panels: panelsOf(dimensions),
    fullBytes: panelBytes(dimensions),
    axes: panelsOf(axisCount),
    axisBytes: 0,
    facts: layout.reserve(positions * FACTS, 4),
    nothing: layout.reserve(positions, 4),
    sameThresholds: layout.reserve(positions, 4),
    otherThresholds: layout.reserve(positions, 4),
    scratch: layout.reserve(threads * scratchBytes, 1),
    scratchBytes,
  }
  const memory = layout.allocate()
  const floats = (offset: number, length: number) => new Float32Array(memory.buffer, offset, length)
  const matrix = floats(at.matrix, rows * padded)
  const dataLengths = metric === 'cosine' ? rowLengths(input.vectors, rows, dimensions) : null
  frameRows(input, frame, unitFactor(dataLengths), matrix, padded)
  const hasZero = dataLengths?.includes(0) ?? false
  const coordinates =
    axes === null || hasZero
      ? null
      : await principalCoordinates(
          { values: matrix, rows, dimensions: padded },
          axes.k,
          axes.backend,
        )
  const order = await orderOf(coordinates)

  const facts = floats(at.facts, positions * FACTS)
  for (let position = rows; position < positions; position++) {
    facts[factAt(position, Fact.norm)] = Number.POSITIVE_INFINITY
  }
  floats(at.nothing, positions).fill(Number.NEGATIVE_INFINITY)
  for (const offset of [at.sameThresholds, at.otherThresholds]) {
    floats(offset, positions).fill(Number.POSITIVE_INFINITY)
    floats(offset, positions).fill(Number.NEGATIVE_INFINITY, rows)
  }
  const panels = new Int16Array(
    memory.buffer,
    at.panels,
    ((positions / PANEL_ROWS) * at.fullBytes) / 2,
  )
  const lengths = sharedFloat64(rows)
  const errors = sharedFloat64(rows)
  const isZero = new Uint8Array(new SharedArrayBuffer(rows))
  let largestLength = 0
  let largestError = 0
  for (let position = 0; position < rows; position++) {
    const row = order.rowAt[position]!
    const values = matrix.subarray(row * padded, row * padded + dimensions)
    const quantized = quantizeRow(values, panels, position)
    const zero = dataLengths !== null && dataLengths[row] === 0
    isZero[position] = zero ? 1 : 0
    facts[factAt(position, Fact.scale)] = quantized.scale * Math.SQRT2
    facts[factAt(position, Fact.norm)] = zero ? 1 : kernelNorm(quantized.squares, quantized.scale)
    lengths[position] = zero ? 1 : quantized.length * (1 + UNIT_ROUNDOFF)
    // What was quantised had been rounded to float32 before.
    errors[position] = quantized.error + quantized.length * UNIT_ROUNDOFF
    largestLength = Math.max(largestLength, lengths[position]!)
    if (quantized.scale > 0) {
      largestError = Math.max(largestError, errors[position]! / lengths[position]!)
    }
  }
  const prepared = {
    ...order,
    memory,
    at,
    rows,
    dimensions,
    lengths,
    errors,
    largestLength,
    largestError,
    scale: frame.scale,
    isZero,
  }
  if (coordinates !== null) at.axisBytes = layAxes(prepared, coordinates)
  return prepared
}

/** Writes the rows, centred and scaled, to `matrix`: rows × padded dimensions. */
function frameRows(
  { vectors, rows, dimensions }: PrepareInput,
  { centre, scale }: Frame,
  unit: (row: number) => number,
  matrix: Float32Array,
  padded: number,
): void {
  for (let row = 0, from = 0; row < rows; row++) {
    const factor = unit(row)
    const to = row * padded
    for (let d = 0; d < dimensions; d++, from++) {
      matrix[to + d] = (vectors[from]! * factor - centre[d]!) * scale
    }
  }
}

const UNIT_ROUNDOFF = 2 ** -24

/**
 * What the kernel knows of a row: the squared length of the quantised row (infinity past the last one),
 * its unit times √2, likewise on the axes, and the length of what the axes leave, rounding errors
 * included, times √2.
 */
const Fact = { norm: 0, scale: 1, axisScale: 2, rest: 3 } as const
const FACTS = 4

/** Where a fact of a position lies: a panel's eight of each kind are side by side. */
function factAt(position: number, fact: number): number {
  const inPanel = position % PANEL_ROWS
  return (position - inPanel) * FACTS + fact * PANEL_ROWS + inPanel
}

/**
 * Quantises the coordinates on the principal axes, and bounds what they leave of each row; returns the
 * bytes of a panel.
 *
 * With P the coordinates as they are quantised, R what the axes leave of a quantised row x, and f how
 * far P may be from the true coordinates: x·y ≤ P(x)·P(y) + f(x)‖y‖ + ‖x‖f(y) + ‖R(x)‖‖R(y)‖, and
 * ‖R‖² ≤ ‖x‖² − (‖P‖ − f)². With f ≤ g‖x‖ for every row the two middle terms are at most 2g‖x‖‖y‖, and
 * (‖R(x)‖² + 2g‖x‖²)(‖R(y)‖² + 2g‖y‖²) ≥ (‖R(x)‖‖R(y)‖ + 2g‖x‖‖y‖)² by Cauchy-Schwarz: so the root of
 * such a sum serves as a row's rest.
 */
function layAxes(prepared: Prepared, coordinates: Matrix): number {
  const { memory, at, rows, rowAt, lengths, errors } = prepared
  const count = coordinates.dimensions
  const bytes = panelBytes(count)
  const positions = Math.ceil(rows / PANEL_ROWS) * PANEL_ROWS
  const panels = new Int16Array(memory.buffer, at.axes, ((positions / PANEL_ROWS) * bytes) / 2)
  const facts = new Float32Array(memory.buffer, at.facts, positions * FACTS)
  // Products in float32, of rows and axes that are rounded to it (Higham 2002, section 3.1).
  const computed = Math.sqrt(count) * (at.rowBytes / 4 + 8) * UNIT_ROUNDOFF * 1.01
  const known = new Float64Array(rows)
  let largest = 0
  for (let position = 0; position < rows; position++) {
    const start = rowAt[position]! * count
    const quantized = quantizeRow(
      coordinates.values.subarray(start, start + count),
      panels,
      position,
    )
    facts[factAt(position, Fact.axisScale)] = quantized.scale * Math.SQRT2
    known[position] = Math.sqrt(quantized.squares) * quantized.scale
    const error = quantized.error + errors[position]! + computed * lengths[position]!
    // A row that is nothing beside the others is quantised to zero: no product of it can be wrong.
    if (facts[factAt(position, Fact.scale)]! > 0)
      largest = Math.max(largest, error / lengths[position]!)
  }
  for (let position = 0; position < rows; position++) {
    const length = lengths[position]! * (1 + 2 ** -10)
    const surely = Math.max(0, known[position]! - largest * length)
    const rest = length ** 2 - surely ** 2 + 2.02 * largest * length ** 2
    // Upwards: a rest that is too long only saves less.
    facts[factAt(position, Fact.rest)] = Math.sqrt(2 * Math.max(0, rest)) * (1 + 2 ** -20)
  }
  return bytes
}

/** More rows than this don't move a median by what matters here. */
const MEDIAN_ROWS = 1001

/** Median of each dimension, of rows at even steps. */
function medians(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
  unit: (row: number) => number,
): Float64Array {
  const count = Math.min(rows, MEDIAN_ROWS)
  const sample = Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count))
  const factors = sample.map(unit)
  const values = new Float64Array(count)
  return Float64Array.from({ length: dimensions }, (_, d) => {
    for (let at = 0; at < count; at++) {
      values[at] = vectors[sample[at]! * dimensions + d]! * factors[at]!
    }
    return values.sort()[count >> 1]!
  })
}

/** Euclidean length of each row, in double precision. */
export function rowLengths(vectors: Float32Array, rows: number, dimensions: number): Float64Array {
  const lengths = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += vectors[row * dimensions + d]! ** 2
    lengths[row] = Math.sqrt(sum)
  }
  return lengths
}

/** What a row is multiplied by to be of length 1; 1 without lengths, 0 for zero vectors. */
function unitFactor(lengths: Float64Array | null): (row: number) => number {
  if (lengths === null) return () => 1
  return (row) => (lengths[row]! === 0 ? 0 : 1 / lengths[row]!)
}
