/** How many rows of each label there are in a block of equal rows, or in all, for a position to find. */

import type { EqualRows } from '../../core/vote.ts'
import type { Relations } from '../types.ts'

const NONE: EqualRows = new Map()
/** Names all rows together, where a block is named by its first row. */
const ALL = -1

/**
 * Counts of rows that are not compared: of a block of equal rows only the first few are, as row numbers
 * decide, and these counts say what another order of the rows could bring.
 */
export class EqualCounts {
  readonly #labels: Int32Array
  readonly #firstEqual: Int32Array
  readonly #rowAt: Int32Array
  readonly #relations: Relations
  /** Counts by label of each block of several rows, by its first row. */
  readonly #blocks = new Map<number, Map<number, number>>([[ALL, new Map()]])
  readonly #byGroup = new Map<string, Map<number, number>>()

  /** @param labels and firstEqual by row, all else by position */
  constructor(labels: Int32Array, firstEqual: Int32Array, rowAt: Int32Array, relations: Relations) {
    this.#labels = labels
    this.#firstEqual = firstEqual
    this.#rowAt = rowAt
    this.#relations = relations
    for (const [row, first] of firstEqual.entries()) {
      if (row !== first) this.#blocks.set(first, new Map())
    }
    const { groups, queries } = relations
    for (const [position, row] of rowAt.entries()) {
      if (queries !== null && queries[position] === 1) continue
      for (const block of [ALL, firstEqual[row]!]) {
        const counts = this.#blocks.get(block)
        if (counts === undefined) continue
        add(counts, labels[row]!, 1)
        if (groups === null || groups[position]! < 0) continue
        const name = `${block} ${groups[position]}`
        const ofGroup = this.#byGroup.get(name) ?? new Map<number, number>()
        this.#byGroup.set(name, ofGroup)
        add(ofGroup, labels[row]!, 1)
      }
    }
  }

  /** The block of a row that has equals; null where it has none. */
  blockOf(row: number): number | null {
    const first = this.#firstEqual[row]!
    return this.#blocks.has(first) ? first : null
  }

  /** Rows of a block that may be neighbours of a position. */
  ofBlock(position: number, block: number): EqualRows {
    return this.#related(position, block)
  }

  /** Rows of all that may be neighbours of a position. */
  ofAll(position: number): EqualRows {
    return this.#related(position, ALL)
  }

  #related(position: number, block: number): EqualRows {
    const { groups, queries } = this.#relations
    const counts = new Map(this.#blocks.get(block))
    const row = this.#rowAt[position]!
    if (groups !== null && groups[position]! >= 0) {
      const hidden = this.#byGroup.get(`${block} ${groups[position]}`) ?? NONE
      for (const [label, count] of hidden) add(counts, label, -count)
    } else if (queries === null && (block === ALL || this.#firstEqual[row] === block)) {
      add(counts, this.#labels[row]!, -1)
    }
    return counts
  }
}

/** Rows at one distance from a position: where one row of a block is added, the whole block counts. */
export class TiedRows {
  readonly #position: number
  readonly #labels: Int32Array
  readonly #equal: EqualCounts | null
  readonly #singles = new Map<number, number>()
  readonly #blocks = new Set<number>()

  /** @param equal null: no rows are equal */
  constructor(position: number, labels: Int32Array, equal: EqualCounts | null) {
    this.#position = position
    this.#labels = labels
    this.#equal = equal
  }

  /** Adds a row; nobody adds one twice. */
  add(row: number): void {
    const block = this.#equal?.blockOf(row) ?? null
    if (block === null) add(this.#singles, this.#labels[row]!, 1)
    else this.#blocks.add(block)
  }

  clear(): void {
    this.#singles.clear()
    this.#blocks.clear()
  }

  /** How many there are of each label. */
  counts(): EqualRows {
    if (this.#blocks.size === 0) return this.#singles
    const counts = new Map(this.#singles)
    for (const block of this.#blocks) {
      for (const [label, count] of this.#equal!.ofBlock(this.#position, block)) {
        add(counts, label, count)
      }
    }
    return counts
  }
}

/** Adds to the count of a label, and removes a label that is left with none. */
function add(counts: Map<number, number>, label: number, count: number): void {
  const sum = (counts.get(label) ?? 0) + count
  if (sum === 0) counts.delete(label)
  else counts.set(label, sum)
}
