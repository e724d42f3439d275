/** Cosine distances so exact that pairs at the same true distance get the same bits. */

import { rowLengths } from './lengths.ts'

/** A number of about 100 bits: the sum of two doubles, which is not computed. */
type Twofold = readonly [value: number, rest: number]

/**
 * Distances are multiples of this step. Sums and products of 4,096 dimensions are good to about 2⁻⁹³, so
 * rows of one direction come out at 0, and hardly any distance lies at the edge between two multiples.
 * The step is small enough: the last place of a float32 turns a row by about 2⁻²⁴, which is a distance of
 * 2⁻⁴⁹.
 */
export const COSINE_STEP = 2 ** -70

/**
 * The function of two rows that computes 1 − cosine similarity; 1 where either row is the zero vector.
 *
 * Plain double precision would order rows of one direction, or mirror images, by their rounding errors
 * instead of their row numbers. Rounding such distances to fewer bits only makes that rarer, because
 * some distances lie at the edge between two values. With twice the bits and one rounding at the end
 * hardly any does.
 */
export function cosineDistance(
  vectors: Float32Array,
  rows: number,
  dimensions: number,
): (a: number, b: number) => number {
  const lengths = rowLengths(vectors, rows, dimensions)
  // Powers of two: the product of two rows' bounds is at least twice their inner product.
  const bounds = lengths.map((length) => (length === 0 ? 0 : 2 ** Math.ceil(Math.log2(length) + 1)))
  const product = (a: number, b: number) =>
    innerProduct(vectors, dimensions, a, b, 1.5 * bounds[a]! * bounds[b]!)
  const inverse = new Float64Array(2 * rows)
  for (let row = 0; row < rows; row++) {
    if (lengths[row] !== 0) inverse.set(inverseRoot(product(row, row)), 2 * row)
  }
  const inverseOf = (row: number): Twofold => [inverse[2 * row]!, inverse[2 * row + 1]!]
  return (a, b) => {
    if (lengths[a] === 0 || lengths[b] === 0) return 1
    const [cosine, rest] = times(product(a, b), times(inverseOf(a), inverseOf(b)))
    const difference = 1 - cosine
    // The second term adds back what the difference lost, so only one rounding is left.
    const distance = difference + (1 - difference - cosine - rest)
    return Math.max(0, Math.round(distance / COSINE_STEP) * COSINE_STEP)
  }
}

/**
 * The inner product of two rows. Products of two float32 are exact in double precision. Each is split by
 * adding and subtracting `rounder`: the upper parts are multiples of its last place, so their sum is
 * exact, and the lower parts are small. Even and odd dimensions have sums of their own, because
 * independent additions run at the same time.
 */
function innerProduct(
  vectors: Float32Array,
  dimensions: number,
  a: number,
  b: number,
  rounder: number,
): Twofold {
  let i = a * dimensions
  let j = b * dimensions
  const end = i + dimensions
  let upper0 = 0
  let upper1 = 0
  let lower0 = 0
  let lower1 = 0
  for (; i + 1 < end; i += 2, j += 2) {
    const product0 = vectors[i]! * vectors[j]!
    const product1 = vectors[i + 1]! * vectors[j + 1]!
    const part0 = product0 + rounder - rounder
    const part1 = product1 + rounder - rounder
    upper0 += part0
    upper1 += part1
    lower0 += product0 - part0
    lower1 += product1 - part1
  }
  if (i < end) {
    const product = vectors[i]! * vectors[j]!
    const part = product + rounder - rounder
    upper0 += part
    lower0 += product - part
  }
  return [upper0 + upper1, lower0 + lower1]
}

/** 1 / √x, by one step of Newton's method from the one in double precision. */
function inverseRoot(squared: Twofold): Twofold {
  const root = 1 / Math.sqrt(squared[0])
  const [one, rest] = times(squared, times([root, 0], [root, 0]))
  return [root, (root * (1 - one - rest)) / 2]
}

/** Product with its rounding error (Dekker, 1971: halves of 26 bits have exact products). */
function times([a, aRest]: Twofold, [b, bRest]: Twofold): Twofold {
  const product = a * b
  const aUpper = upperHalf(a)
  const bUpper = upperHalf(b)
  const aLower = a - aUpper
  const bLower = b - bUpper
  const error = aLower * bLower - (product - aUpper * bUpper - aLower * bUpper - aUpper * bLower)
  return [product, error + (a * bRest + aRest * b)]
}

function upperHalf(value: number): number {
  const shifted = value * (2 ** 27 + 1)
  return shifted - (shifted - value)
}
