/** Vectors written as texts, in formats whose schema says of such a column only that it holds texts. */

import { InputError } from '../core/errors.ts'
import { MOST_DIMENSIONS, MOST_ENTRIES, shortName } from '../core/limits.ts'
import type { ColumnNames } from '../core/manifest.ts'
import { isNamed, type Vectors } from '../core/table.ts'
import { isVectorName } from '../core/usual-names.ts'
import type { Field } from './contents.ts'
import { tooLarge, tooManyDimensions } from './vector-issues.ts'
import { cellVector, readVectorText, vectorTextIssue } from './vector-text.ts'

/** Entries that are looked at. */
export const LOOKED_AT = 100
const SHOWN = 3

/** Places of the columns of text that could be the vectors, so that their first entries are worth looking at. */
export function textsToLookAt(
  fields: readonly Field[],
  { embeddings }: ColumnNames,
): readonly number[] {
  const hasVectors = fields.some(({ kind }) => kind === 'vector')
  return [...fields.keys()].filter((place) => {
    const { name, kind, type } = fields[place]!
    const isCalledSo = isNamed(name, embeddings) || isVectorName(name.split('.').at(-1)!)
    return kind === 'text' && type === 'text' && (!hasVectors || isCalledSo)
  })
}

/** A field of texts, as vectors where each of its first entries holds one. */
export function asTextVectors(field: Field, entries: readonly string[], source: string): Field {
  const there = entries.filter((entry) => entry.trim() !== '')
  const vectors = there.map(readVectorText)
  const where = `${source}, column ${shortName(field.name)}`
  const issues = vectors.flatMap((one, at) => vectorTextIssue(one, there[at]!, where) ?? [])
  const lengths = vectors.flatMap((one) => ('values' in one ? [one.values.length] : []))
  const isVector = vectors.every((one) =>
    'values' in one ? one.values.length > 0 : one.problem !== 'not a vector',
  )
  if (there.length === 0 || !isVector) return field
  return {
    ...field,
    kind: 'vector',
    shape: [field.shape[0] ?? null, lengths[0] ?? null],
    examples: there.slice(0, SHOWN).map((entry) => shortName(entry)),
    problem: issues[0] ?? null,
  }
}

/** The vectors of one column, text by text; a row without one is NaN, so that it is set aside. */
export class TextVectors {
  readonly #rows: number
  readonly #where: string
  #values = new Float64Array(0)
  #dimensions = 0
  #row = 0
  #missing = 0

  constructor(rows: number, where: string) {
    this.#rows = rows
    this.#where = where
  }

  /** Throws `InputError` for a text that is no vector, or one of another length. */
  add(text: unknown): void {
    const where = `${this.#where}, row ${this.#row} (counted from 0)`
    if (typeof text !== 'string' || text.trim() === '') this.#skip()
    else {
      if (this.#dimensions === 0) this.#start(text, where)
      this.#values.set(cellVector(text, this.#dimensions, where), this.#row * this.#dimensions)
    }
    this.#row += 1
  }

  vectors(): Vectors {
    return { values: this.#values, rows: this.#row, dimensions: this.#dimensions }
  }

  #start(text: string, where: string): void {
    const first = readVectorText(text)
    const length = 'values' in first ? first.values.length : 0
    if (length > MOST_DIMENSIONS) throw tooManyDimensions(length, where)
    this.#dimensions = length
    this.#values = this.#allocate(length)
    this.#values.fill(Number.NaN, 0, this.#row * length)
    this.#checkMissing()
  }

  #allocate(dimensions: number): Float64Array<ArrayBuffer> {
    try {
      return new Float64Array(this.#rows * dimensions)
    } catch {
      throw tooLarge(this.#rows, dimensions, Float64Array.BYTES_PER_ELEMENT, this.#where)
    }
  }

  #skip(): void {
    this.#missing += 1
    this.#checkMissing()
    const start = this.#row * this.#dimensions
    this.#values.fill(Number.NaN, start, start + this.#dimensions)
  }

  /** Rows without a vector take memory too: not more than the file could have filled. */
  #checkMissing(): void {
    const missing = this.#missing
    if (missing * this.#dimensions <= MOST_ENTRIES || missing * 2 <= this.#rows) return
    throw new InputError({
      code: 'vectors-missing',
      message: `${missing} or more of ${this.#rows} entries are missing in the column of the vectors.`,
      where: this.#where,
      hint: 'Leave out the rows without a vector.',
    })
  }
}
