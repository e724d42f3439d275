/** Which broken rows to look at first. */

import type { Answer, ClassChange, FallenRow, PairChange } from '../core/changes.ts'
import type { Evaluation } from '../core/evaluation.ts'
import { median } from '../stats/summary.ts'
import type { BaselineRows, RunRows } from './run-rows.ts'

const MOST_ROWS = 60

/**
 * Rows that were right and are wrong. Those of a class or pair that got worse by its test come
 * first, since they have a cause in common; then the rows that fell the farthest, from safely right
 * to plainly wrong. Rows on the edge between two classes, which any retraining tips over, come last.
 */
export function fallenRows(
  evaluation: Evaluation,
  current: RunRows,
  baseline: BaselineRows,
  baselineRow: Int32Array,
  parts: { readonly classes: readonly ClassChange[]; readonly pairs: readonly PairChange[] },
): FallenRow[] {
  const { neighborhood, rows } = evaluation
  const unitNow = unitOf(rows.classMargin)
  const unitThen = unitOf(baseline.classMargin)
  const worseClasses = new Set(
    parts.classes.filter(({ verdict }) => verdict === 'worse').map(({ label }) => label),
  )
  const worsePairs = parts.pairs.filter(({ verdict }) => verdict === 'worse')
  const fallen: FallenRow[] = []
  for (const [row, then] of baselineRow.entries()) {
    if (then < 0 || current.correct[row] === 1 || baseline.correct[then] !== 1) continue
    const label = current.labels[row]!
    const said = current.nearestLabel[row]!
    const nearest = neighborhood.neighbors[row * neighborhood.k] ?? -1
    const pair = worsePairs.find(
      ({ a, b }) => (a === label && b === said) || (a === said && b === label),
    )
    const fall = baseline.classMargin[then]! / unitThen - rows.classMargin[row]! / unitNow
    fallen.push({
      id: current.ids[row]!,
      label,
      before: answer(baseline.nearestLabel[then], baseline.neighbors[then]?.[0]),
      now: answer(said, current.ids[nearest]),
      fall: Number.isFinite(fall) ? fall : null,
      part: pair ? `${pair.a}/${pair.b}` : worseClasses.has(label) ? label : null,
    })
  }
  return fallen
    .sort(
      (one, other) =>
        Number(other.part !== null) - Number(one.part !== null) ||
        (other.fall ?? Number.NEGATIVE_INFINITY) - (one.fall ?? Number.NEGATIVE_INFINITY) ||
        0,
    )
    .slice(0, MOST_ROWS)
}

/** The runs' distances may have other scales: each margin counts in its own run's. */
function unitOf(margins: Float64Array): number {
  return median(margins.map(Math.abs))
}

function answer(label: string | undefined, id: string | undefined): Answer {
  return { label: label || null, id: id ?? null }
}
