/** Whether a slice's gap to the other rows has changed since the baseline. */

import { SIGNIFICANCE } from '../core/significance.ts'
import { countOf, percent, pValue } from '../core/words.ts'
import { changeDifference, type Turned } from '../stats/change-difference.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { turnedByAbsence } from './absent-classes.ts'
import type { Change, ChangeInputs } from './change.ts'
import { compareFact } from './count-change.ts'
import { countTurn, emptyCount } from './paired-change.ts'

/**
 * The item asks for the slice to be like the rest, so what counts is its gap: a model that halves all
 * errors alike leaves it. The change of the slice's rows is held against the change of all others, on
 * the rows of both runs.
 *
 * A gap that closes in small steps is gone where the slice has no more errors than the others. It is
 * what the item asks for, so it needs no test; but it needs all of the baseline's rows, since a gap
 * is closed as well by leaving the slice's errors out.
 */
export function compareSlice(inputs: ChangeInputs): Change {
  const counted = compareFact(inputs)
  if (!counted.judged) return counted
  const { finding, evaluation, baseline, baselineRow } = inputs
  const entry = evaluation.sliceOf(finding.id.slice(finding.id.indexOf(':') + 1))
  const rows = new Set(entry?.rows)
  const [within, outside] = [turned(inputs, rows, true), turned(inputs, rows, false)]
  if (entry === null || within.rows < FEWEST_TELLING_ROWS || 2 * within.rows < rows.size) {
    return {
      judged: false,
      reason: `Only ${within.rows} of the ${rows.size} rows of the slice are in ${baseline.run}.`,
    }
  }
  const { difference, p } = changeDifference(within, outside)
  const direction = p >= SIGNIFICANCE.evidence ? 'no evidence' : difference < 0 ? 'lower' : 'higher'
  const test = `errors of its ${countOf(within.rows, 'row')} ${moved(within)}, of ${countOf(outside.rows, 'other')} ${moved(outside)}: difference of paired changes${inputs.current.clusters ? ', rows of a group together' : ''}`
  const { rate, restRate } = entry.slice
  const complete = baselineRow.filter((then) => then >= 0).length === baseline.ids.length
  if (complete && rate <= restRate) {
    const gone = `no gap is left: ${percent(rate)} of its rows are errors, ${percent(restRate)} of the others; ${test}, ${pValue(p)}`
    return { ...counted, p: null, direction: 'lower', test: gone }
  }
  return { ...counted, p, direction, test }
}

/** Rows of the slice, or the others, that were asked in both runs. */
function turned(
  { current, baseline, baselineRow, absent }: ChangeInputs,
  slice: ReadonlySet<number>,
  isWithin: boolean,
): Turned {
  const count = emptyCount()
  const sizes = new Map<number, number>()
  for (const [row, then] of baselineRow.entries()) {
    if (then < 0 || slice.has(row) !== isWithin) continue
    // A row of a gallery was asked nothing.
    if (current.nearestLabel[row] === '' || baseline.nearestLabel[then] === '') continue
    count.rows++
    const cluster = current.clusters?.[row]
    if (cluster !== undefined) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1)
    if (turnedByAbsence(absent, [current, row], [baseline, then])) continue
    const [wasRight, isRight] = [baseline.correct[then] === 1, current.correct[row] === 1]
    if (wasRight !== isRight) countTurn(count, isRight ? 'fixed' : 'broken', current, row)
  }
  const { rows, fixed, broken, turned } = count
  const clusters = Array.from(sizes, ([cluster, rows]) => ({
    rows,
    turned: turned.get(cluster) ?? 0,
  }))
  return { rows, fixed, broken, clusters: current.clusters ? clusters : null }
}

function moved({ rows, fixed, broken }: Turned): string {
  const points = ((100 * (broken - fixed)) / Math.max(1, rows)).toFixed(1)
  return `${points.replace('-', '−')} points`
}
