/** Some rows compared with all others once more: for what the pass over all pairs left open. */

import type { Kernel } from '../kernel/kernel.ts'
import { BAND_ROWS, type scratchOf } from '../kernel/scratch.ts'
import type { Copies } from '../plan/copies.ts'
import type { Relations } from '../plan/row-order.ts'
import type { Prepared } from '../prepare/prepare.ts'
import { PANEL_ROWS } from '../prepare/quantize.ts'
import { type ListArrays, Lists } from '../scan/lists.ts'

export type Visit = (position: number, other: number, squared: number) => void

export interface Lookout {
  readonly prepared: Prepared
  readonly kernel: Kernel
  readonly scratch: ReturnType<typeof scratchOf>
  readonly side: number
  readonly isCosine: boolean
  /** Null where no rows are equal. */
  readonly copies: Copies | null
  readonly relations: Relations
  /** Whether it may not have all the others. */
  readonly isRestricted: boolean
  /** Whether a position may have another one for a neighbour. */
  readonly related: (position: number, other: number) => boolean
}

/**
 * Calls `visit` with every other position whose squared distance, as quantised, is below
 * the position's threshold.
 * @param start a multiple of 4; at most `LOOK_ROWS` positions
 * @param thresholds one a position from `start` on, minus infinity for those that are not looked at;
 *   the visitor may lower them
 */
export function look(
  lookout: Lookout,
  start: number,
  end: number,
  thresholds: Float32Array,
  visit: Visit,
): void {
  const { nearHits, nearSquares } = lookout.scratch
  for (const count of hitsOf(lookout, start, end, thresholds)) {
    for (let hit = 0; hit < count; hit++) {
      const position = nearHits[8 * hit]!
      const j0 = nearHits[8 * hit + 1]!
      for (let lane = 0, bits = nearHits[8 * hit + 2]!; bits !== 0; lane++, bits >>= 1) {
        const other = j0 + lane
        if ((bits & 1) === 0 || position >= end || !lookout.related(position, other)) continue
        const squared = nearSquares[8 * hit + 4 + lane]!
        if (squared < thresholds[position - start]!) visit(position, other, squared)
      }
    }
  }
}

/** Adds every such position to the lists, whose thresholds count; their positions are looked at. */
export function lookInto(lookout: Lookout, arrays: ListArrays): void {
  const { nearHits, nearSquares } = lookout.scratch
  const { start, thresholds } = arrays
  const end = start + thresholds.length
  const lists = new Lists(arrays, lookout.copies)
  for (const count of hitsOf(lookout, start, end, thresholds)) {
    for (let hit = 0; hit < count; hit++) {
      const position = nearHits[8 * hit]!
      if (position >= end) continue
      const j0 = nearHits[8 * hit + 1]!
      for (let lane = 0, bits = nearHits[8 * hit + 2]!; bits !== 0; lane++, bits >>= 1) {
        if ((bits & 1) === 0 || !lookout.related(position, j0 + lane)) continue
        lists.add(position, j0 + lane, nearSquares[8 * hit + 4 + lane]!)
      }
    }
  }
}

/** Goes over all others; yields how many hits lie in the scratch each time that there are some. */
function* hitsOf(
  { prepared, kernel, scratch, side }: Lookout,
  start: number,
  end: number,
  thresholds: Float32Array,
): Generator<number> {
  const { at, rows } = prepared
  const known = scratch.thresholds.fill(Number.NEGATIVE_INFINITY)
  const bands = openBands(start, thresholds.subarray(0, end - start))
  for (let left = 0; left < rows; left += side) {
    const right = Math.min(rows, left + side)
    for (const [top, bottom] of bands) {
      known.set(thresholds.subarray(top - start, bottom - start), top - start)
      const count = kernel.near(
        at.panels,
        at.fullBytes,
        at.axes,
        at.axisBytes,
        at.facts,
        // Indexed by position: the sum wraps around as the kernel's addresses do.
        known.byteOffset - start * 4,
        at.nothing,
        top,
        Math.ceil(bottom / 4) * 4,
        left,
        Math.ceil(right / PANEL_ROWS) * PANEL_ROWS,
        0,
        scratch.nearHits.byteOffset,
      )
      if (count > 0) yield count
    }
  }
}

/** Positions that are looked at, in steps of four as the kernel takes them, a band at most at a time. */
function openBands(start: number, thresholds: Float32Array): [top: number, bottom: number][] {
  const bands: [top: number, bottom: number][] = []
  for (let from = 0; from < thresholds.length; from += 4) {
    const to = Math.min(thresholds.length, from + 4)
    if (thresholds.subarray(from, to).every((one) => one === Number.NEGATIVE_INFINITY)) continue
    const last = bands.at(-1)
    const continues = last?.[1] === start + from && start + to - last[0] <= BAND_ROWS
    if (last !== undefined && continues) last[1] = start + to
    else bands.push([start + from, start + to])
  }
  return bands
}
