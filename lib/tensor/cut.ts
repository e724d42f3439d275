/** Parts of a matrix as arrays of their own. */

/**
 * Lines from `first` to `last` of an array with so many values a line, of each the places `from` to `to`.
 * A copy: tensors can't lie on shared memory, and keep the array that they are given.
 */
export function cut(
  values: Float32Array,
  width: number,
  first: number,
  last: number,
  from: number,
  to: number,
): Float32Array {
  if (from === 0 && to === width) return values.slice(first * width, last * width)
  const lines = new Float32Array((last - first) * (to - from))
  for (let line = first; line < last; line++) {
    const start = line * width
    lines.set(values.subarray(start + from, start + to), (line - first) * (to - from))
  }
  return lines
}
