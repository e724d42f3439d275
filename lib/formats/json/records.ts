/** JSON as rows: an array or a line a row, or one of the ways in which pandas and embedding services write tables. */

import { InputError } from '../../core/errors.ts'
import { LONGEST_LINE } from '../../core/limits.ts'

/** One row, as its names and entries; nested ones by a name with dots. */
export type Row = ReadonlyMap<string, unknown>

/** Objects inside of objects. */
const DEEPEST = 4
const DEEPEST_BRACKETS = 64

export interface PlacedRow {
  readonly row: Row
  /** `a.jsonl, line 3`. */
  readonly where: string
}

/** Each row of JSON Lines with where it stands. Throws `InputError`. */
export function* lineRows(
  text: Uint8Array,
  source: string,
  most = Number.POSITIVE_INFINITY,
): Generator<PlacedRow> {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  let [start, line, rows] = [hasMark(bytes) ? 3 : 0, 0, 0]
  while (start < bytes.length && rows < most) {
    const end = bytes.indexOf(0x0a, start)
    const stop = end === -1 ? bytes.length : end
    line += 1
    const where = `${source}, line ${line}`
    if (stop - start > LONGEST_LINE) {
      throw new InputError({
        code: 'json-too-long',
        message: `The line has ${stop - start} bytes; at most ${LONGEST_LINE} are read.`,
        where,
        hint: 'Write one row a line: frame.to_json("embeddings.jsonl", orient="records", lines=True).',
      })
    }
    const content = bytes.toString('utf8', start, stop).trim()
    start = stop + 1
    if (content === '') continue
    const value = parseJson(content, where)
    if (!isObject(value)) {
      throw new InputError({
        code: 'json-shape',
        message: `The line holds ${kindOf(value)}, and each line of JSON Lines holds an object.`,
        where,
        hint: 'Write one object a line, such as {"id": "a", "label": "cat", "embedding": [0.1, 0.2]}.',
      })
    }
    rows += 1
    yield { row: flat(value), where }
  }
}

/** The rows of one JSON value. Throws `InputError` where it is no table. */
export function valueRows(text: Uint8Array, source: string): readonly PlacedRow[] {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  const value = parseJson(bytes.toString('utf8', hasMark(bytes) ? 3 : 0), source)
  const rows = tableOf(value)
  if (rows === null) {
    throw new InputError({
      code: 'json-shape',
      message: `The file holds ${kindOf(value)} that is no table: neither a list of objects nor a list for each column.`,
      where: source,
      hint: 'Write a list with an object for each row: frame.to_json("embeddings.json", orient="records").',
    })
  }
  return rows.map((row, at) => ({
    row: flat(row),
    where: `${source}, entry ${at} (counted from 0)`,
  }))
}

type Plain = Readonly<Record<string, unknown>>

function tableOf(value: unknown): readonly Plain[] | null {
  if (Array.isArray(value)) return value.every(isObject) ? (value as Plain[]) : null
  if (!isObject(value)) return null
  const { data, columns } = value as { data?: unknown; columns?: unknown }
  // pandas' orient="split".
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray)) {
    return data.map((row) =>
      Object.fromEntries(columns.map((name, at) => [String(name), (row as unknown[])[at]])),
    )
  }
  // As embedding services answer, and pandas' orient="table".
  if (Array.isArray(data) && data.length > 0 && data.every(isObject)) return data as Plain[]
  const entries = Object.entries(value)
  if (entries.length === 0) return null
  // A list for each column.
  if (entries.every(([, list]) => Array.isArray(list))) {
    const rows = Math.max(...entries.map(([, list]) => (list as unknown[]).length))
    if (!entries.every(([, list]) => (list as unknown[]).length === rows)) return null
    return Array.from({ length: rows }, (_, at) =>
      Object.fromEntries(entries.map(([name, list]) => [name, (list as unknown[])[at]])),
    )
  }
  // pandas' orient="columns": an object for each column, by the rows' index.
  if (entries.every(([, column]) => isObject(column))) {
    const names = Object.keys(entries[0]![1] as Plain)
    const isSame = entries.every(([, column]) => {
      const keys = Object.keys(column as Plain)
      return keys.length === names.length && keys.every((key, at) => key === names[at])
    })
    if (!isSame || names.length === 0) return null
    // orient="index" has a row in each, and entries of several kinds in one.
    const isRow = (one: unknown) => new Set(Object.values(one as Plain).map(sortOf)).size > 1
    if (entries.some(([, one]) => isRow(one))) return entries.map(([, row]) => row as Plain)
    return names.map((key) =>
      Object.fromEntries(entries.map(([name, column]) => [name, (column as Plain)[key]])),
    )
  }
  return null
}

/** Whole numbers that a double rounds, and the words that Python writes for what JSON has no number for. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?(?:NaN|Infinity)/g
const WHOLE = /^-?\d{16,}$/

function parseJson(text: string, where: string): unknown {
  checkDepth(text, where)
  // As text they stay as they are written.
  const exact = text.replace(TOKEN, (token) => {
    const isLossy = WHOLE.test(token) ? !Number.isSafeInteger(Number(token)) : /^-?[NI]/.test(token)
    return isLossy ? `"${token}"` : token
  })
  try {
    return JSON.parse(exact)
  } catch (cause) {
    throw new InputError({
      code: 'json-syntax',
      message: `This is not JSON that can be read: ${(cause as Error).message.slice(0, 200).replace(/\.$/, '')}.`,
      where,
      hint: 'The file was cut short, or its strings aren’t quoted as JSON has it: write it again with a library, such as json.dump.',
    })
  }
}

/** Brackets inside of brackets, which would end the process rather than the reading. */
function checkDepth(text: string, where: string): void {
  let [depth, isText] = [0, false]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isText) {
      if (code === 0x5c) at += 1
      else if (code === 0x22) isText = false
    } else if (code === 0x22) isText = true
    else if (code === 0x5b || code === 0x7b) depth += 1
    else if (code === 0x5d || code === 0x7d) depth -= 1
    if (depth > DEEPEST_BRACKETS) {
      throw new InputError({
        code: 'json-shape',
        message: `More than ${DEEPEST_BRACKETS} brackets stand inside of one another.`,
        where,
        hint: 'Write one object a row, with the vector as one list of numbers.',
      })
    }
  }
}

function flat(value: Plain, prefix = '', depth = 0, row = new Map<string, unknown>()): Row {
  for (const [name, entry] of Object.entries(value)) {
    const full = `${prefix}${name}`
    if (isObject(entry) && depth < DEEPEST) flat(entry, `${full}.`, depth + 1, row)
    else row.set(full, entry)
  }
  return row
}

function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of an entry; a missing one could be of any. */
function sortOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'number' : typeof value
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return value === null ? 'null' : isObject(value) ? 'an object' : `a ${typeof value}`
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
