/** A look: some positions compared with all others once more, for what the scan left open. */

import { BAND_ROWS } from '../kernel/scratch.ts'
import { Lists } from '../scan/lists.ts'
import type { Lookout } from '../scan/lookout.ts'
import type { ListArrays } from '../types.ts'

export type Visit = (position: number, other: number, squared: number) => void

/** The limits of a look are larger by this share, so that rounding them to float32 loses no pair. */
const ROUNDING = 1 + 2 ** -20

/** Squared distances up to which some positions look at others; minus infinity: a position doesn't look. */
export class LookLimits {
  readonly limits: Float32Array
  readonly #start: number
  #isOpen = false

  constructor(start: number, end: number) {
    this.#start = start
    this.limits = new Float32Array(end - start).fill(Number.NEGATIVE_INFINITY)
  }

  /** Whether any position looks at others. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  set(position: number, limit: number): void {
    this.limits[position - this.#start] = Math.fround(limit * ROUNDING)
    this.#isOpen = true
  }
}

/**
 * Calls `visit` with every other position whose squared distance, as quantised, is below the position's
 * limit.
 * @param start a multiple of 4; at most `LOOK_ROWS` positions
 * @param limits one a position from `start` on; the visitor may lower them
 */
export function look(
  lookout: Lookout,
  start: number,
  end: number,
  { limits }: LookLimits,
  visit: Visit,
): void {
  const { scratch, isRelated } = lookout
  const { nearHits, nearSquares } = scratch
  for (const count of hitCounts(lookout, start, end, limits)) {
    for (let hit = 0; hit < count; hit++) {
      const position = nearHits[8 * hit]!
      const j0 = nearHits[8 * hit + 1]!
      for (let lane = 0, bits = nearHits[8 * hit + 2]!; bits !== 0; lane++, bits >>= 1) {
        const other = j0 + lane
        if ((bits & 1) === 0 || position >= end || !isRelated(position, other)) continue
        const squared = nearSquares[8 * hit + 4 + lane]!
        if (squared < limits[position - start]!) visit(position, other, squared)
      }
    }
  }
}

/** Adds to the lists of some positions all others below the lists' thresholds. */
export function lookInto(lookout: Lookout, arrays: ListArrays): void {
  const { scratch, isRelated } = lookout
  const { nearHits, nearSquares } = scratch
  const { start, thresholds } = arrays
  const end = start + thresholds.length
  const lists = new Lists(arrays, lookout.copies)
  for (const count of hitCounts(lookout, start, end, thresholds)) {
    for (let hit = 0; hit < count; hit++) {
      const position = nearHits[8 * hit]!
      if (position >= end) continue
      const j0 = nearHits[8 * hit + 1]!
      for (let lane = 0, bits = nearHits[8 * hit + 2]!; bits !== 0; lane++, bits >>= 1) {
        if ((bits & 1) === 0 || !isRelated(position, j0 + lane)) continue
        lists.add(position, j0 + lane, nearSquares[8 * hit + 4 + lane]!)
      }
    }
  }
}

/** Goes over all others; yields how many hits lie in the scratch, each time that there are some. */
function* hitCounts(
  { preparedRows, kernel, scratch, side }: Lookout,
  start: number,
  end: number,
  limits: Float32Array,
): Generator<number> {
  const { at, rows } = preparedRows
  const thresholds = scratch.thresholds.fill(Number.NEGATIVE_INFINITY)
  const bands = openBands(start, limits.subarray(0, end - start))
  for (let left = 0; left < rows; left += side) {
    const right = Math.min(rows, left + side)
    for (const [top, bottom] of bands) {
      thresholds.set(limits.subarray(top - start, bottom - start), top - start)
      const count = kernel.near({
        rows: at,
        axisBytes: at.axisBytes,
        pairs: { top, bottom, left, right },
        triangle: false,
        // Addressed by position: where this is negative it wraps around, as the kernel's sums do.
        rowThresholds: thresholds.byteOffset - start * 4,
        columnThresholds: at.nothing,
        hits: scratch.nearHits.byteOffset,
      })
      if (count > 0) yield count
    }
  }
}

/** The positions that look at others, in steps of four as the kernel takes them, in bands. */
function openBands(start: number, limits: Float32Array): [top: number, bottom: number][] {
  const bands: [top: number, bottom: number][] = []
  for (let from = 0; from < limits.length; from += 4) {
    const to = Math.min(limits.length, from + 4)
    if (limits.subarray(from, to).every((limit) => limit === Number.NEGATIVE_INFINITY)) continue
    const last = bands.at(-1)
    const continues = last?.[1] === start + from && start + to - last[0] <= BAND_ROWS
    if (last !== undefined && continues) last[1] = start + to
    else bands.push([start + from, start + to])
  }
  return bands
}
