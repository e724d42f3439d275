/** What the quotes of a text file are: most enclose entries, those of some programs are letters. */

import type { Delimiter, Quote, Sampler } from './syntax.ts'

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const ENCLOSED = /^'.*'$/s

/** The quotes of a text that begins with the table's first line. */
export function quoteOf(text: Uint8Array, delimiter: Delimiter, sampleOf: Sampler): Quote {
  if (delimiter === '\t' && areLetters(text)) return null
  const { lines, isEven } = sampleOf(delimiter, '"')
  const rows = lines.slice(1)
  if (!rows.some((row) => row.some((entry) => entry.startsWith("'")))) return '"'
  const single = sampleOf(delimiter, "'")
  if (!single.isEven) return '"'
  const encloses = single.lines[0]!.length !== lines[0]!.length
  const isColumn = rows[0]!.some(
    (_, place) => rows.length > 1 && rows.every((row) => ENCLOSED.test(row[place] ?? '')),
  )
  return !isEven || encloses || isColumn ? "'" : '"'
}

/**
 * Whether double quotes are letters, as PostgreSQL and MySQL write text with tabs: taken so, all lines have as
 * many entries, and one of them is none that quotes enclose.
 */
function areLetters(text: Uint8Array): boolean {
  if (text.indexOf(QUOTE) < 0) return false
  let [start, tabs, width] = [0, 0, -1]
  let hasQuote = false
  let isStray = false
  let isBlank = true
  for (let at = 0; at <= text.length; at += 1) {
    const byte = text[at]
    if (byte === QUOTE) hasQuote = true
    const isEnd = byte === undefined || byte === LF || byte === CR
    if (byte !== TAB && !isEnd) {
      isBlank = false
      continue
    }
    if (hasQuote && !isStray) isStray = !isEnclosed(text.subarray(start, at))
    hasQuote = false
    start = at + 1
    if (byte === TAB) {
      tabs += 1
      continue
    }
    if (!isBlank || tabs > 0) {
      if (width >= 0 && tabs !== width) return false
      width = tabs
    }
    tabs = 0
    isBlank = true
  }
  return isStray
}

function isEnclosed(entry: Uint8Array): boolean {
  const written = Buffer.from(entry).toString('latin1')
  return /^"(?:[^"]|"")*"$/.test(written)
}
