/** Each row's label, wherever it stands; what is said in two places must agree. */

import { type Issue, someRows } from '../core/errors.ts'
import { quoted } from '../core/limits.ts'
import { isWholeNumber, wholeNumber } from '../core/number-forms.ts'
import type { Column } from '../core/table.ts'
import { countOf } from '../core/words.ts'
import { listed, textAt } from './columns.ts'

export interface LabelSource {
  readonly source: string
  readonly column: Column
  /** For each row of the vectors, the row of the column. */
  readonly rows: Int32Array
}

interface Conflict {
  readonly row: number
  readonly says: string
}

export interface LabelWords {
  /** A label as a message may hold it. */
  readonly shown: (label: string) => string
  /** Whether it says that there is none, whatever stands in other rows. */
  readonly isNoLabel: (label: string) => boolean
}

/**
 * A label for each row of the vectors, empty where no place has one.
 *
 * @param hidden whether ids aren't published
 */
export function agreedLabels(
  sources: readonly LabelSource[],
  ids: readonly string[],
  hidden: boolean,
  { shown, isNoLabel }: LabelWords = { shown: quoted, isNoLabel: () => false },
): { readonly labels: readonly string[] } | { readonly issues: readonly Issue[] } {
  const issues: Issue[] = []
  const labels = new Array<string>(ids.length).fill('')
  const origin = new Map<LabelSource, Conflict[]>()
  for (const label of sources) {
    const conflicts: Conflict[] = []
    for (let row = 0; row < ids.length; row += 1) {
      const text = textAt(label.column, label.rows[row]!)
      if (text.trim() === '') continue
      if (labels[row] === '' || isNoLabel(labels[row]!)) labels[row] = text
      else if (labels[row] !== text && !isNoLabel(text) && !isSameNumber(labels[row]!, text)) {
        conflicts.push({
          row,
          says: `row ${row}${hidden ? '' : ` (id ${quoted(ids[row]!)})`} is ${shown(labels[row]!)} and ${shown(text)}`,
        })
      }
    }
    origin.set(label, conflicts)
  }
  for (const [{ source, column }, conflicts] of origin) {
    if (conflicts.length === 0) continue
    const more = conflicts.length > 5 ? `, and ${conflicts.length - 5} more` : ''
    issues.push({
      code: 'label-conflict',
      message: `${countOf(conflicts.length, 'row has', 'rows have')} one label in ${sources[0]!.source} and another in ${source}: ${conflicts
        .slice(0, 5)
        .map(({ says }) => says)
        .join('; ')}${more}.`,
      where: `${source}, column ${column.name}`,
      hint: 'Keep the labels in one place, or write both from the same source. Rows are counted from 0.',
      ...someRows(conflicts.map(({ row }) => (hidden ? String(row) : ids[row]!))),
    })
  }
  return issues.length > 0 ? { issues } : { labels }
}

/** `3` in one file and `3.0` in another, as a column of floats writes it. */
function isSameNumber(one: string, other: string): boolean {
  return isWholeNumber(one) && isWholeNumber(other) && wholeNumber(one) === wholeNumber(other)
}

/** No place has a label column at all. */
export function labelsMissing(
  labelName: string,
  columns: readonly string[],
  labelsFile: string | null,
  vectorsFile: string,
): Issue {
  const found = columns.length === 0 ? 'there are no columns' : `the columns are ${listed(columns)}`
  return {
    // An upload without a labels file may still get one; one with it is wrong as it is.
    code: labelsFile === null ? 'labels-missing' : 'label-column-missing',
    message: `No column is named ${quoted(labelName)}; ${found}.`,
    where: labelsFile ?? vectorsFile,
    hint: 'Put labels into the npz (labels=…) or into labels.csv with columns id,label; or name the column in nearmiss.yaml: columns: { label: NAME }',
  }
}
