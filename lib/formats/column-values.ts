/** Entries as a column: numbers where every one is a number that a double holds, else text. */

import type { Column } from '../core/table.ts'

/**
 * @param entries numbers, bigints, texts, flags, bytes; null or undefined where one is missing
 * @param asText even where every entry is a number
 */
export function columnOf(name: string, entries: readonly unknown[], asText: boolean): Column {
  const isNumber =
    !asText &&
    entries.some((entry) => entry != null) &&
    entries.every(
      (entry) =>
        entry == null ||
        typeof entry === 'number' ||
        (typeof entry === 'bigint' && Number.isSafeInteger(Number(entry))),
    )
  if (isNumber) {
    const values = Float64Array.from(entries, (entry) =>
      entry == null ? Number.NaN : Number(entry),
    )
    return { name, type: 'number', values }
  }
  return { name, type: 'text', values: entries.every(isText) ? entries : entries.map(entryText) }
}

function isText(entry: unknown): entry is string {
  return typeof entry === 'string'
}

export function entryText(entry: unknown): string {
  if (entry == null) return ''
  if (typeof entry === 'boolean') return entry ? 'True' : 'False'
  if (typeof entry === 'number') return Number.isNaN(entry) ? '' : String(entry)
  if (entry instanceof Uint8Array) return Buffer.from(entry).toString('hex')
  return typeof entry === 'object' ? JSON.stringify(entry) : String(entry)
}
