/** Fixed and broken rows of many parts of a run at once, each tested, and corrected for their number. */

import type { ChangeVerdict, PairedChange } from '../core/changes.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { FEWEST_TELLING_ROWS, signFlipExact } from '../stats/mcnemar.ts'
import type { RunRows } from './run-rows.ts'

/** A part while its rows are counted. */
export interface PairedCount {
  rows: number
  fixed: number
  broken: number
  /** Rows that turned since a class came or went; unset without any. */
  absentNeighbors?: number
  /** Of each cluster, or each row, the rows fixed less those broken. */
  readonly turned: Map<number, number>
}

export function emptyCount(): PairedCount {
  return { rows: 0, fixed: 0, broken: 0, turned: new Map() }
}

export function countTurn(
  count: PairedCount,
  turn: 'fixed' | 'broken',
  { clusters }: Pick<RunRows, 'clusters'>,
  row: number,
): void {
  count[turn]++
  const cluster = clusters?.[row] ?? row
  count.turned.set(cluster, (count.turned.get(cluster) ?? 0) + (turn === 'fixed' ? 1 : -1))
}

/**
 * Each part with the p of its paired test. Parts where fewer than six rows or clusters turned can't reach
 * significance whichever way those turned, so they aren't counted among the tests that are corrected
 * for (Tarone, 1990): how many turned says nothing about their direction.
 */
export function testParts<T extends PairedCount>(
  parts: readonly T[],
): (Omit<T, keyof PairedCount> & PairedChange)[] {
  const pOf = new Map(parts.map((part) => [part, signFlipExact(part.turned.values())]))
  const tested = parts.filter(canTell)
  const adjusted = benjaminiHochberg(tested.map((part) => pOf.get(part)!))
  const adjustedOf = new Map(tested.map((part, at) => [part, adjusted[at]!]))
  return parts.map((part) => {
    const { turned: _, ...counts } = part
    const adjustedP = adjustedOf.get(part) ?? null
    const p = pOf.get(part)!
    const tests: Pick<PairedChange, 'p' | 'adjustedP' | 'verdict'> = {
      p,
      adjustedP,
      verdict: verdictOf(part, adjustedP),
    }
    return { ...counts, ...tests } as Omit<T, keyof PairedCount> & PairedChange
  })
}

function canTell({ turned }: PairedCount): boolean {
  let telling = 0
  for (const difference of turned.values()) if (difference !== 0) telling++
  return telling >= FEWEST_TELLING_ROWS
}

function verdictOf({ fixed, broken }: PairedCount, p: number | null): ChangeVerdict {
  if (p === null || p >= SIGNIFICANCE.evidence) return 'no evidence of a change'
  return fixed > broken ? 'better' : 'worse'
}
