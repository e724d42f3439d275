/** Lines and columns without an entry, which spreadsheets write behind a table where its cells were once in use. */

import type { Warning } from '../../core/warning.ts'
import { countOf } from '../../core/words.ts'

export function isBlank(entry: string): boolean {
  return entry.trim() === ''
}

interface BlankLine {
  readonly record: readonly string[]
  readonly line: number
}

/** Counted, since a file may be millions of them: they differ in their width alone. */
export class BlankLines {
  #count = 0
  /** The first of each width, at most two: a line of another width than the first is an error where it stands. */
  #runs: { readonly width: number; readonly line: number; count: number }[] = []

  get count(): number {
    return this.#count
  }

  push(width: number, line: number): void {
    this.#count += 1
    const last = this.#runs.at(-1)
    if (last?.width === width) last.count += 1
    else if (this.#runs.length < 2) this.#runs.push({ width, line, count: 1 })
  }

  /** Those that there are, and then none. */
  *take(): Generator<BlankLine> {
    const runs = this.#runs
    this.#runs = []
    this.#count = 0
    for (const { width, line, count } of runs) {
      const record = new Array<string>(width).fill('')
      for (let at = 0; at < count; at += 1) yield { record, line: line + at }
    }
  }
}

/** How many of the entries at the right have neither a name nor an entry in any of the rows. */
export function blankColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
): number {
  const isEmpty = (place: number) =>
    isBlank(names[place]!) && rows.every((row) => isBlank(row[place] ?? ''))
  let width = names.length
  while (width > 1 && isEmpty(width - 1)) width -= 1
  return names.length - width
}

/**
 * @param lines without an entry, at the end
 * @param filledUp lines with empty entries behind the last column
 */
export function blankTold(source: string, lines: number, filledUp: number): readonly Warning[] {
  const told = [
    ...(lines === 0 ? [] : [`${countOf(lines, 'line')} without an entry at its end`]),
    ...(filledUp === 0
      ? []
      : [`empty entries behind the last column of ${countOf(filledUp, 'line')}`]),
  ]
  if (told.length === 0) return []
  return [
    { code: 'dialect-chosen', message: `${source} is read without ${told.join(' and without ')}` },
  ]
}
