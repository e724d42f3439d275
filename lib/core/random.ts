/** Seeded chance, so that the same upload gives the same report. */

/**
 * A generator of uniform numbers in [0, 1) with 32 bits each: `mulberry32` (Tommy Ettinger, public
 * domain). Good enough for resampling, never for secrets.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
