/** Copies of parts of a matrix: tensors can't lie on shared memory, and keep the array they get. */

import type { Matrix } from './backend.ts'

/** Some rows of a matrix, and some of their dimensions. */
export interface Part {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
}

/** A part as it lies in the matrix: row by row, or dimension by dimension. */
export function cut(matrix: Matrix, part: Part): Float32Array {
  const { values } = matrix
  const { width, first, last, from, to } = linesOf(matrix, part)
  if (from === 0 && to === width) return values.slice(first * width, last * width)
  const lines = new Float32Array((last - first) * (to - from))
  for (let line = first; line < last; line++) {
    const start = line * width
    lines.set(values.subarray(start + from, start + to), (line - first) * (to - from))
  }
  return lines
}

/** A part with its lines and its places in a line exchanged. */
export function cutTransposed(matrix: Matrix, part: Part): Float32Array {
  const { values } = matrix
  const { width, first, last, from, to } = linesOf(matrix, part)
  const count = last - first
  const transposed = new Float32Array((to - from) * count)
  // Sixteen lines at a time fill whole cache lines of what is written.
  for (let start = 0; start < count; start += 16) {
    const end = Math.min(count, start + 16)
    for (let place = from; place < to; place++) {
      for (let line = start; line < end; line++) {
        transposed[(place - from) * count + line] = values[(first + line) * width + place]!
      }
    }
  }
  return transposed
}

/** A part as lines of the matrix's array, from `first` to `last`, and places in them. */
function linesOf({ rows, dimensions, byDimension }: Matrix, { start, end, from, to }: Part) {
  return byDimension
    ? { width: rows, first: from, last: to, from: start, to: end }
    : { width: dimensions, first: start, last: end, from, to }
}
