/**
 * A vector written as text in one cell: as JSON, Python, NumPy, PyTorch and PostgreSQL write one, or as
 * numbers with one mark between them.
 */

import { InputError, type Issue } from '../core/errors.ts'
import { MOST_DIMENSIONS } from '../core/limits.ts'
import { ragged } from './vector-issues.ts'

/** What NumPy, PyTorch and pgvector's drivers write before a list. */
const CALL = /^(?:(?:np\.|numpy\.)?array|(?:torch\.)?tensor|Vector)\(/
/** What they write behind it. A comma begins the next one, so that no text is tried in two ways. */
const ARGUMENTS =
  /^\s*(?:,\s*(?:dtype|device|grad_fn|requires_grad)=[^,=]*|,\s*shape=\([\d, ]*\))*,?\s*$/
/** Most characters of it. */
const LONGEST_ARGUMENTS = 200
/** As NumPy 2 writes the entries of a Python list. */
const SCALAR = /(?:np|numpy)\.float(?:16|32|64)\(([^()]*)\)/g
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const WITH_COMMA = /^[+-]?\d+(?:,\d+(?:e[+-]?\d+)?)?$/i
/** As pgvector writes a vector that is mostly zeros: `{1:0.5,3:2}/5`, its places counted from 1. */
const SPARSE = /^\{([^{}]*)\}\/(\d{1,6})$/
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }
/** A vector has this many numbers or more where nothing stands around them. */
const FEWEST_BARE = 5

export type VectorText =
  | { readonly values: readonly number[] }
  /**
   * `elided`: a program left numbers out and wrote `...`; the vector is not in the file.
   * `decimal commas`: its numbers have commas before their fractions, so that nobody knows where they end.
   */
  | { readonly problem: 'elided' | 'decimal commas' | 'not a vector'; readonly entry?: string }

/** Numbers of a vector; NaN for `nan`, `None` and `null`. */
export function readVectorText(text: string): VectorText {
  const sparse = SPARSE.exec(text.trim())
  if (sparse !== null) return sparseVector(sparse[1]!, Number(sparse[2]))
  let body = insideCall(text.trim())
  const isBracketed = isWrapped(body)
  if (isBracketed) body = body.slice(1, -1).trim()
  // A row of one vector, as `[[0.1, 0.2]]`.
  if (isBracketed && isWrapped(body)) body = body.slice(1, -1).trim()
  if (hasDecimalCommas(body, isBracketed)) return { problem: 'decimal commas' }
  const isElided = /(?:^|[\s,])(?:\.\.\.|…)(?=[\s,]|$)/.test(body)
  if (body.includes('float')) body = body.replace(SCALAR, '$1')
  const values: number[] = []
  for (const part of split(body)) {
    const value = toNumber(part)
    if (value === null) {
      const entry = part.trim()
      if (isElided && (entry === '...' || entry === '…')) continue
      return { problem: 'not a vector', entry }
    }
    values.push(value)
  }
  if (isElided && (isBracketed || values.length > 1)) return { problem: 'elided' }
  if (!isBracketed && values.length < FEWEST_BARE) return { problem: 'not a vector' }
  return { values }
}

/** The list in `array([…], dtype=float32)`; any other text as it is. */
function insideCall(text: string): string {
  const call = CALL.exec(text)
  if (call === null || !text.endsWith(')')) return text
  const end = text.lastIndexOf(']') + 1
  const behind = text.slice(end, -1)
  const isList = end > 0 && behind.length <= LONGEST_ARGUMENTS && ARGUMENTS.test(behind)
  return isList ? text.slice(call[0].length, end).trim() : text
}

function isWrapped(text: string): boolean {
  return text.length > 1 && text.at(-1) === CLOSING[text[0]!]
}

function split(body: string): readonly string[] {
  if (body === '') return []
  for (const mark of [',', ';', '|']) {
    if (!body.includes(mark)) continue
    const parts = body.split(mark)
    // Python writes `(1,)`.
    if (mark === ',' && parts.at(-1)!.trim() === '') parts.pop()
    return parts
  }
  return body.split(/\s+/)
}

/**
 * Whether commas stand before fractions: `0,5; 0,25`, `0,5 0,25`, `0,5, 0,25`; and in `0,5,0,025`, since no
 * program writes a whole number with a zero in front.
 */
