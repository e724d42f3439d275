/** From what a file holds to what is evaluated of it: the one place that chooses, for every format. */

import { InputError } from '../../core/errors.ts'
import { formatRecord } from '../../core/format-of.ts'
import type { FormatId } from '../../core/formats.ts'
import { MOST_DIMENSIONS, shortName } from '../../core/limits.ts'
import type { ColumnNames } from '../../core/manifest.ts'
import type { FieldUse, SeenField, SeenFile } from '../../core/seen.ts'
import { type Column, isNamed, type Table, type Vectors } from '../../core/table.ts'
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
import { type ColumnChoice, chooseColumns, columnRows } from './columns.ts'
import { classNamesField, labelMatrix, labelMatrixField } from './label-matrix.ts'
import { type RoleName, sidedName, sideWord } from './pairs.ts'
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
  const matrix = labelMatrixField(fields, names.label, vectors)
  const sides = [
    { side: null, fields: vectors?.vectors ?? [] },
    ...(vectors?.gallery ? [{ side: 'gallery' as const, fields: vectors.gallery.vectors }] : []),
  ]
  const classNames = matrix === null ? null : classNamesField(fields, fields[matrix]!)
  const taken = new Set([...sides.flatMap((one) => one.fields), matrix, classNames?.field])
  const others = [...fields.keys()].filter((place) => !taken.has(place))
  const choices = sides.map((one): ColumnChoice => {
    const rows =
      one.fields.length > 0
        ? (fields[one.fields[0]!]!.shape[0] ?? null)
        : columnRows(contents, names)
    const measure = one.fields.length > 0 ? fields[one.fields[0]!]!.name : 'the others'
    const mine = vectors?.gallery
      ? others.filter((place) => isOfSide(fields[place]!, one.side, vectors.gallery!.roles))
      : others
    return chooseColumns(contents, mine, rows, measure, names, whereOf)
  })
  checkDimensions(vectors, source)
  const reading = await contents.read({
    matrices: [
      ...sides.flatMap((one) => (one.fields.length > 0 ? [one.fields] : [])),
      ...(matrix === null ? [] : [[matrix]]),
    ],
    columns: [...choices.flatMap(({ columns }) => columns), ...(classNames ? [classNames] : [])],
  })
  const left = new Map(choices.flatMap((choice) => [...choice.left]))
  const index = fields.findIndex(({ name }) => name === ROW_INDEX)
  if (index >= 0) left.set(index, 'its writer numbered or named the rows with it')
  // A column of one side is no part of the other.
  for (const { columns } of choices) {
    for (const { field } of columns) if (field !== index) left.delete(field)
  }
  const sure = matrix !== null && isNamed(fields[matrix]!.name, names.label) ? matrix : null
  const why = new Map([...left, ...dropped(choices, reading)])
  const seen: SeenFile = {
    source,
    format: formatRecord(format).title,
    rows: rowsOf(reading),
    fields: seenFields(fields, vectors, sure, why, reading, examplesOf(reading, sides, choices)),
  }
  const warnings: Warning[] = [
    ...contents.warnings,
    ...[...left].map(([place, reason]) => ignored(noun, fields[place]!.name, reason)),
    ...(vectors?.warnings ?? []),
    ...reading.warnings,
  ]
  const roles = vectors?.gallery?.roles ?? rolesOfOne(fields, vectors)
  const [first, second] = choices
  const columns = columnsOf(fields, first!.columns, reading.columns, roles, names)
  const rowIndex = columns.find(({ name }) => name === ROW_INDEX)
  const table: Table = {
    ...tableOf(source, vectors === null ? null : reading.matrices[0]!, {
      columns: columns.filter((column) => column !== rowIndex),
      rows: reading.rows,
    }),
    warnings,
    ...(contents.isHeaderless ? { isHeaderless: true } : {}),
    ...(vectors !== null && vectors.vectors.length > 1
      ? { dimensionNames: vectors.vectors.map((place) => fields[place]!.name) }
      : {}),
    ...(rowIndex === undefined ? {} : { rowIndex }),
    seen: [seen],
    ...(matrix === null
      ? {}
      : { labelMatrix: labelMatrix(fields[matrix]!, reading, classNames !== null, names.label) }),
  }
  if (second === undefined) return table
  const rest = reading.columns.slice(first!.columns.length)
  const gallery = tableOf(source, reading.matrices[1]!, {
    columns: columnsOf(fields, second.columns, rest, roles, names),
    rows: null,
  })
  return { ...table, gallery }
}

function tableOf(
  source: string,
  vectors: Vectors | null,
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: number | null },
): Table {
  return {
    source,
    vectors,
    columns,
    rows: vectors?.rows ?? columns[0]?.values.length ?? rows ?? 0,
    warnings: [],
  }
}

function rowsOf({ matrices, columns, rows }: Reading): number {
  return matrices[0]?.rows ?? columns.find((column) => column !== null)?.values.length ?? rows ?? 0
}

