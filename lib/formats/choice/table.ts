/** From what a file holds to what is evaluated of it: the one place that chooses, for every format. */

import { InputError } from '../../core/errors.ts'
import { formatRecord } from '../../core/format-of.ts'
import type { FormatId } from '../../core/formats.ts'
import { MOST_DIMENSIONS, shortName } from '../../core/limits.ts'
import type { ColumnNames } from '../../core/manifest.ts'
import type { SeenFile } from '../../core/seen.ts'
import { type Column, isNamed, type LabelMatrix, type Table } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { columnOf } from '../column-values.ts'
import {
  type Contents,
  type Field,
  type FieldColumn,
  type Reading,
  ROW_INDEX,
} from '../contents.ts'
import { type ReadOptions, staysText } from '../format.ts'
import { calledNames } from './called.ts'
import { chooseColumns, columnRows } from './columns.ts'
import { classNamesField, labelMatrix, labelMatrixField } from './label-matrix.ts'
import { type RoleName, sidedName } from './pairs.ts'
import { examplesOf, seenFields } from './seen-fields.ts'
import type { Side } from './side.ts'
import { chooseVectors, type VectorChoice } from './vectors.ts'

/** Formats whose parts are arrays; those of the others are columns. */
const ARRAYS: readonly FormatId[] = ['npz', 'npy', 'safetensors']

/** Reads what is chosen of an open file. Throws `InputError`. */
export async function readContents(
  contents: Contents,
  format: FormatId,
  { part, columns: names, dropped: unwanted = [] }: ReadOptions,
): Promise<Table> {
  const { fields, source } = contents
  const noun = ARRAYS.includes(format) && !contents.isTable ? 'array' : 'column'
  const whereOf = ({ name }: Field) =>
    format === 'npy' && noun === 'array' ? source : `${source}, ${noun} ${shortName(name)}`
  const vectors =
    part === 'vectors' ? chooseVectors(contents, names, noun, whereOf, unwanted) : null
  checkDimensions(vectors, source)
  const called = calledNames(fields, vectors, noun, names)
  const sides = sidesOf(contents, vectors, called, names, whereOf)
  const selected = selectionOf(sides)
  const reading = await contents.read(selected)
  const left = leftOut(fields, sides)
  const sure = sides.flatMap(({ matrix }) =>
    matrix !== null && isNamed(called[matrix]!, names.label) ? [matrix] : [],
  )
  const why = new Map([...left, ...dropped(sides, reading)])
  const seen: SeenFile = {
    source,
    format: formatRecord(format).title,
    rows: rowsOf(reading),
    fields: seenFields(fields, vectors, sure, why, reading, examplesOf(reading, sides)),
  }
  const warnings: Warning[] = [
    ...contents.warnings,
    ...[...left].map(([place, reason]) => ignored(noun, fields[place]!.name, reason)),
    ...(vectors?.warnings ?? []),
    ...reading.warnings,
  ]
  const tables = sides.map((side, at) => ({
    ...tableOf(contents, reading, sides, at, called, names),
    ...labelsOf(fields, reading, selected, side, called, names.label),
  }))
  const [table, gallery] = tables
  return {
    ...table!,
    warnings,
    ...(contents.isHeaderless ? { isHeaderless: true } : {}),
    seen: [seen],
    ...(gallery === undefined ? {} : { gallery }),
  }
}

function sidesOf(
  contents: Contents,
  vectors: VectorChoice | null,
  called: readonly string[],
  names: ColumnNames,
  whereOf: (field: Field) => string,
): readonly Side[] {
  const { fields } = contents
  const chosen = [vectors?.vectors ?? [], ...(vectors?.gallery ? [vectors.gallery.vectors] : [])]
  const taken = new Set(chosen.flat())
  return chosen.map((one, at): Side => {
    const [first] = one
    const rows =
      first === undefined ? columnRows(contents, names) : (fields[first]!.shape[0] ?? null)
    const measure = first === undefined ? 'the others' : fields[first]!.name
    const mine = [...fields.keys()].filter(
      (place) => !taken.has(place) && isOfSide(fields[place]!, at, vectors?.gallery?.roles ?? null),
    )
    const ofVectors = first === undefined ? null : rows
    const matrix = labelMatrixField(fields, called, mine, names.label, ofVectors)
    const classNames = matrix === null ? null : classNamesField(fields, fields[matrix]!)
    const others = mine.filter((place) => place !== matrix && place !== classNames?.field)
    const choice = chooseColumns(contents, called, others, rows, measure, names, whereOf)
    return { vectors: one, choice, matrix, classNames }
  })
}

/** Vectors of both sides, then their labels; columns of both, then the names of classes, each once. */
function selectionOf(sides: readonly Side[]) {
  const classNames = new Map(
    sides.flatMap(({ classNames: one }) => (one === null ? [] : [[one.field, one]])),
  )
  return {
    matrices: [
      ...sides.flatMap(({ vectors }) => (vectors.length > 0 ? [vectors] : [])),
      ...sides.flatMap(({ matrix }) => (matrix === null ? [] : [[matrix]])),
    ],
    columns: [...sides.flatMap(({ choice }) => choice.columns), ...classNames.values()],
  }
}

