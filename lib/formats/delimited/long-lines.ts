/** Lines that are too long to be taken apart, found by their bytes: an entry takes many times its delimiter's memory. */

import { InputError } from '../../core/errors.ts'
import { LONGEST_LINE, MOST_FIELDS } from '../../core/limits.ts'
import { DELIMITERS } from './syntax.ts'

const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const MARKS: readonly number[] = DELIMITERS.map((mark) => mark.charCodeAt(0))

/** Throws `InputError` for a line of more characters or entries than are read, whatever its delimiter is. */
export function checkLines(text: Uint8Array, source: string): void {
  let start = 0
  let line = 1
  while (start < text.length) {
    const found = text.indexOf(LF, start)
    const end = found < 0 ? text.length : found
    // A shorter one can't have as many entries.
    if (end - start >= MOST_FIELDS) line = checkLine(text, start, end, line, source)
    start = end + 1
    line += 1
  }
}

/** @returns the number of the last line, since lines may end with `\r` alone */
function checkLine(
  text: Uint8Array,
  start: number,
  end: number,
  first: number,
  source: string,
): number {
  let line = first
  let characters = 0
  let isQuoted = false
  const counts = new Map(MARKS.map((mark) => [mark, 0]))
  for (let at = start; at < end; at += 1) {
    const byte = text[at]!
    if (byte === CR && at + 1 < end) {
      line += 1
      characters = 0
      isQuoted = false
      for (const mark of MARKS) counts.set(mark, 0)
      continue
    }
    // Bytes that go on with a letter are none of their own.
    if ((byte & 0xc0) !== 0x80) characters += 1
    if (characters > LONGEST_LINE) throw tooLong(source, line)
    if (byte === QUOTE) isQuoted = !isQuoted
    const count = isQuoted ? undefined : counts.get(byte)
    if (count === undefined) continue
    counts.set(byte, count + 1)
    if (count + 2 > MOST_FIELDS) throw tooMany(source, line)
  }
  return line
}

export function tooLong(source: string, line: number): InputError {
  return new InputError({
    code: 'csv-line-too-long',
    message: `A line has more than ${LONGEST_LINE} characters, which is the most that are read.`,
    where: `${source}, line ${line}`,
    hint: 'Look for a quote that is opened and not closed, or for an entry that holds a whole file.',
  })
}

function tooMany(source: string, line: number): InputError {
  return new InputError({
    code: 'csv-line-too-long',
    message: `A line has more than ${MOST_FIELDS} entries, which is the most that are read.`,
    where: `${source}, line ${line}`,
    hint: 'Each line holds one row: check that rows and columns weren’t swapped, and that lines end where rows end.',
  })
}
