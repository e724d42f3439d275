/** What was read as what, in one sentence. */

import type { ReportedFile } from './report.ts'
import type { FieldUse, SeenField } from './seen.ts'
import { countOf } from './words.ts'

type Field = Omit<SeenField, 'examples'>

/**
 * @example '5,083 rows × 64 from column embedding; label class (12), id uid, 4 columns of metadata'
 */
export function readingSentence({
  rows,
  dimensions,
  classes,
  seen,
}: {
  readonly rows: number
  readonly dimensions: number
  readonly classes: number
  readonly seen: readonly ReportedFile[]
}): string {
  const of = (use: FieldUse) =>
    seen.flatMap(({ fields }) => fields.filter((field) => field.use === use))
  const more = seen.reduce((sum, file) => sum + file.more, 0)
  const [vectors] = of('vectors')
  const [gallery] = of('gallery')
  const [label] = of('label')
  const [id] = of('id')
  const columns = of('column').length + more
  const left = of('left out').length
  const parts = [
    label === undefined
      ? countOf(classes, 'class', 'classes')
      : `label ${label.name} (${countOf(classes, 'class', 'classes')})`,
    id === undefined ? 'no ids: rows go by their number' : `id ${id.name}`,
    ...(columns === 0 ? [] : [`${countOf(columns, 'column')} of metadata`]),
    ...(left === 0 ? [] : [`${countOf(left, 'field')} left out`]),
  ]
  const from =
    vectors === undefined
      ? ''
      : ` from ${named(vectors)}${gallery === undefined ? '' : ` and ${named(gallery)}`}`
  return `${countOf(rows, 'row')} × ${dimensions}${from}; ${parts.join(', ')}`
}

function named({ name, type }: Field): string {
  return `${name} (${type})`
}
