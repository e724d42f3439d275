/**
 * Bins of distances. A bin's width is a share of its distance, as the bits of a float32 give it. The share
 * is small where most pairs are, so that few pairs of one class share a bin with pairs of two classes, and
 * larger everywhere else, so that there is a bin for every distance that a float32 can hold.
 */

import type { Bins } from '../types.ts'

/** Coarse bins tell distances apart by 5 of the 23 bits behind the point, and drop the other 18. */
const COARSE_SHIFT = 18
/** Coarse bins begin at 2⁻⁶⁴; what is shorter falls into bin 0. */
const FIRST_EXPONENT = -64
const FINE_BINS = 7 * 2 ** 13
/** Fine bins are 1/8192 of a euclidean distance wide. Cosine distances are half-squares, with twice the octaves. */
const FINE_SHIFT = { euclidean: 10, cosine: 11 } as const
/** So many octaves of fine bins lie above the usual euclidean distance, and twice as many for cosine. */
const OCTAVES_ABOVE = 2
const INFINITY_BITS = 0x7f80_0000

/**
 * Many pairs may share a distance of few digits: rows with no dimension in common are all at cosine
 * distance 1. So such numbers lie in the middle of bins, and float32's errors don't put equal distances
 * into different ones.
 * @param usual a distance of prepared rows, about as long as most are
 */
export function distanceBins(usual: number, metric: 'euclidean' | 'cosine'): Bins {
  const fineShift = FINE_SHIFT[metric]
  const octaves = metric === 'cosine' ? 2 * OCTAVES_ABOVE : OCTAVES_ABOVE
  const exponent = usual > 0 ? Math.floor(Math.log2(usual)) : 0
  const half = 2 ** (fineShift - 1)
  // Fine bins lie among the coarse ones.
  const within = Math.min(127, Math.max(FIRST_EXPONENT + 16, exponent + octaves))
  const top = exponentBits(within) - half
  return {
    count: ((INFINITY_BITS - exponentBits(FIRST_EXPONENT)) >> COARSE_SHIFT) + FINE_BINS + 2,
    coarseBits: exponentBits(FIRST_EXPONENT) - half,
    fineBits: top - FINE_BINS * 2 ** fineShift,
    fineShift,
    fineCount: FINE_BINS,
  }
}

/** Bits of a power of two. */
function exponentBits(exponent: number): number {
  return (exponent + 127) * 2 ** 23
}

/** Which bin a distance falls into, as the kernel's `scan` computes it. */
export function binOf(bins: Bins, distance: number): number {
  return binOfBits(bins, floatBits(distance))
}

function binOfBits({ coarseBits, fineBits, fineShift, fineCount }: Bins, bits: number): number {
  const coarse = Math.max(0, (bits - coarseBits) >> COARSE_SHIFT)
  return coarse + Math.min(fineCount, Math.max(0, (bits - fineBits) >> fineShift))
}

/** Shortest distance of each bin, and at last where the last bin ends; some bins can hold nothing. */
export function binEdges(bins: Bins): Float64Array {
  const edges = new Float64Array(bins.count + 1)
  const { coarseBits, fineBits, fineShift, fineCount } = bins
  let bin = 0
  const upTo = (bits: number) => {
    const reached = binOfBits(bins, bits)
    while (bin < reached) edges[++bin] = bitsFloat(bits)
  }
  const fineEnd = fineBits + fineCount * 2 ** fineShift
  const last = INFINITY_BITS
  for (let bits = coarseBits + 2 ** COARSE_SHIFT; bits < fineBits; bits += 2 ** COARSE_SHIFT) {
    upTo(bits)
  }
  for (let bits = fineBits; bits <= fineEnd; bits += 2 ** fineShift) upTo(bits)
  const coarseAt = (bits: number) => Math.ceil((bits - coarseBits) / 2 ** COARSE_SHIFT)
  for (
    let bits = coarseBits + coarseAt(fineEnd) * 2 ** COARSE_SHIFT;
    bits <= last;
    bits += 2 ** COARSE_SHIFT
  ) {
    upTo(bits)
  }
  return edges.fill(bitsFloat(last), bin + 1)
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

function floatBits(value: number): number {
  float[0] = value
  return bits[0]!
}

/** The float32 of some bits; beyond the largest one the next power of two. */
function bitsFloat(value: number): number {
  if (value >= INFINITY_BITS) return 2 ** 128
  bits[0] = value
  return float[0]!
}
