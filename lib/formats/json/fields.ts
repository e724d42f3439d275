/** What the first rows of JSON tell of their names. */

import { LONGEST_COLUMN_NAME, shortName } from '../../core/limits.ts'
import { isVectorName } from '../choice/names.ts'
import { entryText } from '../column-values.ts'
import type { Field, FieldKind } from '../contents.ts'
import { elided, readVectorText } from '../vector-text.ts'
import type { PlacedRow } from './records.ts'

const SHOWN = 3
/** Shorter texts are hardly a vector in base64. */
const SHORTEST_BASE64 = 40

export function fieldOf(name: string, sample: readonly PlacedRow[], source: string): Field {
  const entries = sample
    .map(({ row }) => row.get(name))
    .filter((entry) => entry != null && entry !== '')
  const { kind, type, dimensions } = kindOf(name, entries)
  const isElided = kind === 'vector' && type === 'text' && entries.some(isElidedText)
  return {
    name,
    kind,
    type,
    shape: kind === 'vector' ? [null, dimensions] : [null],
    examples: entries.slice(0, SHOWN).map((entry) => shortName(entryText(entry))),
    isInteger: false,
    problem: isElided
      ? elided(`${source}, ${name}`)
      : name.length > LONGEST_COLUMN_NAME
        ? {
            code: 'csv-header',
            message: `The name has ${name.length} characters, ${JSON.stringify(shortName(name))}; at most ${LONGEST_COLUMN_NAME} are read.`,
            where: source,
            hint: 'Give the column a short name.',
          }
        : null,
    longestText: null,
    byteLength: null,
  }
}

function kindOf(
  name: string,
  entries: readonly unknown[],
): { readonly kind: FieldKind; readonly type: string; readonly dimensions: number | null } {
  const plain = (kind: FieldKind, type: string) => ({ kind, type, dimensions: null })
  const [first] = entries
  if (entries.length === 0) return plain('text', 'nothing')
  if (entries.every((entry) => typeof entry === 'number')) return plain('number', 'number')
  if (entries.every((entry) => typeof entry === 'boolean')) return plain('flag', 'bool')
  if (entries.every(Array.isArray)) {
    const isNumbers = entries.every((list) => (list as unknown[]).every(isNumberEntry))
    const length = (first as unknown[]).length
    return isNumbers && length > 0
      ? { kind: 'vector', type: 'list of numbers', dimensions: length }
      : plain('other', 'list')
  }
  if (entries.every((entry) => typeof entry === 'string')) {
    const vectors = entries.map((entry) => readVectorText(entry as string))
    const isVector = vectors.every((vector) =>
      'values' in vector ? vector.values.length > 0 : vector.problem === 'elided',
    )
    if (isVector) {
      const one = vectors.find((vector) => 'values' in vector)
      return { kind: 'vector', type: 'text', dimensions: one?.values.length ?? null }
    }
    if (isVectorName(name) && entries.every(isBase64)) {
      return { kind: 'vector', type: 'base64', dimensions: fromBase64(first as string).length }
    }
    return plain('text', 'text')
  }
  const isPlain = entries.every((entry) => typeof entry !== 'object')
  return plain(isPlain ? 'text' : 'other', isPlain ? 'text and numbers' : 'object')
}

function isNumberEntry(entry: unknown): boolean {
  return (
    entry === null ||
    typeof entry === 'number' ||
    (typeof entry === 'string' && isNumberWord(entry))
  )
}

export function isNumberWord(text: string): boolean {
  return /^-?(?:NaN|Infinity|\d+)$/.test(text)
}

function isElidedText(entry: unknown): boolean {
  const vector = readVectorText(entry as string)
  return 'problem' in vector && vector.problem === 'elided'
}

export function isBase64(entry: unknown): boolean {
  const text = entry as string
  if (text.length < SHORTEST_BASE64 || !/^[A-Za-z0-9+/]+=*$/.test(text)) return false
  const bytes = Buffer.from(text, 'base64')
  return bytes.length % 4 === 0 && fromBase64(text).every((value) => Math.abs(value) < 1e6)
}

export function fromBase64(text: string): readonly number[] {
  const bytes = Buffer.from(text, 'base64')
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(4 * at))
}