function columnsOf(
  fields: readonly Field[],
  choice: readonly FieldColumn[],
  columns: readonly (Column | null)[],
  roles: RoleName | null,
  names: ColumnNames,
): readonly Column[] {
  return choice.flatMap(({ field, asText }, at) => {
    const read = columns[at]
    if (!read) return []
    const { name } = fields[field]!
    const column = asText && !staysText(name, names) ? asMeasured(read) : read
    const stem = roles === null ? '' : sidedName(name, roles)?.stem
    // Of two columns of one name the second one would be lost.
    const isTaken = fields.some((one) => one.name === stem)
    return [stem && !isTaken ? { ...column, name: stem } : column]
  })
}

/** Beside `X_test`, evaluated by itself, `y_test` is its `y`. */
function rolesOfOne(fields: readonly Field[], choice: VectorChoice | null): RoleName | null {
  const [only, ...more] = choice?.vectors ?? []
  const word = only === undefined || more.length > 0 ? null : sideWord(fields[only]!.name)
  return word === null ? null : { query: word, gallery: word }
}

/** Numbers, where a column that might have been labels or ids holds fractions. */
function asMeasured(column: Column): Column {
  const isFraction = (text: string) => /^[+-]?\d*\.\d*[1-9]\d*(?:e[+-]?\d+)?$/i.test(text)
  if (column.type !== 'text' || !column.values.some(isFraction)) return column
  const numbers = column.values.map((text) => (text === '' ? null : Number(text)))
  return numbers.some(Number.isNaN) ? column : columnOf(column.name, numbers, false)
}

/** Whether a field goes with the queries or with the gallery: without a word of either, with the one whose rows it has. */
function isOfSide(field: Field, side: 'gallery' | null, roles: RoleName): boolean {
  const said = sidedName(field.name, roles)
  return said === null || said.side === (side ?? 'query')
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
  choices: readonly ColumnChoice[],
  { columns }: Reading,
): readonly (readonly [place: number, why: string])[] {
  return choices
    .flatMap((choice) => choice.columns)
    .flatMap(({ field }, at) =>
      columns[at] === null ? [[field, 'an entry of it is too long'] as const] : [],
    )
}

function seenFields(
  fields: readonly Field[],
  choice: VectorChoice | null,
  matrix: number | null,
  left: ReadonlyMap<number, string>,
  { matrices }: Reading,
  read: ReadonlyMap<number, readonly string[]>,
): readonly SeenField[] {
  const seen = (place: number, use: FieldUse, why: string | null): SeenField => {
    const { name, type, shape, examples: early } = fields[place]!
    const examples = read.get(place) ?? early
    return { name: shortName(name), type: shortName(type), shape, examples, use, why }
  }
  const many = (places: readonly number[], use: FieldUse): SeenField[] => {
    const [first, last] = [places[0], places.at(-1)]
    if (first === undefined) return []
    const { rows, dimensions } = matrices[use === 'gallery' ? 1 : 0]!
    const one = { ...seen(first, use, choice?.why ?? null), shape: [rows, dimensions] }
    if (places.length === 1) return [one]
    return [{ ...one, name: `${one.name} … ${shortName(fields[last!]!.name)}` }]
  }
  const taken = new Set([...(choice?.vectors ?? []), ...(choice?.gallery?.vectors ?? [])])
  return [
    ...many(choice?.vectors ?? [], 'vectors'),
    ...many(choice?.gallery?.vectors ?? [], 'gallery'),
    ...[...fields.keys()]
      .filter((place) => !taken.has(place))
      .map((place) => {
        const why = left.get(place)
        if (why !== undefined) return seen(place, 'left out', why)
        return seen(place, place === matrix ? 'label' : 'column', null)
      }),
  ]
}

const SHOWN = 3
const SHOWN_DIGITS = 4

/** The first entries of what was read, by the place of its first field. */
function examplesOf(
  { matrices, columns }: Reading,
  sides: readonly { readonly fields: readonly number[] }[],
  choices: readonly ColumnChoice[],
): ReadonlyMap<number, readonly string[]> {
  const examples = new Map<number, readonly string[]>()
  const chosen = sides.filter((side) => side.fields.length > 0)
  for (const [at, side] of chosen.entries()) {
    const { values, dimensions } = matrices[at]!
    const first = Array.from(values.subarray(0, Math.min(SHOWN, dimensions)), (value) =>
      String(Number(value.toPrecision(SHOWN_DIGITS))),
    )
    examples.set(side.fields[0]!, [`[${first.join(', ')}${dimensions > SHOWN ? ', …' : ''}]`])
  }
  for (const [at, { field }] of choices.flatMap((choice) => choice.columns).entries()) {
    const column = columns[at]
    if (!column) continue
    examples.set(
      field,
      [...column.values.slice(0, SHOWN)].map((entry) => shortName(String(entry))),
    )
  }
  return examples
}

function ignored(noun: 'array' | 'column', name: string, reason: string): Warning {
  return {
    code: `${noun}-ignored`,
    message: `The ${noun} ${shortName(name)} is left out: ${reason}`,
  }
}
