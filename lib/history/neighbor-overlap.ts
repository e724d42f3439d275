/** How much of each row's neighbourhood stayed: what can be compared whatever became of the space. */

import type { Evaluation } from '../core/evaluation.ts'
import type { BaselineRows } from './run-rows.ts'

/** Neighbours that are compared; a run publishes as many. */
export const OVERLAP_K = 10

/**
 * For each row the share of its nearest neighbours that it had in the baseline; NaN where it wasn't
 * there or shares no neighbour's row. Rows of one run only can't be kept, so they are left out of
 * both lists first: what remains are the nearest of the rows of both runs, exact as far as the
 * shorter list goes, and no deeper is compared.
 *
 * @param baselineRow for each row of this run the baseline's, −1 without
 */
export function neighborOverlap(
  { dataset, neighborhood }: Evaluation,
  baseline: Pick<BaselineRows, 'ids' | 'neighbors'>,
  baselineRow: Int32Array,
): Float64Array {
  const { k, neighbors } = neighborhood
  const rowNow = new Map<string, number>()
  for (const [row, then] of baselineRow.entries()) {
    if (then >= 0) rowNow.set(baseline.ids[then]!, row)
  }
  return Float64Array.from(baselineRow, (then, row) => {
    if (then < 0) return Number.NaN
    const before = baseline.neighbors[then]!.flatMap((id) => rowNow.get(id) ?? []).slice(
      0,
      OVERLAP_K,
    )
    const now: number[] = []
    for (let place = row * k; place < (row + 1) * k && now.length < before.length; place++) {
      const neighbor = neighbors[place]!
      if (neighbor >= 0 && neighbor < dataset.rows && baselineRow[neighbor]! >= 0) {
        now.push(neighbor)
      }
    }
    if (now.length === 0) return Number.NaN
    const common = new Set(before.slice(0, now.length))
    return now.filter((neighbor) => common.has(neighbor)).length / now.length
  })
}
