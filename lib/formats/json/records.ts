/** How a JSON file lays out its rows: a line or an entry each, or a list for each column. */

import { InputError } from '../../core/errors.ts'
import type { OpenOptions } from '../contents.ts'
import { documentRecords } from './document.ts'
import { type JsonRecords, type OnCell, RowReader, unclear } from './rows.ts'
import { JsonScanner } from './scanner.ts'

/** Throws `InputError` for a layout of which it isn't clear what its rows are. */
export function jsonRecords(
  bytes: Uint8Array,
  source: string,
  areLines: boolean,
  names: Pick<OpenOptions, 'part' | 'columns'>,
): JsonRecords {
  // A byte order mark says nothing of JSON.
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const scanner = new JsonScanner(bytes, source, start)
  const kind = scanner.kind()
  if (kind === null) {
    throw new InputError({
      code: 'json-empty',
      message: 'The file holds 0 values.',
      where: source,
      hint: 'Write one object a row: frame.to_json("embeddings.jsonl", orient="records", lines=True)',
    })
  }
  scanner.skip()
  const isOne = scanner.kind() === null
  const at = (place: number) => new JsonScanner(bytes, source, place)
  const unnamed = names.part === 'vectors' ? names.columns.embeddings : names.columns.label
  const rows = (walkRows: (onRow: (scanner: JsonScanner) => void) => void) => ({
    walk: (onCell: OnCell) => {
      const reader = new RowReader(unnamed, onCell)
      walkRows((one) => reader.row(one))
      return reader.walk()
    },
    warnings: [],
  })
  if (isOne && kind === 'list' && (!areLines || isListOfRows(at(start)))) {
    return rows((onRow) => {
      const one = at(start)
      one.list(() => onRow(one))
    })
  }
  if (!isOne || areLines) {
    return rows((onRow) => {
      const one = at(start)
      while (one.kind() !== null) onRow(one)
    })
  }
  if (kind === 'object') return documentRecords(at, start, source, names.columns)
  throw unclear(source, `The file is one ${kind}.`)
}

/** A list over all of a file of JSON Lines, or one line that is a vector. */
function isListOfRows(scanner: JsonScanner): boolean {
  let isRows = false
  scanner.list((index) => {
    if (index === 0) isRows = ['object', 'list'].includes(scanner.kind() ?? '')
    scanner.skip()
  })
  return isRows
}
