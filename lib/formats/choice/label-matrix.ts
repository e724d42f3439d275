/** Labels that are a row of numbers for each row: which field they are, and what its columns are called. */

import { LONGEST_LABEL } from '../../core/limits.ts'
import { type Column, isNamed, type LabelMatrix, type Vectors } from '../../core/table.ts'
import { isUsualLabel } from '../../core/usual-names.ts'
import type { Field, FieldColumn } from '../contents.ts'

/**
 * A field named as the labels are that has a row of numbers for each row: one column a class, or one a level.
 *
 * @param places fields that are no vectors
 * @param rows of the vectors; null where there are none, or only reading tells
 */
export function labelMatrixField(
  fields: readonly Field[],
  called: readonly string[],
  places: readonly number[],
  label: string,
  rows: number | null,
): number | null {
  const isMatrix = (at: number) => fields[at]!.kind === 'vector' && fields[at]!.problem === null
  const isLabel = (at: number) => isNamed(called[at]!, label)
  const named = places.find((at) => isMatrix(at) && isLabel(at))
  if (named !== undefined || places.some(isLabel)) return named ?? null
  // By a usual name only where its shape says that it can be: reading it may else end in an error.
  const [only, ...more] = places.filter((at) => {
    const { shape } = fields[at]!
    const isOfRows = shape.length === 2 && shape[0] === rows && shape[1] != null
    return isMatrix(at) && isOfRows && isUsualLabel(called[at]!)
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

/** @param names of the classes; null without any */
export function labelMatrix(
  name: string,
  values: Vectors,
  names: Column | null,
  label: string,
): LabelMatrix {
  return {
    name,
    values,
    ...(isNamed(name, label) ? {} : { isGuess: true as const }),
    ...(names?.type === 'text' ? { names: names.values } : {}),
  }
}