/** Places of fields that are read by nobody to the reason. */
function leftOut(fields: readonly Field[], sides: readonly Side[]): ReadonlyMap<number, string> {
  const left = new Map(sides.flatMap(({ choice }) => [...choice.left]))
  const index = fields.findIndex(({ name }) => name === ROW_INDEX)
  if (index >= 0) left.set(index, 'its writer numbered or named the rows with it')
  // A column of one side is no part of the other.
  for (const { field } of sides.flatMap(({ choice }) => choice.columns)) {
    if (field !== index) left.delete(field)
  }
  for (const { matrix } of sides) if (matrix !== null) left.delete(matrix)
  return left
}

function tableOf(
  { fields, source }: Contents,
  reading: Reading,
  sides: readonly Side[],
  at: number,
  called: readonly string[],
  names: ColumnNames,
): Table {
  const { vectors: places, choice } = sides[at]!
  const before = sides.slice(0, at).reduce((sum, side) => sum + side.choice.columns.length, 0)
  const read = reading.columns.slice(before, before + choice.columns.length)
  const columns = columnsOf(fields, choice.columns, read, called, names)
  const rowIndex = columns.find(({ name }) => name === ROW_INDEX)
  const vectors = places.length === 0 ? null : reading.matrices[at]!
  const others = columns.filter((column) => column !== rowIndex)
  return {
    source,
    vectors,
    columns: others,
    rows: vectors?.rows ?? others[0]?.values.length ?? (at === 0 ? reading.rows : null) ?? 0,
    warnings: [],
    ...(places.length > 1 ? { dimensionNames: places.map((place) => fields[place]!.name) } : {}),
    ...(rowIndex === undefined ? {} : { rowIndex }),
  }
}

function labelsOf(
  fields: readonly Field[],
  { matrices, columns }: Reading,
  selected: ReturnType<typeof selectionOf>,
  { matrix, classNames }: Side,
  called: readonly string[],
  label: string,
): { readonly labelMatrix?: LabelMatrix } {
  if (matrix === null) return {}
  const values = matrices[selected.matrices.findIndex(([place]) => place === matrix)]!
  const named = selected.columns.findLastIndex(({ field }) => field === classNames?.field)
  const names = named < 0 ? null : columns[named]!
  const name = called[matrix]!
  return {
    labelMatrix: { ...labelMatrix(name, values, names, label), ...fromOf(name, fields[matrix]!) },
  }
}

function rowsOf({ matrices, columns, rows }: Reading): number {
  return matrices[0]?.rows ?? columns.find((column) => column !== null)?.values.length ?? rows ?? 0
}

function columnsOf(
  fields: readonly Field[],
  choice: readonly FieldColumn[],
  columns: readonly (Column | null)[],
  called: readonly string[],
  names: ColumnNames,
): readonly Column[] {
  return choice.flatMap(({ field, asText }, at) => {
    const read = columns[at]
    if (!read) return []
    const name = called[field]!
    const column = asText && !staysText(name, names) ? asMeasured(read) : read
    return [{ ...column, name, ...fromOf(name, fields[field]!) }]
  })
}

/** What the file calls it, where that is another name. */
function fromOf(name: string, field: Field): { readonly from?: readonly string[] } {
  return name === field.name ? {} : { from: [field.name] }
}

/** Numbers, where a column that might have been labels or ids holds fractions. */
function asMeasured(column: Column): Column {
  const isFraction = (text: string) => /^[+-]?\d*\.\d*[1-9]\d*(?:e[+-]?\d+)?$/i.test(text)
  if (column.type !== 'text' || !column.values.some(isFraction)) return column
  const numbers = column.values.map((text) => (text === '' ? null : Number(text)))
  return numbers.some(Number.isNaN) ? column : columnOf(column.name, numbers, false)
}

/** Whether a field goes with the queries or with the gallery: without a word of either, with the one whose rows it has. */
function isOfSide(field: Field, at: number, roles: RoleName | null): boolean {
  const said = roles === null ? null : sidedName(field.name, roles)
  return said === null || said.side === (at === 0 ? 'query' : 'gallery')
}

function checkDimensions(choice: VectorChoice | null, source: string): void {
  const dimensions = choice?.vectors.length ?? 0
  if (dimensions <= MOST_DIMENSIONS) return
  throw new InputError({
    code: 'csv-too-many',
    message: `The file has ${dimensions} dimensions; at most ${MOST_DIMENSIONS} are read.`,
    where: source,
    hint: 'Leave out the columns that are no part of the vectors.',
  })
}

/** Columns that were chosen and that the reader left out, of which a warning of its own tells more. */
function dropped(
  sides: readonly Side[],
  { columns }: Reading,
): readonly (readonly [place: number, why: string])[] {
  return sides
    .flatMap(({ choice }) => choice.columns)
    .flatMap(({ field }, at) =>
      columns[at] === null ? [[field, 'an entry of it is too long'] as const] : [],
    )
}

function ignored(noun: 'array' | 'column', name: string, reason: string): Warning {
  return {
    code: `${noun}-ignored`,
    message: `The ${noun} ${shortName(name)} is left out: ${reason}`,
  }
}
