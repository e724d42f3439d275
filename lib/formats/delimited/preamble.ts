/** What stands before the table in a text file: a byte order mark, comments, Excel's `sep=;`. */

import { DELIMITERS, type Delimiter } from './syntax.ts'

const HASH = 0x23
const CR = 0x0d
const LF = 0x0a
/** Characters of a comment that are looked at, where it may be the line of column names. */
const LONGEST_COMMENT = 2_000_000

export interface Preamble {
  /** Bytes before the table's first line. */
  readonly start: number
  /** Lines before it. */
  readonly lines: number
  /** Those of them that begin with `#`. */
  readonly comments: number
  /** The last comment, which may hold the names of the columns; null where there is none. */
  readonly lastComment: { readonly start: number; readonly text: string } | null
  /** What `sep=` says. */
  readonly delimiter: Delimiter | null
}

export function preambleOf(text: Uint8Array): Preamble {
  let start = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0
  let lines = 0
  let lastComment: Preamble['lastComment'] = null
  while (text[start] === HASH && !isMark(text[start + 1])) {
    const end = endOf(text, start)
    const comment = Buffer.from(text.subarray(start, Math.min(end, start + LONGEST_COMMENT)))
    lastComment = { start, text: comment.toString('utf8').trim() }
    lines += 1
    start = nextLine(text, end)
  }
  const comments = lines
  const end = endOf(text, start)
  const said = end - start > 10 ? null : Buffer.from(text.subarray(start, end)).toString('utf8')
  const delimiter = DELIMITERS.find(
    (mark) => said !== null && said.replace(/^"|"$/g, '').toLowerCase() === `sep=${mark}`,
  )
  if (delimiter === undefined) return { start, lines, comments, lastComment, delimiter: null }
  return { start: nextLine(text, end), lines: lines + 1, comments, lastComment, delimiter }
}

/** A `#` that is an entry by itself is no comment. */
function isMark(byte: number | undefined): boolean {
  return byte !== undefined && (DELIMITERS as readonly string[]).includes(String.fromCharCode(byte))
}

function endOf(text: Uint8Array, start: number): number {
  let at = start
  while (at < text.length && text[at] !== LF && text[at] !== CR) at += 1
  return at
}

function nextLine(text: Uint8Array, end: number): number {
  return Math.min(text.length, end + (text[end] === CR && text[end + 1] === LF ? 2 : 1))
}
