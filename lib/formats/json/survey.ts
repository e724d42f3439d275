/** What the entries of a JSON file are, by name: of all rows, since any may lack a key or hold another thing. */

import { InputError, type Issue } from '../../core/errors.ts'
import { shortName } from '../../core/limits.ts'
import type { ColumnNames } from '../../core/manifest.ts'
import { isVectorName } from '../../core/usual-names.ts'
import type { Field, FieldKind } from '../contents.ts'
import { readVectorText, vectorTextIssue } from '../vector-text.ts'
import { base64Floats } from './base64.ts'
import { MOST_NAMES } from './document.ts'
import type { JsonRecords, Walk } from './rows.ts'
import type { JsonScanner } from './scanner.ts'

const SHOWN = 3

/** How the vectors of a field are written. */
export type VectorForm = 'list' | 'text' | 'base64'

export interface JsonSurvey extends Walk {
  readonly fields: readonly Field[]
  /** Of each field; null where it holds no vectors. */
  readonly forms: readonly (VectorForm | null)[]
  /** Of each field, the rows that have an entry. */
  readonly filled: readonly number[]
}

/** Throws `InputError` for what isn't JSON, and for a key that is twice in one row. */
export function surveyJson(records: JsonRecords, source: string, columns: ColumnNames): JsonSurvey {
  const entries = new Map<string, Entries>()
  const { rows, isHeaderless } = records.walk((row, name, scanner) => {
    let one = entries.get(name)
    if (one === undefined) {
      if (entries.size === MOST_NAMES) throw tooManyNames(source)
      const isVector = name === columns.embeddings || isVectorName(name.split('.').at(-1)!)
      one = new Entries(name, isVector)
      entries.set(name, one)
    }
    one.add(row, scanner)
  })
  const all = [...entries.values()]
  return {
    rows,
    isHeaderless,
    fields: all.map((one) => one.field(rows, source)),
    forms: all.map((one) => one.form()),
    filled: all.map(({ count }) => count),
  }
}

/** A kind of entry: how many there are, and the first one's row. */
interface Tally {
  count: number
  row: number
}

/** The entries of one name. */
class Entries {
  /** Rows that have one. */
  count = 0
  readonly #name: string
  readonly #mayBeBase64: boolean
  readonly #tallies = new Map<string, Tally>()
  readonly #examples: string[] = []
  #row = -1
  #longest = 0
  #isInteger = true
  #size: { readonly row: number; readonly length: number } | null = null
  #otherSize: { readonly row: number; readonly length: number } | null = null
  #base64 = 0
  /** Texts that hold a vector, and whether one of them has numbers left out. */
  #vectorTexts = 0
  #strangeText: string | null = null

  constructor(name: string, mayBeBase64: boolean) {
    this.#name = name
    this.#mayBeBase64 = mayBeBase64
  }

  add(row: number, scanner: JsonScanner): void {
    if (row === this.#row) {
      throw scanner.wrong(`row ${row} has the key ${JSON.stringify(shortName(this.#name))} twice`)
    }
    this.#row = row
    const kind = scanner.kind()
    if (kind === 'list') this.#addList(row, scanner)
    else if (kind === 'text') this.#addText(row, scanner.text())
    else this.#addWord(row, scanner.word())
  }

