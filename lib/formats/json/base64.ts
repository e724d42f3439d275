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

/**
 * Throws `InputError` where the numbers can't be float32: of float64, float16 or the other byte order the
 * exponents are other bits.
 */
export function checkBase64(values: Float64Array, where: string): void {
  let [count, sum, squares, wrong] = [0, 0, 0, 0]
  for (const value of values) {
    if (value === 0) continue
    const power = Math.log2(Math.abs(value))
    if (!Number.isFinite(power)) {
      // A row without a vector is NaN.
      if (!Number.isNaN(value)) wrong += 1
      continue
    }
    count += 1
    sum += power
    squares += power * power
  }
  const spread = count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
  if (wrong === 0 && spread <= WIDEST_SPREAD) return
  throw new InputError({
    code: 'base64-type',
    message: `The texts are base64, but not of little-endian float32: read as that, the sizes of the numbers spread over ${Math.round(2 * spread)} powers of two${wrong > 0 ? `, and ${wrong} are infinite` : ''}.`,
    where,
    hint: 'Encode float32: base64.b64encode(np.asarray(vector, "<f4").tobytes()), or write the vectors as lists of numbers.',
  })
}

export function base64Vector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at))
}
