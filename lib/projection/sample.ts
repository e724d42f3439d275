/** Rows that stand for all where all would cost too much. */

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
  const drawn = byClass.flatMap((members, label) => {
    const quota = quotas[label]!
    for (let at = 0; at < quota; at++) {
      const other = at + Math.floor(random() * (members.length - at))
      const kept = members[at]!
      members[at] = members[other]!
      members[other] = kept
    }
    return members.slice(0, quota)
  })
  return Int32Array.from(drawn).sort()
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
