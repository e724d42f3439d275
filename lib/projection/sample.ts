/** Rows that stand for all where all would cost too much. */

import { firstEqualRows } from '../core/equal-rows.ts'

/**
 * All rows, or a seeded sample in row order in which every class has its share, and at least one row
 * while there is room (largest remainders; Fisher and Yates within a class).
 *
 * @param labels class of each row, from 0
 */
export function stratifiedSample(
  labels: Int32Array,
  most: number,
  random: () => number,
): Int32Array {
  const rows = labels.length
  if (rows <= most) return Int32Array.from(labels.keys())
  const byClass: number[][] = []
  for (const [row, label] of labels.entries()) {
    byClass[label] ??= []
    byClass[label].push(row)
  }
  const quotas = sharesOf(
    byClass.map(({ length }) => length),
    rows,
    most,
  )
  const sampleRows = byClass.flatMap((members, label) => {
    const quota = quotas[label]!
    for (let at = 0; at < quota; at++) {
      const other = at + Math.floor(random() * (members.length - at))
      const swapRow = members[at]!
      members[at] = members[other]!
      members[other] = swapRow
    }
    return members.slice(0, quota)
  })
  return Int32Array.from(sampleRows).sort()
}

/**
 * Equal rows as one, so that a block of them costs no more than a row: which rows stand for all, and for
 * each row which of those is its own.
 *
 * @param least rows that stand for all, where there are as many: the lowest of the others fill them up
 */
export function oneOfEach(
  { vectors, rows, dimensions }: { vectors: Float32Array; rows: number; dimensions: number },
  least: number,
): { readonly rows: Int32Array; readonly placeOf: Int32Array } {
  const firstEqual = firstEqualRows(vectors, rows, dimensions)
  let missing = least - firstEqual.filter((first, row) => first === row).length
  const placeOf = new Int32Array(rows)
  const representatives: number[] = []
  for (const [row, first] of firstEqual.entries()) {
    if (first === row || missing-- > 0) placeOf[row] = representatives.push(row) - 1
    else placeOf[row] = placeOf[first]!
  }
  return { rows: Int32Array.from(representatives), placeOf }
}

function sharesOf(sizes: readonly number[], rows: number, most: number): number[] {
  const least = sizes.length <= most ? 1 : 0
  const exact = sizes.map((size) => (size * most) / rows)
  const quotas = exact.map((share) => Math.max(least, Math.floor(share)))
  let left = most - quotas.reduce((sum, quota) => sum + quota, 0)
  const byRemainder = sizes
    .map((_, label) => label)
    .sort((a, b) => exact[b]! - quotas[b]! - (exact[a]! - quotas[a]!) || a - b)
  for (let at = 0; left > 0; at++) {
    const label = byRemainder[at % sizes.length]!
    if (quotas[label]! < sizes[label]!) {
      quotas[label]!++
      left--
    }
  }
  // Small classes that were given a row took it from those with the most.
  while (left < 0) {
    let fullest = 0
    for (let label = 1; label < quotas.length; label++) {
      if (quotas[label]! > quotas[fullest]!) fullest = label
    }
    quotas[fullest]!--
    left++
  }
  return quotas
}
