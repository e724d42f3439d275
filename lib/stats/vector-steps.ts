/** Steps on vectors in double precision, in place. */

/** Over the length of `direction`. */
export function addTo(vector: Float64Array, direction: Float64Array, times: number): void {
  for (let i = 0; i < direction.length; i++) vector[i]! += times * direction[i]!
}

export function normalize(vector: Float64Array): void {
  const length = lengthOf(vector)
  if (length === 0) return
  for (let i = 0; i < vector.length; i++) vector[i]! /= length
}

/** Scaled by the largest entry, so that squares neither overflow nor vanish. */
export function lengthOf(vector: Float64Array): number {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  if (largest === 0) return 0
  let sum = 0
  for (const value of vector) sum += (value / largest) ** 2
  return largest * Math.sqrt(sum)
}
