/**
 * A vector written as text in one cell: as JSON, Python, NumPy, PyTorch and PostgreSQL write one, or as
 * numbers with one mark between them.
 */

import { InputError, type Issue } from '../core/errors.ts'
import { ragged } from './vector-issues.ts'

const SPACE = /^\s+|\s+$/g
/** What stands around the numbers, from the outside in. */
const WRAPPERS: readonly RegExp[] = [
  /^(?:np\.|numpy\.)?array\(([\s\S]*?)(?:,\s*dtype=[\w.<>'"]+)?\)$/,
  /^(?:torch\.)?tensor\(([\s\S]*?)(?:,\s*(?:dtype|device|grad_fn|requires_grad)=[^)]*)*\)$/,
  /^Vector\(([\s\S]*)\)$/,
]
/** As NumPy 2 writes the entries of a Python list. */
const SCALAR = /(?:np|numpy)\.float(?:16|32|64)\(([^()]*)\)/g
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
/** A vector has this many numbers or more where nothing stands around them. */
const FEWEST_BARE = 5

export type VectorText =
  | { readonly values: readonly number[] }
  /** `elided`: a program left numbers out and wrote `...`; the vector is not in the file. */
  | { readonly problem: 'elided' | 'not a vector'; readonly entry?: string }

/** Numbers of a vector; NaN for `nan`, `None` and `null`. */
export function readVectorText(text: string): VectorText {
  let body = text.replace(SPACE, '')
  for (const wrapper of WRAPPERS) {
    const inner = wrapper.exec(body)?.[1]
    if (inner !== undefined) body = inner.replace(SPACE, '')
  }
  const isBracketed = /^(?:\[[\s\S]*\]|\([\s\S]*\)|\{[\s\S]*\})$/.test(body)
  if (isBracketed) body = body.slice(1, -1).replace(SPACE, '')
  // A row of one vector, as `[[0.1, 0.2]]`.
  if (isBracketed && /^\[[^[\]]*\]$/.test(body)) body = body.slice(1, -1).replace(SPACE, '')
  const isElided = /(?:^|[\s,])(?:\.\.\.|…)(?=[\s,]|$)/.test(body)
  if (body.includes('float')) body = body.replace(SCALAR, '$1')
  const parts = split(body.replace(/,\s*$/, ''))
  const values: number[] = []
  for (const part of parts) {
    const value = toNumber(part)
    if (value === null) {
      if (isElided && (part === '...' || part === '…')) continue
      return { problem: 'not a vector', entry: part }
    }
    values.push(value)
  }
  if (isElided && (isBracketed || values.length > 1)) return { problem: 'elided' }
  if (!isBracketed && values.length < FEWEST_BARE) return { problem: 'not a vector' }
  return { values }
}

function split(body: string): readonly string[] {
  if (body === '') return []
  for (const mark of [',', ';', '|']) {
    if (body.includes(mark)) return body.split(mark).map((part) => part.replace(SPACE, ''))
  }
  return body.split(/\s+/)
}

function toNumber(part: string): number | null {
  if (NUMBER.test(part)) return Number(part)
  const word = part.toLowerCase()
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
    if (vector.problem === 'elided') throw new InputError(elided(where))
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

/** Numbers that aren't in the file any more. */
export function elided(where: string): Issue {
  return {
    code: 'vectors-elided',
    message:
      'The vectors were cut short when they were written: `...` stands where numbers were left out, as NumPy prints arrays of more than 1,000 numbers.',
    where,
    hint: 'The numbers are not in the file. Save them from where they were made: np.savez("embeddings.npz", embeddings=np.stack(frame["embedding"]), labels=frame["label"].astype(str)), or frame.to_parquet("embeddings.parquet").',
  }
}

function cut(entry: string): string {
  return JSON.stringify(entry.length > 60 ? `${entry.slice(0, 60)}…` : entry)
}
