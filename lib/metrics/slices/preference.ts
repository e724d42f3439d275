/** Of a slice and the slices within it, the one that explains a difference: the smallest that does. */

import { SIGNIFICANCE } from '../../core/significance.ts'
import { fisherExact } from '../../stats/fisher.ts'

/** What is left of a slice must be this large to speak for itself. */
const FEWEST_ROWS = 20

export interface Counts {
  readonly rows: number
  readonly errors: number
}

export interface Tested extends Counts {
  readonly id: string
  /** Group of each column that makes it. */
  readonly places: readonly (readonly [column: number, group: number])[]
  /** Ids of the slices of one column that it lies within, where it is made by two. */
  readonly parents: readonly string[]
  readonly p: number
  readonly adjustedP: number
  readonly difference: 'worse' | 'better' | null
}

/**
 * For each slice that differs but isn't named, the slice that is named instead.
 *
 * Of a slice P of one column and a slice C within it, both different in the same direction:
 * - C is named instead of P where C differs from the rest of P in that direction, and the rest of P
 *   (20 rows or more) doesn't differ in it from the rows outside P: the gap is C's alone.
 * - P is named instead of C where C doesn't differ from the rest of P in that direction: the gap is
 *   all of P's.
 * - Both are named where C differs from the rest of P, and that rest from the rows outside.
 * Each comparison is a Fisher test at 5 %. Of several that explain a slice the most unlikely is taken.
 */
export function named(tested: readonly Tested[], whole: Counts): ReadonlyMap<string, string> {
  const byId = new Map(tested.map((slice) => [slice.id, slice]))
  const explained = new Map<string, string>()
  const children = tested
    .filter(({ difference, parents }) => difference !== null && parents.length > 0)
    .sort((a, b) => a.p - b.p)
  const parentsOf = (child: Tested) =>
    child.parents
      .map((id) => byId.get(id)!)
      .filter((parent) => parent.difference === child.difference && parent.rows > child.rows)
      .sort((a, b) => a.p - b.p)
  for (const child of children) {
    for (const parent of parentsOf(child)) {
      const rest = without(parent, child)
      const alone =
        rest.rows >= FEWEST_ROWS &&
        differs(child, rest, child.difference!) &&
        !differs(rest, without(whole, parent), child.difference!)
      if (alone && !explained.has(parent.id)) explained.set(parent.id, child.id)
    }
  }
  for (const child of children) {
    const parent = parentsOf(child).find(
      (one) =>
        explained.get(one.id) === undefined &&
        !differs(child, without(one, child), child.difference!),
    )
    if (parent) explained.set(child.id, parent.id)
  }
  return explained
}

function without(all: Counts, part: Counts): Counts {
  return { rows: all.rows - part.rows, errors: all.errors - part.errors }
}

function differs(one: Counts, other: Counts, direction: 'worse' | 'better'): boolean {
  const more = one.errors * other.rows > other.errors * one.rows
  return (
    more === (direction === 'worse') &&
    fisherExact(one.errors, one.rows, other.errors, other.rows) < SIGNIFICANCE.evidence
  )
}
