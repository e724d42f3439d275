/** Labels that are a row of numbers for each row: which field they are, and what its columns are called. */

import { LONGEST_LABEL } from '../../core/limits.ts'
import { isNamed, type LabelMatrix } from '../../core/table.ts'
import { isUsualLabel } from '../../core/usual-names.ts'
import type { Field, FieldColumn, Reading } from '../contents.ts'
import type { VectorChoice } from './vectors.ts'

/** A field named as the labels are that has a row of numbers for each row: one column a class, or one a level. */
export function labelMatrixField(
  fields: readonly Field[],
  label: string,
  vectors: VectorChoice | null,
): number | null {
  const isMatrix = ({ kind, problem }: Field, place: number) =>
    kind === 'vector' && problem === null && !vectors?.vectors.includes(place)
  const named = fields.findIndex((field, at) => isMatrix(field, at) && isNamed(field.name, label))
  if (named >= 0 || fields.some(({ name }) => isNamed(name, label))) return named < 0 ? null : named
  // By a usual name only where its shape says that it can be: reading it may else end in an error.
  const rows = vectors === null ? null : (fields[vectors.vectors[0]!]!.shape[0] ?? null)
  const [only, ...more] = [...fields.keys()].filter((at) => {
    const { name, shape } = fields[at]!
    const isOfRows = shape.length === 2 && shape[0] === rows && shape[1] != null
    return isMatrix(fields[at]!, at) && isOfRows && isUsualLabel(name)
  })
  return only === undefined || more.length > 0 ? null : only
}

/** Names of the classes, one for each column of the labels. */
export function classNamesField(fields: readonly Field[], labels: Field): FieldColumn | null {
  const field = fields.findIndex(
    ({ name, kind, shape }) =>
      kind === 'text' &&
      shape[0] === labels.shape[1] &&
      /^(?:class|label|target)(?:es|_?names?)$/i.test(name),
  )
  return field < 0 ? null : { field, asText: true, longest: LONGEST_LABEL }
}

export function labelMatrix(
  { name }: Field,
  { matrices, columns }: Reading,
  hasNames: boolean,
  label: string,
): LabelMatrix {
  const guess = isNamed(name, label) ? {} : { isGuess: true as const }
  const names = hasNames ? columns.at(-1) : null
  const values = matrices.at(-1)!
  return {
    name,
    values,
    ...guess,
    ...(names?.type === 'text' ? { names: names.values } : {}),
  }
}
