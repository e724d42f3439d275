/** Rows of a JSON file, entry by entry. */

import { InputError } from '../../core/errors.ts'
import type { Warning } from '../../core/warning.ts'
import type { JsonKind, JsonScanner } from './scanner.ts'

/** Reads or passes the value that the scanner stands at: an entry of that row, under that name. */
export type OnCell = (row: number, name: string, scanner: JsonScanner) => void

export interface Walk {
  readonly rows: number
  /** Set where `column_1` and so on stand for names that the file doesn't have. */
  readonly isHeaderless: boolean
}

export interface JsonRecords {
  /** Goes through all entries, objects within a row flattened to names with dots. */
  readonly walk: (onCell: OnCell) => Walk
  readonly warnings: readonly Warning[]
}

/** Rows that come one after another, all of one kind. */
export class RowReader {
  rows = 0
  /** Of rows that are lists of entries how many they have; null for any other. */
  positions: number | null = null
  readonly #unnamed: string
  readonly #onCell: OnCell
  #kind: 'object' | 'list' | 'value' | null = null

  /** @param unnamed what a row that is no object is called */
  constructor(unnamed: string, onCell: OnCell) {
    this.#unnamed = unnamed
    this.#onCell = onCell
  }

  walk(): Walk {
    return { rows: this.rows, isHeaderless: this.positions !== null }
  }

  row(scanner: JsonScanner): void {
    const kind = rowKind(scanner.kind())
    this.#kind ??= kind
    if (kind !== this.#kind) {
      throw scanner.wrong(`row ${this.rows} is a ${kind} where row 0 is a ${this.#kind}`)
    }
    if (kind === 'list' && this.#isPositional(scanner)) this.#putPositions(scanner)
    else putCell(this.rows, kind === 'object' ? '' : this.#unnamed, scanner, this.#onCell)
    this.rows += 1
  }

  /** Whether the first row is a list of entries rather than of numbers, which are a vector. */
  #isPositional(scanner: JsonScanner): boolean {
    if (this.rows > 0) return this.positions !== null
    const start = scanner.at
    let isVector = true
    let entries = 0
    scanner.list(() => {
      if (!['number', 'null'].includes(scanner.kind() ?? '')) isVector = false
      entries += 1
      scanner.skip()
    })
    scanner.at = start
    if (!isVector) this.positions = entries
    return !isVector
  }

  #putPositions(scanner: JsonScanner): void {
    let entries = 0
    scanner.list((place) => {
      entries = place + 1
      putCell(this.rows, `column_${entries}`, scanner, this.#onCell)
    })
    if (entries === this.positions) return
    throw scanner.wrong(`row ${this.rows} has ${entries} entries where row 0 has ${this.positions}`)
  }
}

function rowKind(kind: JsonKind | null): 'object' | 'list' | 'value' {
  return kind === 'object' || kind === 'list' ? kind : 'value'
}

/** An entry, or those of the object that it is. */
export function putCell(row: number, name: string, scanner: JsonScanner, onCell: OnCell): void {
  if (scanner.kind() !== 'object') onCell(row, name, scanner)
  else scanner.object((key) => putCell(row, name === '' ? key : `${name}.${key}`, scanner, onCell))
}

/** A layout of which nobody can say what its rows are. */
export function unclear(source: string, what: string): InputError {
  return new InputError({
    code: 'json-shape',
    message: `${what} It isn’t clear what its rows are.`,
    where: source,
    hint: 'Write one object a row, with the vector as a list: frame.to_json("embeddings.jsonl", orient="records", lines=True), or [json.dumps({"id": id, "label": label, "embedding": vector.tolist()}) for each row], one a line.',
  })
}
