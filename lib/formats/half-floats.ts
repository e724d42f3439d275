/** Floats of two bytes that no typed array of JavaScript holds. */

/**
 * bfloat16 is the upper half of a float32, so nothing is rounded.
 *
 * @param bytes little-endian, two a number; an odd one at the end is left out
 */
export function bfloat16Values(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bits = new Uint32Array(bytes.length >> 1)
  for (let at = 0; at < bits.length; at += 1) bits[at] = view.getUint16(2 * at, true) << 16
  return new Float32Array(bits.buffer)
}
