/** What a run's own figures say against themselves: each told in one wording, wherever it is told. */

import type { Warning } from './warning.ts'
import { countOf, partOf } from './words.ts'

/** Rows whose order decides, and copies, are worth a line from this share of all rows on. */
const MANY = 0.01

/** Codes of the warnings that are made here. */
export const TIES = 'tied-neighbors'
const COPIES = 'exact-duplicates'

export interface CaveatFigures {
  readonly evaluatedRows: number
  /** Rows with equally near neighbours of different labels. */
  readonly labelChangingTies: number
  /** All rows, the gallery's too. */
  readonly rows: number
  /** How many rows each vector has that more than one row has. */
  readonly copies: readonly number[]
}

export function runCaveats({
  evaluatedRows,
  labelChangingTies,
  rows,
  copies,
}: CaveatFigures): readonly Warning[] {
  return [...tieCaveats(labelChangingTies, evaluatedRows), ...copyCaveats(copies, rows)]
}

export function tieCaveats(ties: number, rows: number): readonly Warning[] {
  if (ties < Math.max(1, MANY * rows)) return []
  const says = `${countOf(ties, 'row has', 'rows have')} equally near neighbours of different labels`
  return [
    {
      code: TIES,
      message: `${says}: the earlier row counts as the nearer one, and another order would change the accuracy`,
      headline: `${says}: another order would change the accuracy`,
    },
  ]
}

function copyCaveats(sizes: readonly number[], rows: number): readonly Warning[] {
  const copies = sizes.reduce((sum, size) => sum + size, 0)
  // That all are equal has a warning of its own.
  if (copies < Math.max(1, MANY * rows) || sizes[0] === rows) return []
  const says = `${partOf(copies, rows, 'rows')} share their vector with another`
  return [
    {
      code: COPIES,
      message: `${says}: copies that may find each other do so whatever the model does, so figures of retrieval can be too high, or too low where their labels differ`,
      headline: `${says}: copies find each other whatever the model does`,
    },
  ]
}