  #addWord(row: number, word: string): void {
    if (word === 'null') return
    if (word === 'true' || word === 'false') this.#tally('flag', row)
    else {
      if (!isWhole(word)) this.#isInteger = false
      this.#tally('number', row)
    }
    this.#example(word)
  }

  field(rows: number, source: string): Field {
    const form = this.form()
    const kind = this.#kind(form)
    const problem = this.#problem(kind, form, source)
    return {
      name: this.#name,
      kind: problem !== null && kind !== 'vector' ? 'other' : kind,
      type: this.#type(form),
      shape: kind === 'vector' ? [rows, this.#size?.length ?? null] : [rows],
      examples: this.#examples,
      isInteger: this.#isInteger && (form === null || form === 'list'),
      problem,
      longestText: this.#longest > 0 ? this.#longest : null,
      byteLength: null,
    }
  }

  form(): VectorForm | null {
    if (this.#count('list of numbers') > 0) return 'list'
    const texts = this.#count('text')
    if (texts === 0 || this.#tallies.size > 1) return null
    if (this.#vectorTexts === texts) return 'text'
    return this.#base64 === texts ? 'base64' : null
  }

  #addText(row: number, text: string): void {
    // As a missing one.
    if (text === '') return
    this.#tally('text', row)
    if (this.#vectorTexts === this.#count('text') - 1) this.#addVectorText(row, text)
    if (this.#mayBeBase64) {
      const length = base64Floats(text)
      if (length !== null) {
        this.#base64 += 1
        this.#addSize(row, length)
      }
    }
    this.#longest = Math.max(this.#longest, text.length)
    this.#example(text)
  }

  #addVectorText(row: number, text: string): void {
    const vector = readVectorText(text)
    if ('problem' in vector) {
      if (vector.problem === 'not a vector') return
      this.#strangeText ??= text
    } else if (vector.values.length === 0) return
    else this.#addSize(row, vector.values.length)
    this.#vectorTexts += 1
  }

  #addList(row: number, scanner: JsonScanner): void {
    let length = 0
    let strange: string | null = null
    scanner.list((index) => {
      length = index + 1
      const kind = scanner.kind()
      if (kind === 'number') {
        const word = scanner.word()
        if (this.#isInteger && !isWhole(word)) this.#isInteger = false
      } else {
        if (kind !== 'null') strange ??= kind
        scanner.skip()
      }
    })
    this.#tally(strange === null ? 'list of numbers' : `list of ${strange}s`, row)
    if (strange === null) this.#addSize(row, length)
    this.#example(`${length} × ${strange ?? 'number'}`)
  }

  #addSize(row: number, length: number): void {
    this.#size ??= { row, length }
    if (length !== this.#size.length) this.#otherSize ??= { row, length }
  }

  #example(text: string): void {
    if (this.#examples.length < SHOWN) this.#examples.push(shortName(text))
  }

  #tally(kind: string, row: number): void {
    this.count += 1
    const tally = this.#tallies.get(kind)
    if (tally === undefined) this.#tallies.set(kind, { count: 1, row })
    else tally.count += 1
  }

  #count(kind: string): number {
    return this.#tallies.get(kind)?.count ?? 0
  }

  #kind(form: VectorForm | null): FieldKind {
    if (form !== null) return 'vector'
    if ([...this.#tallies.keys()].some((kind) => kind.startsWith('list'))) return 'other'
    const [kind, ...others] = this.#tallies.keys()
    return others.length === 0 && (kind === 'number' || kind === 'flag') ? kind : 'text'
  }

  #type(form: VectorForm | null): string {
    if (form === 'base64') return 'base64 of float32'
    return [...this.#tallies.keys()].join(' or ') || 'null'
  }

  #problem(kind: FieldKind, form: VectorForm | null, source: string): Issue | null {
    const where = `${source}, column ${shortName(this.#name)}`
    const [first, second] = this.#tallies
    if (form === 'list' && second !== undefined) {
      return {
        code: 'json-mixed',
        message: `Row ${first![1].row} holds a ${first![0]}, and row ${second[1].row} a ${second[0]} (counted from 0).`,
        where,
        hint: 'Give each row an entry of one kind; null or no entry sets a row aside.',
      }
    }
    if (kind === 'other') {
      const [what, { row }] = [...this.#tallies].find(([one]) => one.startsWith('list'))!
      return {
        code: 'json-nested',
        message: `Row ${row} (counted from 0) holds a ${what}, which is no entry of a column.`,
        where,
        hint: 'Give each row one text or number there, or a list of numbers for a vector.',
      }
    }
    const strange = form === 'text' ? this.#strangeText : null
    if (strange !== null) return vectorTextIssue(readVectorText(strange), strange, where)
    const [size, other] = [this.#size, this.#otherSize]
    if (form === null || size === null || other === null) return null
    return {
      code: 'vectors-ragged',
      message: `Row ${other.row} has ${other.length} numbers, and row ${size.row} has ${size.length} (counted from 0).`,
      where,
      hint: 'Give each row a vector of the same length; null sets a row aside.',
    }
  }
}

function isWhole(word: string): boolean {
  return /^-?\d+$/.test(word)
}

function tooManyNames(source: string): InputError {
  return new InputError({
    code: 'csv-too-many',
    message: `The rows have entries of more than ${MOST_NAMES} names.`,
    where: source,
    hint: 'Give each row the same few keys, with the vector as a list: {"id": …, "label": …, "embedding": […]}.',
  })
}
