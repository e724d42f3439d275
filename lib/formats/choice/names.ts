/** Names that say by themselves what a column or an array is, and words for them in messages. */

import { shortName } from '../../core/limits.ts'
import { VECTOR_NAMES } from '../../core/usual-names.ts'
import type { Field } from '../contents.ts'

/** As the manifest calls the vectors where it says nothing. */
export const USUAL_SETTING = 'embeddings'

/** Before the number of a dimension's column; each with or without `_`, `-` or `.` after it. */
const SURE_PREFIXES: readonly string[] = ['embeddings', 'embedding', 'emb', 'dim', 'e', '']
/** The same, which also stand before the number of a reading or a corner. */
const LIKELY_PREFIXES: readonly string[] = [
  ...VECTOR_NAMES,
  'dimension',
  'd',
  'f',
  'v',
  'z',
  'component',
  'comp',
  'pc',
]

export function isSurePrefix(prefix: string): boolean {
  return SURE_PREFIXES.includes(bare(prefix))
}

export function isDimensionPrefix(prefix: string): boolean {
  return isSurePrefix(prefix) || LIKELY_PREFIXES.includes(bare(prefix))
}

function bare(prefix: string): string {
  return prefix.toLowerCase().replace(/[_.-]$/, '')
}

/** `(899, 32)`, as Python writes it; `?` where only reading tells. */
export function shapeOf({ shape }: Pick<Field, 'shape'>): string {
  const sizes = shape.map((size) => size ?? '?')
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`
}

/** Fields that a message names. */
const NAMED = 10

/** `left (5, 3) <f4, right (5, 3) <f4`. */
export function describeFields(fields: readonly Field[]): string {
  const more = fields.length > NAMED ? ` and ${fields.length - NAMED} more` : ''
  return `${fields.slice(0, NAMED).map(describeField).join(', ')}${more}`
}

function describeField(field: Field): string {
  const name = shortName(field.name)
  return field.problem !== null && field.shape.length === 0
    ? `${name} (unreadable)`
    : `${name} ${shapeOf(field)} ${shortName(field.type)}`
}
