/** What a run says of its data, as sentences: the headings of those sections. */

import type { Report } from '../../../lib/core/report.ts'
import { count, counted, named, share } from '../../words/format.ts'

export function labelsConclusion({ quality, input }: Report): string {
  const { rows, unjudgedRows } = quality.labelIssues
  if (input.classes < 2) return 'With one class no label can be contradicted.'
  if (unjudgedRows === input.evaluatedRows)
    return 'No class has the 12 rows that it takes to judge its labels.'
  if (rows.length === 0) return 'No label is contradicted by its neighbours.'
  const part = share(rows.length / input.evaluatedRows)
  return `The neighbours contradict ${counted(rows.length, 'label')} (${part} of the rows).`
}

export function duplicatesConclusion({ quality, duplicates }: Report): string {
  const { groups, rows, conflicts } = quality.nearDuplicates
  if (groups.length === 0) return 'No two rows are the same, or nearly.'
  const same = duplicates.rows
  const lead =
    same === rows
      ? `${counted(rows, 'row')} share their vector with another`
      : same === 0
        ? `${counted(rows, 'row')} nearly repeat another`
        : `${counted(rows, 'row')} repeat another: ${count(same)} exactly, ${count(rows - same)} nearly`
  const leak = leakageSentence(quality.leakage)
  const labels =
    conflicts === 0
      ? 'their labels agree'
      : `${counted(conflicts, 'group has', 'groups have')} more than one label`
  return `${lead}; ${labels}.${leak}`
}

function leakageSentence(leakage: Report['quality']['leakage']): string {
  if (leakage === null) return ''
  const column = named(leakage.column)
  if (leakage.rows === 0) return ` None lies across ${column}.`
  return leakage.rows === 1
    ? ` 1 row has its like in another part of ${column}.`
    : ` ${count(leakage.rows)} rows have their like in another part of ${column}.`
}

export function sizesConclusion({ quality }: Report): string {
  const { classes, rare, ratio, largest, smallest, singletons } = quality.imbalance
  if (classes < 2) return `All rows are of one class, ${named(largest.label)}.`
  if (largest.rows === 1) return 'Every class has one row.'
  if (ratio < 1.5) return 'The classes are about equally large.'
  const lead = `The largest class, ${named(largest.label)}, has ${count(Math.round(ratio))} times the rows of the smallest, ${named(smallest.label)}`
  if (rare.length > 0) return `${lead}; ${counted(rare.length, 'class is', 'classes are')} rare.`
  return singletons > 0
    ? `${lead}; ${counted(singletons, 'class has', 'classes have')} one row.`
    : `${lead}; none is rare.`
}
