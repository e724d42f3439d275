/** Some rows compared with all others once more: for what the pass over all pairs left open. */

import type { Kernel } from './kernel.ts'
import type { Prepared } from './prepare.ts'
import { PANEL_ROWS } from './quantize.ts'
import { BAND_ROWS, type scratchOf } from './scratch.ts'

export type Visit = (position: number, other: number, squared: number) => void

export interface Lookout {
  readonly prepared: Prepared
  readonly kernel: Kernel
  readonly scratch: ReturnType<typeof scratchOf>
  readonly side: number
  readonly isCosine: boolean
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
  { prepared, kernel, scratch, side, related }: Lookout,
  start: number,
  end: number,
  thresholds: Float32Array,
  visit: Visit,
): void {
  const { at, rows } = prepared
  const known = scratch.thresholds.fill(Number.NEGATIVE_INFINITY)
  for (let left = 0; left < rows; left += side) {
    const right = Math.min(rows, left + side)
    for (let band = start; band < end; band += BAND_ROWS) {
      const bottom = Math.min(end, band + BAND_ROWS)
      known.set(thresholds.subarray(band - start, bottom - start), band - start)
      const count = kernel.near(
        at.panels,
        at.fullBytes,
        at.axes,
        at.axisBytes,
        at.facts,
        // Indexed by position: the sum wraps around as the kernel's addresses do.
        known.byteOffset - start * 4,
        at.nothing,
        band,
        Math.ceil(bottom / 4) * 4,
        left,
        Math.ceil(right / PANEL_ROWS) * PANEL_ROWS,
        0,
        scratch.nearHits.byteOffset,
      )
      for (let hit = 0; hit < count; hit++) {
        const position = scratch.nearHits[8 * hit]!
        const j0 = scratch.nearHits[8 * hit + 1]!
        for (let lane = 0, bits = scratch.nearHits[8 * hit + 2]!; bits !== 0; lane++, bits >>= 1) {
          const other = j0 + lane
          if ((bits & 1) === 0 || position >= end || !related(position, other)) continue
          const squared = scratch.nearSquares[8 * hit + 4 + lane]!
          if (squared < thresholds[position - start]!) visit(position, other, squared)
        }
      }
    }
  }
}

/**
 * Squared distances, as quantised, of some rows to a part of all others: every `step`-th panel of eight.
 * @param start as for `look`
 * @returns for each position as many as `count`; those that can't be its neighbours are infinite
 */
export function sampleSquares(
  { prepared, kernel, scratch, related }: Lookout,
  start: number,
  end: number,
  step: number,
): { readonly count: number; readonly squares: Float32Array } {
  const { at, rows } = prepared
  const panels = Math.ceil(Math.ceil(rows / PANEL_ROWS) / step)
  const count = panels * PANEL_ROWS
  const squares = new Float32Array((end - start) * count).fill(Number.POSITIVE_INFINITY)
  const known = scratch.thresholds.fill(Number.NEGATIVE_INFINITY)
  known.fill(Number.POSITIVE_INFINITY, 0, end - start)
  for (let panel = 0; panel < panels; panel++) {
    const left = panel * step * PANEL_ROWS
    for (let band = start; band < end; band += BAND_ROWS) {
      const bottom = Math.min(end, band + BAND_ROWS)
      const hits = kernel.near(
        at.panels,
        at.fullBytes,
        at.axes,
        0,
        at.facts,
        known.byteOffset - start * 4,
        at.nothing,
        band,
        Math.ceil(bottom / 4) * 4,
        left,
        left + PANEL_ROWS,
        0,
        scratch.nearHits.byteOffset,
      )
      for (let hit = 0; hit < hits; hit++) {
        const position = scratch.nearHits[8 * hit]!
        const first = scratch.nearHits[8 * hit + 1]!
        for (let lane = 0; lane < 4; lane++) {
          const other = first + lane
          if (position >= end || other >= rows || !related(position, other)) continue
          const to = (position - start) * count + panel * PANEL_ROWS + (other - left)
          squares[to] = scratch.nearSquares[8 * hit + 4 + lane]!
        }
      }
    }
  }
  return { count, squares }
}
