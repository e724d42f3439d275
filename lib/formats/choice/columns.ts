/** Which fields of a file become columns, and why the others are left out. */

import { InputError } from '../../core/errors.ts'
import {
  LONGEST_COLUMN_NAME,
  LONGEST_ENTRY,
  MOST_COLUMN_BYTES,
  MOST_COLUMNS,
  MOST_ENTRIES,
  neededLength,
  shortName,
  textTooLong,
} from '../../core/limits.ts'
import type { ColumnNames } from '../../core/manifest.ts'
import { isNamed } from '../../core/table.ts'
import { isPositional, isUsualId, isUsualLabel } from '../../core/usual-names.ts'
import type { Contents, Field, FieldColumn } from '../contents.ts'
import { staysText } from '../format.ts'
import { describeFields, shapeOf } from './names.ts'

export interface ColumnChoice {
  readonly columns: readonly FieldColumn[]
  /** Place of a field to why it is left out. */
  readonly left: ReadonlyMap<number, string>
}

/**
 * Throws `InputError` where labels or ids, which are needed, can't be columns.
 *
 * @param places fields that are no vectors
 * @param rows that a column has; null where only reading tells
 * @param measure what those rows are of, for messages
 * @param called what each field of the file is called beside the vectors
 */
export function chooseColumns(
  { fields, isHeaderless }: Contents,
  called: readonly string[],
  places: readonly number[],
  rows: number | null,
  measure: string,
  names: ColumnNames,
  whereOf: (field: Field) => string,
): ColumnChoice {
  const left = new Map<number, string>()
  const isPart = usualParts(called, names)
  // Of labels without names of columns each may be the label or the id.
  const isNameless = isHeaderless === true && places.length === fields.length
  const columns: FieldColumn[] = []
  let [bytes, entries] = [0, 0]
  for (const field of places) {
    const one = fields[field]!
    const name = called[field]!
    const problem = columnProblem(one, name, rows, measure, names, whereOf(one))
    if (problem !== null) {
      left.set(field, problem)
      continue
    }
    bytes += one.byteLength ?? 0
    entries += rows ?? 0
    checkTotals(bytes, entries, whereOf(one))
    columns.push({
      field,
      asText: staysText(name, names) || isPart(name) || isNameless,
      longest: neededLength(name, names),
    })
  }
  if (columns.length > MOST_COLUMNS) {
    throw new InputError({
      code: 'csv-too-many',
      message: `The file has ${columns.length} columns besides the vector; at most ${MOST_COLUMNS} are read.`,
      where: whereOf(fields[columns[0]!.field]!),
      hint: 'Leave out the columns that the report doesn’t need, or evaluate a sample of the rows.',
    })
  }
  return { columns, left }
}

/** Columns that may be labels or ids by another usual name stay as written too, where none has the contract's. */
function usualParts(
  called: readonly string[],
  { id, label }: ColumnNames,
): (name: string) => boolean {
  const isThere = (part: string) => called.some((name) => isNamed(name, part))
  const [hasLabel, hasId] = [isThere(label), isThere(id)]
  return (name) =>
    (!hasLabel && (isUsualLabel(name) || isPositional(name))) || (!hasId && isUsualId(name))
}

/** Rows of a file without vectors: those of its labels, ids or first column. */
export function columnRows({ fields, where }: Contents, { label, id }: ColumnNames): number | null {
  const first =
    fields.find(({ name }) => isNamed(name, label)) ??
    fields.find(({ name }) => isNamed(name, id)) ??
    fields.find(({ shape, problem }) => shape.length === 1 && problem === null)
  if (first === undefined) {
    throw new InputError({
      code: 'npz-no-columns',
      message: `The file holds 0 one-dimensional arrays: ${describeFields(fields)}.`,
      where,
      hint: 'Save one value a row for each column: np.savez("metadata.npz", id=ids, camera=cameras)',
    })
  }
  if (first.problem !== null) throw new InputError(first.problem)
  return first.shape[0] ?? null
}

