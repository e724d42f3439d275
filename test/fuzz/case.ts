/** One case: a file made from a seed, and what must not happen when it is read. */

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { decodeManifest, parseManifest } from '../../lib/config/manifest.ts'
import { InputError } from '../../lib/core/errors.ts'
import { fileInMemory } from '../../lib/core/file-source.ts'
import type { Table } from '../../lib/core/table.ts'
import { readTable } from '../../lib/formats/registry.ts'
import { cut, damage } from './byte-edits.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Rows, randomRows } from './rows.ts'
import { manifest } from './structure-edits.ts'
import { type Target, targets } from './targets.ts'

export const TARGETS = targets(randomRows)
export const FORMATS: readonly string[] = [...Object.keys(TARGETS), 'manifest']

const LONGEST_MESSAGE = 600
const columns = {
  embeddings: 'embeddings',
  id: 'id',
  label: 'label',
  split: 'split',
  group: 'group',
  image: 'image',
  time: 'time',
}

export interface FuzzCase {
  readonly name: string
  readonly bytes: Buffer
  readonly edit: 'whole' | 'cut' | 'damage' | 'lie' | 'tool'
  /** What a whole file must read as; null where nobody knows. */
  readonly rows: Rows | null
}

/** The files of tools, by the end of their names. */
export function toolFiles(folder: string): (extensions: readonly string[]) => readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return (extensions) =>
    files
      .filter((file) => extensions.some((end) => file.endsWith(end)))
      .map((file) => join(folder, file))
}

export function makeCase(
  format: string,
  seed: number,
  filesOf: (extensions: readonly string[]) => readonly string[],
): FuzzCase {
  const chance = chanceOf(seed)
  if (format === 'manifest') {
    const bytes = manifest(chance)
    const isLie = chance.once(2)
    return {
      name: 'nearmiss.yaml',
      bytes: isLie ? bytes : damage(bytes, chance),
      edit: isLie ? 'lie' : 'damage',
      rows: null,
    }
  }
  const target = TARGETS[format]!
  const edit = chance.pick([
    'whole',
    'cut',
    'damage',
    'damage',
    'lie',
    'lie',
    'tool',
    'tool',
  ] as const)
  const { name } = target
  if (edit === 'lie') return { name, bytes: target.lie(chance), edit, rows: null }
  if (edit === 'tool') return toolCase(target, chance, filesOf(target.extensions))
  const rows = randomRows(chance)
  const whole = target.write(rows, chance)
  if (edit === 'whole') return { name, bytes: whole, edit, rows }
  if (edit === 'cut') return { name, bytes: cut(whole, chance), edit, rows }
  const bytes = damage(whole, chance)
  return { name, bytes, edit, rows }
}

function toolCase(target: Target, chance: Chance, files: readonly string[]): FuzzCase {
  if (files.length === 0)
    return { name: target.name, bytes: target.lie(chance), edit: 'lie', rows: null }
  const file = chance.pick(files)
  const bytes = readFileSync(file)
  const isCut = chance.once(6)
  return {
    name: basename(file),
    bytes: isCut ? cut(bytes, chance) : damage(bytes, chance),
    edit: isCut ? 'cut' : 'tool',
    rows: null,
  }
}

/** What went wrong, in words; null where nothing did. */
export async function problemOf(format: string, one: FuzzCase): Promise<string | null> {
  if (format === 'manifest') {
    try {
      parseManifest(decodeManifest(one.bytes, one.name), one.name)
      return null
    } catch (cause) {
      return crashOf(cause)
    }
  }
  let table: Table
  try {
    const file = fileInMemory({ name: one.name, bytes: one.bytes })
    table = await readTable(file, { part: 'vectors', columns })
  } catch (cause) {
    const crash = crashOf(cause)
    if (crash !== null || one.edit !== 'whole') return crash
    const [issue] = (cause as InputError).issues
    return `a whole file is refused: ${issue?.code}: ${issue?.message}`
  }
  return brokenTable(table) ?? difference(TARGETS[format]!, one, table)
}

function crashOf(cause: unknown): string | null {
  if (!(cause instanceof InputError)) {
    return `crash: ${cause instanceof Error ? cause.stack?.slice(0, 600) : String(cause)}`
  }
  for (const { code, message, where, hint } of cause.issues) {
    for (const part of [message, where, hint]) {
      if (part.length > LONGEST_MESSAGE)
        return `${code} says ${part.length} characters: ${part.slice(0, 200)}`
    }
    if (
      /Cannot (?:read|set|convert)|is not a function|undefined|\[object|Invalid (?:typed array|array) length|out of bounds|bigint/i.test(
        message,
      )
    ) {
      return `${code} tells what the program met: ${message}`
    }
  }
  return null
}

function brokenTable({ vectors, rows, columns: read }: Table): string | null {
  if (vectors === null) return 'a table without vectors'
  if (vectors.rows !== rows) return `${vectors.rows} vectors for ${rows} rows`
  if (vectors.values.length !== rows * vectors.dimensions) {
    return `${vectors.values.length} values for ${rows} × ${vectors.dimensions}`
  }
  for (const { name, type, values } of read) {
    if (values.length !== rows) return `column ${name} has ${values.length} entries of ${rows}`
    const isText = type === 'text'
    for (const value of values) {
      if (isText !== (typeof value === 'string')) return `column ${name} holds a ${typeof value}`
    }
  }
  return null
}

function difference(target: Target, { edit, rows }: FuzzCase, table: Table): string | null {
  const isTold = table.warnings.some(({ code }) => code === 'arrow-unended')
  if (edit === 'cut' && target.knowsItsEnd && !isTold) return 'a file that was cut is read'
  if (rows === null) return null
  const isWhole = edit === 'whole'
  if (!isWhole && !(edit === 'damage' && target.hasChecksum)) return null
  const { values } = table.vectors!
  const wanted = rows.vectors.flat()
  const isSame =
    values.length === wanted.length && wanted.every((value, at) => values[at] === value)
  if (!isSame) return `other vectors: ${values.length} values for ${wanted.length}`
  if (!isWhole) return null
  for (const role of target.columns) {
    const name = role === 'extra' ? rows.extra.name.trim() : role
    const column = table.columns.find((one) => one.name === name || one.name === `${name}s`)
    const texts = role === 'extra' ? rows.extra.values : role === 'id' ? rows.ids : rows.labels
    if (column === undefined) return `no column ${name}`
    const isText = column.type === 'text'
    const at = texts.findIndex((entry, row) => {
      const read = column.values[row]
      return isText ? read !== entry : !Object.is(read, entry === '' ? Number.NaN : Number(entry))
    })
    if (at >= 0)
      return `column ${name}, row ${at}: ${JSON.stringify(column.values[at])} for ${JSON.stringify(texts[at])}`
  }
  return null
}
