/** The columns with which every table of classes begins, and where the rest of them is. */

import type { ClassFigures } from '../../lib/core/class-figures.ts'
import type { RunView } from '../view/run-view.ts'
import { count } from '../words/format.ts'
import { Label } from './label.tsx'
import { ReportLink } from './report-link.tsx'
import type { TableColumn } from './table.tsx'

export const CLASS: TableColumn<ClassFigures> = {
  title: 'Class',
  cell: (figures) => <Label text={figures.label} limit={36} />,
}
export const ROWS: TableColumn<ClassFigures> = {
  title: 'Rows',
  number: true,
  cell: (figures) => count(figures.rows),
}

export function OtherClasses({ view }: { view: RunView }) {
  return (
    <>
      classes are in <ReportLink view={view} />
    </>
  )
}