/** Why a field can't be a column, null where it can. Throws for labels and ids, which are needed. */
function columnProblem(
  field: Field,
  called: string,
  rows: number | null,
  measure: string,
  columns: ColumnNames,
  where: string,
): string | null {
  const { name, shape, type, kind, problem, longestText } = field
  const isLabel = isNamed(called, columns.label)
  const isNeeded = isLabel || isNamed(called, columns.id)
  if (name.length > LONGEST_COLUMN_NAME && !isNeeded) {
    return `its name has ${name.length} characters, and ${LONGEST_COLUMN_NAME} are the most`
  }
  if (isLabel && kind === 'other' && /list/i.test(type)) throw labelLists(where, field)
  if (problem !== null) {
    if (isNeeded) throw new InputError(problem)
    return problem.message
  }
  // Pictures, mostly, which would travel for nothing.
  if (type === 'binary' && !isNeeded) return 'it holds bytes that are no text'
  const limit = neededLength(called, columns)
  if (longestText !== null && longestText > (limit ?? LONGEST_ENTRY)) {
    if (limit !== null) throw textTooLong(name, longestText, limit, where, isLabel)
    return `its type ${type} has entries of up to ${longestText} characters, and ${LONGEST_ENTRY} are the most`
  }
  // A list in a cell of text is a text too, which privacy looks at.
  const isOneAxis = kind === 'vector' ? type === 'text' : kind !== 'other' && shape.length === 1
  if (isOneAxis && (shape[0] === rows || shape[0] === null || rows === null)) return null
  if (kind === 'other' && shape.length === 1 && shape[0] === rows) {
    // Its shape is right, so that telling it would puzzle.
    if (isNeeded) throw noPlainValues(name, type, where)
    return `its type is ${type}, which isn’t one plain value a row`
  }
  if (!isNeeded) {
    if (kind === 'vector' && shape[0] === rows) return 'it holds vectors, and others are evaluated'
    return `its shape is ${shapeOf(field)} where a column has (${rows ?? '?'},)`
  }
  const isOfRows = rows === null || shape[0] === null || shape[0] === rows
  if (shape.length !== 1 && isLabel && isOfRows) throw labelsShape(where, field)
  throw new InputError({
    code: 'row-count',
    message: `${name} has shape ${shapeOf(field)}, and ${measure} ${measure === 'the others' ? 'have' : 'has'} ${rows} rows.`,
    where,
    hint: 'Save one entry for each row, in the same order.',
  })
}

/** `["cat", "dog"]`: several labels a row. */
function labelLists(where: string, { type }: Field): InputError {
  return new InputError({
    code: 'labels-multi-hot',
    message: `Rows have several labels: the column holds a ${shortName(type)}. One label a row is evaluated.`,
    where,
    hint: 'Write the label to evaluate, as one text a row, into a column of its own, such as main, and name that in nearmiss.yaml: columns: { label: main }; leave rows out that can’t be decided.',
  })
}

function noPlainValues(name: string, type: string, where: string): InputError {
  return new InputError({
    code: 'column-type',
    message: `${name} is of type ${type}, which isn’t one plain value a row.`,
    where,
    hint: 'Save texts or numbers in it, or name another column under columns: in nearmiss.yaml.',
  })
}

/** Labels that aren't one a row. */
export function labelsShape(where: string, field: Pick<Field, 'shape'>): InputError {
  return new InputError({
    code: 'labels-shape',
    message: `The labels have ${field.shape.length} axes, shape ${shapeOf(field)}; they need 1: one label a row.`,
    where,
    hint:
      field.shape.length === 2 && field.shape[1] === 1
        ? 'Flatten them: labels.ravel()'
        : 'Save one label a row; of several levels save each as an array of its own, and name the one to evaluate in nearmiss.yaml: columns: { label: NAME }',
  })
}

/** Before a column is unfolded: texts take several times the memory of their bytes. */
function checkTotals(columnBytes: number, entries: number, where: string): void {
  const isBytes = columnBytes > MOST_COLUMN_BYTES
  if (!isBytes && entries <= MOST_ENTRIES) return
  throw new InputError({
    code: 'columns-too-large',
    message: `With ${shortName(where)} the columns ${isBytes ? `unfold to ${columnBytes} bytes; at most ${MOST_COLUMN_BYTES} are read` : `have ${entries} entries; at most ${MOST_ENTRIES} are read`}.`,
    where,
    hint: 'Leave out the columns that the report doesn’t need, shorten their entries (NumPy gives each the length of the longest), or evaluate a sample of the rows.',
  })
}
