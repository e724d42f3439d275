/** Bins of distances whose width is a fixed share of the distance, from the bits of a float32. */

const COUNT = 2 ** 16
/** Of the 23 bits behind the point 11 stay: a bin is at most 1/2048 of its distance wide. */
const DROPPED_BITS = 12
const WIDTH = 2 ** DROPPED_BITS

export interface Bins {
  readonly count: number
  /** The bits of the float32 that bin 0 begins at, as the scan counts. */
  readonly firstBits: number
}

/**
 * As many bins below the longest distance as there are, 32 octaves; what is shorter falls into bin 0.
 * Equal shares rather than equal widths keep one far row from flattening the distances of all others.
 * Bits are rounded to the nearest bin: a number of few digits, which many pairs may share (1 of those
 * that have no dimension in common), lies in the middle of a bin, where float32's errors don't part them.
 */
export function distanceBins(longest: number): Bins {
  const last = Math.floor((floatBits(longest) + WIDTH / 2) / WIDTH)
  return { count: COUNT, firstBits: (last - COUNT + 1) * WIDTH - WIDTH / 2 }
}

/** Shortest distance of each bin, and at last where the last one ends. */
export function binEdges({ count, firstBits }: Bins): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, bin) =>
    bin === 0 ? 0 : bitsFloat(Math.max(0, firstBits + bin * WIDTH)),
  )
}

/** Which bin a distance falls into, as the kernel's `scan` computes it. */
export function binOf({ firstBits }: Bins, distance: number): number {
  return Math.max(0, (floatBits(distance) - firstBits) >> DROPPED_BITS)
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
