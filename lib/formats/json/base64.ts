/** Vectors as base64 of little-endian float32, as OpenAI's API gives them with `encoding_format=base64`. */

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

export function base64Vector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at))
}
