/** Classes that only one of two runs has: what turned since they came or went is no change of the model. */

import { countOf, joinWords } from '../core/words.ts'
import type { RunRows } from './run-rows.ts'

export interface AbsentClasses {
  /** Classes of the baseline that were not uploaded for this run, with their rows there. */
  readonly fromRun: ReadonlyMap<string, number>
  /** Classes of this run of which the baseline has no row, with their rows here. */
  readonly fromBaseline: ReadonlyMap<string, number>
}

type Labelled = Pick<RunRows, 'labels'>

/**
 * A class whose rows are there under another label was renamed or merged, which is a change.
 *
 * @param baselineRow for each row of this run the baseline's, −1 without
 */
export function absentClasses(
  current: Labelled,
  baseline: Labelled,
  baselineRow: Int32Array,
): AbsentClasses {
  const [here, there] = [countLabels(current), countLabels(baseline)]
  const fromRun = new Map([...there].filter(([label]) => !here.has(label)))
  const fromBaseline = new Map([...here].filter(([label]) => !there.has(label)))
  for (const [row, then] of baselineRow.entries()) {
    if (then < 0) continue
    fromRun.delete(baseline.labels[then]!)
    fromBaseline.delete(current.labels[row]!)
  }
  return { fromRun, fromBaseline }
}

function countLabels({ labels }: Labelled): Map<string, number> {
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

/**
 * Whether a row of both runs turned right since the class that it was taken for is gone, or wrong
 * since one came that it is taken for now.
 */
export function turnedByAbsence(
  { fromRun, fromBaseline }: AbsentClasses,
  [current, row]: readonly [RunRows, number],
  [baseline, then]: readonly [RunRows, number],
): boolean {
  if (current.correct[row] === baseline.correct[then]) return false
  return current.correct[row] === 1
    ? fromRun.has(baseline.nearestLabel[then]!)
    : fromBaseline.has(current.nearestLabel[row]!)
}

const NAMED = 3

/**
 * What to know of classes that one run lacks, a sentence for each run; empty without any.
 *
 * @param fixed nearest labels in the baseline of the rows that are right now
 * @param broken nearest labels in this run of the rows that are wrong now
 */
export function absenceSentences(
  { fromRun, fromBaseline }: AbsentClasses,
  baseline: string,
  { fixed, broken }: { readonly fixed: readonly string[]; readonly broken: readonly string[] },
): string {
  return [
    lacking(fromRun, 'this run', fixed, 'fixed', ['was', 'were']),
    lacking(fromBaseline, baseline, broken, 'broken', ['is', 'are']),
  ].join('')
}

function lacking(
  absent: ReadonlyMap<string, number>,
  run: string,
  turned: readonly string[],
  kind: 'fixed' | 'broken',
  [one, many]: readonly [string, string],
): string {
  if (absent.size === 0) return ''
  const rows = [...absent.values()].reduce((sum, count) => sum + count, 0)
  const names = `${joinWords([...absent.keys()], NAMED)} (${countOf(rows, 'row')})`
  const opening =
    absent.size === 1 ? ` Class ${names} is not in ${run}` : ` Classes ${names} are not in ${run}`
  const near = turned.filter((label) => absent.has(label)).length
  if (near === 0) return `${opening}.`
  const part =
    near === turned.length
      ? countOf(near, `${kind} row`)
      : `${near.toLocaleString('en-US')} of the ${countOf(turned.length, `${kind} row`)}`
  const whose = absent.size === 1 ? 'its' : 'their'
  return `${opening}; ${part} ${near === 1 ? `${one} ${whose} neighbour` : `${many} ${whose} neighbours`}.`
}
