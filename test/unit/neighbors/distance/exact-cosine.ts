/** Cosine distances in whole numbers of any size: an oracle for those that are computed in floats. */

import type { Vectors } from '../../../../lib/neighbors/input.ts'

const BITS = 160n

/** Rounded once to double precision, and to a multiple of 2⁻⁷⁰; 1 where either is the zero vector. */
export function exactCosine({ vectors, rows, dimensions }: Vectors) {
  // Every float32 is a multiple of 2⁻¹⁴⁹.
  const whole = Array.from(vectors, (value) => BigInt(value * 2 ** 149))
  const dot = (i: number, j: number) => {
    let sum = 0n
    for (let d = 0; d < dimensions; d++) {
      sum += whole[i * dimensions + d]! * whole[j * dimensions + d]!
    }
    return sum
  }
  const squares = Array.from({ length: rows }, (_, row) => dot(row, row))
  const known = new Map<number, number>()
  return (i: number, j: number): number => {
    if (squares[i] === 0n || squares[j] === 0n) return 1
    const place = Math.min(i, j) * rows + Math.max(i, j)
    const distance = known.get(place) ?? distanceOf(dot(i, j), squares[i]! * squares[j]!)
    known.set(place, distance)
    return distance
  }
}

function distanceOf(dot: bigint, squares: bigint): number {
  const one = 1n << BITS
  const cosine = root((dot * dot * one * one) / squares)
  const distance = Number(dot < 0n ? one + cosine : one - cosine) / 2 ** Number(BITS)
  return Math.round(distance * 2 ** 70) / 2 ** 70
}

/** The square root, rounded down, by Newton's method from above. */
function root(value: bigint): bigint {
  if (value === 0n) return 0n
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  while (true) {
    const next = (guess + value / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}
