/** How many labels their neighbours contradict. */

import type { Report } from '../../../lib/core/report.ts'
import { counted, share } from '../../words/format.ts'

export function labelsConclusion({ quality, input }: Report): string {
  const { rows, unjudgedRows } = quality.labelIssues
  if (input.classes < 2) return 'With one class no label can be contradicted.'
  if (unjudgedRows === input.evaluatedRows)
    return 'No class has the 12 rows that it takes to judge its labels.'
  if (rows.length === 0) return 'No label is contradicted by its neighbours.'
  const part = share(rows.length / input.evaluatedRows)
  return `The neighbours contradict ${counted(rows.length, 'label')} (${part} of the rows).`
}
