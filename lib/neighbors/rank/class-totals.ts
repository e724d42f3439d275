/**
 * Totals of classes: the sums of their rows' distances to each class, added up to the same bits whatever
 * strips the rows come in. The rows of a block of positions are added one after the other; blocks are then
 * added two by two, and pairs of blocks two by two. So what a strip holds of a class are a few parts,
 * however many rows they are.
 */

import type { JoinPlan } from '../types.ts'

/** A part of a class's total: the sums of distances from so many rows of it, by class. */
export interface TotalPart {
  /** Blocks of 2^level positions, and which of these; at level 0 also a row of a block by itself. */
  readonly level: number
  readonly index: number
  readonly values: Float64Array
}

/** What a strip holds of a class that begins before or ends after it. */
export interface OpenTotals {
  readonly label: number
  /** In the order of the positions. */
  readonly parts: readonly TotalPart[]
}

/** What adds up one class after the other, row by row in the order of their positions. */
export interface ClassTotals {
  /** @param sums the row's, by class; not kept */
  readonly add: (position: number, label: number, sums: Float64Array) => void
  /** Ends the class that was added to last. @returns its total until the next row is added; null: it is open */
  readonly close: () => Float64Array | null
  /** The classes that begin before or end after the positions, as far as they were added up. */
  readonly open: () => readonly OpenTotals[]
}

/** @param start position of the first row that will be added */
export function classTotals({ blockRows, classStarts }: JoinPlan, start: number): ClassTotals {
  const spare: Float64Array[] = []
  const open: OpenTotals[] = []
  let label = -1
  let parts: TotalPart[] = []
  const free = (values: Float64Array) => spare.push(values)
  const release = () => {
    for (const { values } of parts) free(values)
    parts = []
  }
  return {
    add: (position, own, sums) => {
      if (own !== label) {
        release()
        label = own
      }
      const index = Math.floor(position / blockRows)
      const last = parts.at(-1)
      // A block that begins in another strip is added up where both are: row by row.
      const isWhole = Math.max(index * blockRows, classStarts[own]!) >= start
      if (isWhole && last?.level === 0 && last.index === index) {
        addTo(last.values, sums)
        return
      }
      if (isWhole) joinSiblings(parts, free)
      const values = spare.pop() ?? new Float64Array(sums.length)
      values.set(sums)
      parts.push({ level: 0, index, values })
    },
    close: () => {
      const closed = label
      label = -1
      if (classStarts[closed]! >= start) return totalOf(parts, free)
      open.push({ label: closed, parts })
      parts = []
      return null
    },
    open: () => {
      if (label >= 0) open.push({ label, parts })
      label = -1
      parts = []
      return open
    },
  }
}

/** Puts parts of one class from several strips together, in the order of their positions. */
export function joinParts(parts: readonly TotalPart[]): Float64Array {
  const whole: TotalPart[] = []
  for (const part of parts) {
    const last = whole.at(-1)
    if (last?.level === part.level && last.index === part.index) addTo(last.values, part.values)
    else {
      joinSiblings(whole, () => {})
      whole.push({ ...part, values: part.values.slice() })
    }
  }
  return totalOf(whole, () => {})
}

/** Joins the last two parts into one as long as they are the halves of one. */
function joinSiblings(parts: TotalPart[], free: (values: Float64Array) => void): void {
  for (;;) {
    const [left, right] = parts.slice(-2)
    if (left === undefined || right === undefined) return
    const areHalves =
      left.level === right.level && left.index % 2 === 0 && right.index === left.index + 1
    if (!areHalves) return
    addTo(left.values, right.values)
    free(right.values)
    parts.splice(-2, 2, { level: left.level + 1, index: left.index / 2, values: left.values })
  }
}

/** The sum of the parts, written over the first of them. */
function totalOf(parts: TotalPart[], free: (values: Float64Array) => void): Float64Array {
  joinSiblings(parts, free)
  const total = parts[0]!.values
  for (const { values } of parts.slice(1)) addTo(total, values)
  return total
}

function addTo(total: Float64Array, values: Float64Array): void {
  for (let c = 0; c < total.length; c++) total[c]! += values[c]!
}
