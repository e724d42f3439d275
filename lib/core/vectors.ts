/** Sums over the dimensions of two vectors, in double precision; four at a time, since independent additions run at once. */

/** Over the length of `a`. */
export function dot(a: Float64Array, b: Float64Array): number {
  const size = a.length
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let d = 0
  for (; d + 3 < size; d += 4) {
    sum0 += a[d]! * b[d]!
    sum1 += a[d + 1]! * b[d + 1]!
    sum2 += a[d + 2]! * b[d + 2]!
    sum3 += a[d + 3]! * b[d + 3]!
  }
  for (; d < size; d++) sum0 += a[d]! * b[d]!
  return sum0 + sum1 + (sum2 + sum3)
}

/** Of two rows of one set; exactly 0 for equal rows. */
export function squaredDistance(
  vectors: Float32Array,
  dimensions: number,
  a: number,
  b: number,
): number {
  let i = a * dimensions
  let j = b * dimensions
  const end = i + dimensions
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (; i + 3 < end; i += 4, j += 4) {
    const d0 = vectors[i]! - vectors[j]!
    const d1 = vectors[i + 1]! - vectors[j + 1]!
    const d2 = vectors[i + 2]! - vectors[j + 2]!
    const d3 = vectors[i + 3]! - vectors[j + 3]!
    sum0 += d0 * d0
    sum1 += d1 * d1
    sum2 += d2 * d2
    sum3 += d3 * d3
  }
  for (; i < end; i++, j++) {
    const d = vectors[i]! - vectors[j]!
    sum0 += d * d
  }
  return sum0 + sum1 + (sum2 + sum3)
}
