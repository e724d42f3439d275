/** How many rows repeat another, and what their labels say. */

import type { Report } from '../../../lib/core/report.ts'
import { count, counted, named } from '../../words/format.ts'

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
