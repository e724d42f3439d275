/** Rows as whole numbers of 16 bits, in the panels that the kernel multiplies. */

/** Rows of a panel. */
export const PANEL_ROWS = 8
/** Two rows of this length have an inner product that fits into 32 bits, rounding included. */
const LARGEST_LENGTH = 46_000
const LARGEST_VALUE = 32_766
const SHORTEST_LENGTH = 2 ** -40

/** Bytes of a panel of eight rows: pairs of dimensions, each of two bytes. */
export function panelBytes(dimensions: number): number {
  return Math.ceil(dimensions / 2) * 4 * PANEL_ROWS
}

export interface QuantizedRow {
  /** Of the row as it was. */
  readonly length: number
  /** What a unit stands for. */
  readonly scale: number
  /** Length of what rounding changed. */
  readonly error: number
  /** Sum of the squares, in units. */
  readonly squares: number
}

/**
 * Rounds a row to whole multiples of a scale of its own, the smallest that keeps inner products within
 * 32 bits, and writes them to their places among the panels.
 * @param panels of all rows
 */
export function quantizeRow(
  values: Float32Array,
  panels: Int16Array,
  position: number,
): QuantizedRow {
  const dimensions = values.length
  let largest = 0
  let sum = 0
  for (let d = 0; d < dimensions; d++) {
    const value = values[d]!
    largest = Math.max(largest, Math.abs(value))
    sum += value * value
  }
  // Beside rows of length 1 this is nothing, and its scale would not fit into a float32.
  const length = Math.sqrt(sum)
  if (length < SHORTEST_LENGTH) return { length, scale: 0, error: length, squares: 0 }
  const inverse = Math.min(LARGEST_VALUE / largest, LARGEST_LENGTH / length)
  const scale = 1 / inverse
  const width = 2 * PANEL_ROWS
  let at =
    Math.floor(position / PANEL_ROWS) * (panelBytes(dimensions) / 2) + (position % PANEL_ROWS) * 2
  let squares = 0
  let lost = 0
  for (let d = 0; d < dimensions; d += 2, at += width) {
    for (let half = 0; half < 2 && d + half < dimensions; half++) {
      const value = values[d + half]!
      const unit = Math.round(value * inverse)
      panels[at + half] = unit
      squares += unit * unit
      const difference = value - unit * scale
      lost += difference * difference
    }
  }
  return { length, scale, error: Math.sqrt(lost), squares }
}

/** As the kernel computes it: the square of a row's length, so that equal rows are at distance 0. */
export function kernelNorm(squares: number, scale: number): number {
  const root = Math.fround(scale * Math.SQRT2)
  return Math.fround(Math.fround(squares) * Math.fround(root * root)) / 2
}