function hasDecimalCommas(body: string, isBracketed: boolean): boolean {
  if (!body.includes(',') || body.includes('.')) return false
  const parts = body.split(/[;|]\s*|,\s+|\s+/)
  const isList = parts.length >= (isBracketed ? 2 : FEWEST_BARE)
  if (isList && parts.every((part) => WITH_COMMA.test(part)) && /\d,\d/.test(body)) return true
  return isBracketed && /(?:^|,)[+-]?0\d+(?:,|$)/.test(body)
}

function sparseVector(body: string, dimensions: number): VectorText {
  if (dimensions > MOST_DIMENSIONS) return { problem: 'not a vector' }
  const values = new Array<number>(dimensions).fill(0)
  for (const part of split(body)) {
    const [place, number, ...rest] = part.split(':')
    const value = number === undefined ? null : toNumber(number)
    const at = /^\s*\d+\s*$/.test(place!) ? Number(place) : 0
    if (value === null || rest.length > 0 || at < 1 || at > dimensions) {
      return { problem: 'not a vector', entry: part }
    }
    values[at - 1] = value
  }
  return { values }
}

function toNumber(part: string): number | null {
  const value = Number(part)
  // `Number` takes blanks for 0, and `0x10` for 16.
  const isPlain = part.charCodeAt(0) > 48 && part.charCodeAt(0) < 58
  if (Number.isFinite(value) && value !== 0 && (isPlain || !/^\s*0[a-z]/i.test(part))) return value
  const word = part.trim().toLowerCase()
  if (NUMBER.test(word)) return Number(word)
  if (word === 'nan' || word === 'none' || word === 'null' || word === '+nan' || word === '-nan') {
    return Number.NaN
  }
  const infinity = /^([+-]?)inf(?:inity)?$/.exec(word)
  if (infinity === null) return null
  return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** The vector of one cell. Throws `InputError` where it is none, or of another length than the first. */
export function cellVector(text: string, dimensions: number, where: string): readonly number[] {
  const vector = readVectorText(text)
  if ('problem' in vector) {
    const issue = vectorTextIssue(vector, text, where)
    if (issue !== null) throw new InputError(issue)
    throw new InputError({
      code: 'csv-number',
      message: `${cut(vector.entry ?? text)} is not a number, and the column holds vectors.`,
      where,
      hint: 'Each entry of the column holds a list of plain numbers, such as [0.25, -1e-3]; an empty entry sets its row aside.',
    })
  }
  if (vector.values.length !== dimensions) {
    throw ragged(vector.values.length, dimensions, where)
  }
  return vector.values
}

/** What is wrong with a text that is meant as a vector; null where nothing is, and where it isn't meant so. */
export function vectorTextIssue(vector: VectorText, text: string, where: string): Issue | null {
  if (!('problem' in vector) || vector.problem === 'not a vector') return null
  return vector.problem === 'elided' ? elided(where) : decimalCommas(text, where)
}

/** Numbers that aren't in the file any more. */
function elided(where: string): Issue {
  return {
    code: 'vectors-elided',
    message:
      'The vectors were cut short when they were written: `...` stands where numbers were left out, as NumPy prints arrays of more than 1,000 numbers.',
    where,
    hint: 'The numbers are not in the file. Save them from where they were made: np.savez("embeddings.npz", embeddings=np.stack(frame["embedding"]), labels=np.array(frame["label"], dtype=str)), or frame.to_parquet("embeddings.parquet")',
  }
}

/** Vectors as a person or a spreadsheet writes them where fractions have commas. */
function decimalCommas(text: string, where: string): Issue {
  return {
    code: 'vectors-decimal-commas',
    message: `The vectors are written with a comma before each fraction: ${cut(text)}. A comma ends a number in a list, so they can’t be told apart for sure.`,
    where,
    hint: String.raw`Write them with points, such as [0.5, 0.25]: in pandas, frame["embedding"] = frame["embedding"].str.replace(r"(\d),(\d+)", r"\1.\2", regex=True), with the column’s name for embedding.`,
  }
}

function cut(entry: string): string {
  return JSON.stringify(entry.length > 60 ? `${entry.slice(0, 60)}…` : entry)
}
