/** Euclidean lengths of rows, in double precision. */

/** Far rows are brought to this length in their frame, so that float32 holds the square. */
export const LONGEST_LENGTH = 2 ** 60

/** Length of each row. */
export function rowLengths(vectors: Float32Array, rows: number, dimensions: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    lengthOf(vectors, row * dimensions, dimensions),
  )
}

/** Length of the row whose values start at an entry of the array. */
export function lengthOf(vectors: Float32Array, start: number, dimensions: number): number {
  let sum = 0
  for (let at = start; at < start + dimensions; at++) sum += vectors[at]! ** 2
  return Math.sqrt(sum)
}
