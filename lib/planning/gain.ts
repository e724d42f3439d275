/** What several items are worth together: rows that they share count once. */

import type { Overlap, Plan } from '../core/planning.ts'

/**
 * Counts error rows by the very set of items whose evidence they are. However many rows there are,
 * there are only as many entries as different sets, and any union can be told from them exactly.
 *
 * @param evidence for each item its rows; null for an item that is left out
 * @param isError whether a row's nearest neighbour has another label
 */
export function overlapsOf(
  evidence: readonly (readonly number[] | null)[],
  isError: (row: number) => boolean,
): readonly Overlap[] {
  const itemsOf = new Map<number, number[]>()
  for (const [item, rows] of evidence.entries()) {
    for (const row of new Set(rows ?? [])) {
      if (!isError(row)) continue
      const items = itemsOf.get(row)
      if (items) items.push(item)
      else itemsOf.set(row, [item])
    }
  }
  const counts = new Map<string, { items: readonly number[]; rows: number }>()
  for (const items of itemsOf.values()) {
    const key = items.join(' ')
    const entry = counts.get(key)
    if (entry) entry.rows += 1
    else counts.set(key, { items, rows: 1 })
  }
  return [...counts.values()].map(({ rows, items }) => [rows, items])
}

/**
 * Expected gain of several items in percentage points, with shared rows counted once.
 *
 * An item's gain is spread evenly over its error rows: all of a row where fixing the item would fix
 * them all, a part of it where the item hopes only for the usual error rate. A row that belongs to
 * several of the items counts with the largest of their parts. An item whose gain rests on no error
 * row counts as it is.
 *
 * @param picked places in `items`
 */
export function togetherGain(
  { items, overlaps }: Pick<Plan, 'overlaps'> & { items: readonly { readonly gain: number }[] },
  picked: ReadonlySet<number>,
): number {
  const rowsOf = new Map<number, number>()
  for (const [rows, members] of overlaps) {
    for (const item of members) rowsOf.set(item, (rowsOf.get(item) ?? 0) + rows)
  }
  let gain = 0
  for (const item of picked) if (!rowsOf.has(item)) gain += items[item]?.gain ?? 0
  for (const [rows, members] of overlaps) {
    const perRow = members
      .filter((item) => picked.has(item))
      .map((item) => (items[item]?.gain ?? 0) / rowsOf.get(item)!)
    gain += rows * Math.max(0, ...perRow)
  }
  return gain
}
