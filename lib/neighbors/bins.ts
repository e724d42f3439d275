/** Bins of distances whose width is a fixed share of the distance, from the bits of a float32. */

const COUNT = 2 ** 16
/** Of the 23 bits behind the point 11 stay: a bin is at most 1/2048 of its distance wide. */
export const DROPPED_BITS = 12

export interface Bins {
  readonly count: number
  /** Of bin 0, as the scan counts: the bits of a float32 without the dropped ones. */
  readonly first: number
}

/**
 * As many bins below the longest distance as there are, 32 octaves; what is shorter falls into bin 0.
 * Equal shares rather than equal widths keep one far row from flattening the distances of all others.
 */
export function distanceBins(longest: number): Bins {
  return { count: COUNT, first: (floatBits(longest) >>> DROPPED_BITS) - COUNT + 1 }
}

/** Shortest distance of each bin, and at last where the last one ends. */
export function binEdges({ count, first }: Bins): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, bin) =>
    bin === 0 ? 0 : bitsFloat(Math.max(0, first + bin) << DROPPED_BITS),
  )
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

function floatBits(value: number): number {
  float[0] = value
  return bits[0]!
}

function bitsFloat(value: number): number {
  bits[0] = value
  return float[0]!
}
