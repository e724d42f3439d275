/** Vectors as base64 of little-endian float32, as OpenAI's API gives them with `encoding_format=base64`. */

import { InputError } from '../../core/errors.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Fewer floats could as well be a word. */
const FEWEST_FLOATS = 4

/** How many floats a text holds; null where it isn't base64 of such. */
export function base64Floats(text: string): number | null {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const byteLength = (text.length / 4) * 3 - padding
  return byteLength % 4 === 0 && byteLength >= 4 * FEWEST_FLOATS ? byteLength / 4 : null
}

/** Of embeddings the sizes of numbers lie within a few powers of two; of bytes that are read wrongly, anywhere. */
const WIDEST_SPREAD = 10
/** Below it float32 has no full digits left: numbers that are all so small were read in the wrong order of bytes. */
const SMALLEST_MEAN = -120
/** Numbers that are looked at, and without so many in each place of a pair nothing is concluded from them. */
const LOOKED_AT = 100_000
const FEWEST_OF_PAIR = 16

/** Floats of two bytes: pairs of them may look like float32. */
const HALVES = [
  { name: 'float16', exponentBits: 5, decode: 'np.frombuffer(b, "<f2")', widest: 5 },
  {
    name: 'bfloat16',
    exponentBits: 8,
    decode: '(np.frombuffer(b, "<u2").astype("<u4") << 16).view("<f4")',
    widest: WIDEST_SPREAD,
  },
] as const

/**
 * Throws `InputError` where the numbers can't be float32, or might as well be of another type: of float64,
 * float16 or the other byte order the exponents are other bits.
 *
 * @param dimensions of float32
 */
export function checkBase64(values: Float64Array, dimensions: number, where: string): void {
  const numbers = Float32Array.from(values.subarray(0, LOOKED_AT)).filter(
    // A row without a vector is NaN.
    (value) => !Number.isNaN(value),
  )
  const all = spreadOf(Array.from(numbers, (value) => Math.log2(Math.abs(value))))
  if (all.infinite > 0 || all.spread > WIDEST_SPREAD || all.mean < SMALLEST_MEAN) {
    const sizes =
      all.mean < SMALLEST_MEAN
        ? 'the numbers are smaller than any that embeddings hold'
        : `the sizes of the numbers spread over ${Math.round(2 * all.spread)} powers of two${all.infinite > 0 ? `, and ${all.infinite} are infinite` : ''}`
    throw wrongType(
      `The texts are base64, but not of little-endian float32: read as that, ${sizes}.`,
    )
  }
  const [even, odd] = pairsOf(Array.from(numbers, (value) => Math.log2(Math.abs(value))))
  if (even!.count === 0 && odd!.zeros < odd!.count && odd!.count >= FEWEST_OF_PAIR) {
    throw wrongType(
      `The texts are base64, and most likely of ${dimensions / 2} float64: read as ${dimensions} float32, each number at an even place is 0, and those at odd places aren't.`,
    )
  }
  const words = new Uint16Array(numbers.buffer)
  const halves = HALVES.filter(({ exponentBits, widest }) =>
    areAlike(pairsOf(Array.from(words, (word) => sizeOf(word, exponentBits))), widest),
  )
  if (halves.length === 0) return
  const types = halves.map(({ name }) => `${2 * dimensions} ${name}`)
  const decoded = halves.map(({ name, decode }) => `of ${name}: ${decode}.tolist()`)
  throw new InputError({
    code: 'base64-type',
    message: `The texts are base64 of ${dimensions} float32 or of ${types.join(' or ')}: read as either, the numbers are of the sizes that embeddings have.`,
    where,
    hint: `Write the vectors as lists of numbers. In Python, with import base64, numpy as np and b = base64.b64decode(text), that is ${decoded.join(' or ')}`,
  })

  function wrongType(message: string): InputError {
    return new InputError({
      code: 'base64-type',
      message,
      where,
      hint: 'Write the vectors as lists of numbers, or encode float32: base64.b64encode(np.asarray(vector, "<f4").tobytes())',
    })
  }
}

interface Sizes {
  /** Numbers that aren't zero. */
  readonly count: number
  readonly zeros: number
  readonly infinite: number
  /** Of the powers of two. */
  readonly mean: number
  readonly spread: number
}

/** @param powers of two; -Infinity of a zero, Infinity of what is no finite number */
function spreadOf(powers: readonly number[]): Sizes {
  const finite = powers.filter(Number.isFinite)
  const infinite = powers.filter((power) => power === Number.POSITIVE_INFINITY).length
  const mean = finite.reduce((sum, power) => sum + power, 0) / (finite.length || 1)
  const squares = finite.reduce((sum, power) => sum + (power - mean) ** 2, 0)
  return {
    count: finite.length,
    zeros: powers.length - finite.length - infinite,
    infinite,
    mean,
    spread: Math.sqrt(squares / (finite.length || 1)),
  }
}

/** Those at even places, and those at odd places. */
function pairsOf(powers: readonly number[]): readonly [Sizes, Sizes] {
  return [
    spreadOf(powers.filter((_, at) => at % 2 === 0)),
    spreadOf(powers.filter((_, at) => at % 2 === 1)),
  ]
}

/** Zeros of one place in a pair, as a share, beyond those of the other: of numbers of one kind they are alike. */
const MOST_ZEROS = 0.2

/**
 * Whether both places in a pair hold numbers of usual sizes: of a float32 one half is the end of its digits,
 * which read as a number is of any size, or always zero.
 */
function areAlike(places: readonly [Sizes, Sizes], widest: number): boolean {
  const shares = places.map(({ zeros, count }) => zeros / (zeros + count || 1))
  return (
    places.every(
      (one) => one.infinite === 0 && one.spread <= widest && one.count >= FEWEST_OF_PAIR,
    ) && Math.abs(shares[0]! - shares[1]!) <= MOST_ZEROS
  )
}

/** The power of two of a float of 16 bits. */
function sizeOf(word: number, exponentBits: number): number {
  const mantissaBits = 15 - exponentBits
  const exponent = (word >> mantissaBits) & (2 ** exponentBits - 1)
  const mantissa = (word & (2 ** mantissaBits - 1)) / 2 ** mantissaBits
  const bias = 2 ** (exponentBits - 1) - 1
  if (exponent === 2 ** exponentBits - 1) return Number.POSITIVE_INFINITY
  if (exponent === 0) return Math.log2(mantissa) + 1 - bias
  return exponent - bias + Math.log2(1 + mantissa)
}

export function base64Vector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at))
}
