/** Fisher's exact test: do two groups of rows differ in their share of errors, beyond chance? */

/** Tables that are as unlikely but for rounding count as equally unlikely. */
const ROUNDING = 1 + 1e-7

/** Terms that are smaller than this beside the largest don't change a sum of doubles. */
const NEGLIGIBLE = 1e-17

/**
 * Two-sided p of Fisher's exact test (Fisher, 1922) that a group's share of errors is that of all
 * others: the probability, given the sizes and the errors in all, of every table that is no more
 * likely than the one that was seen. 1 where either group is empty.
 *
 * @example fisherExact(8, 10, 1, 6) // 0.0350 for 8 errors of 10 rows against 1 of 6
 */
export function fisherExact(
  errors: number,
  rows: number,
  otherErrors: number,
  otherRows: number,
): number {
  const all = rows + otherRows
  const wrong = errors + otherErrors
  const least = Math.max(0, wrong - otherRows)
  const most = Math.min(rows, wrong)
  if (least === most) return 1
  const mode = Math.min(most, Math.max(least, Math.floor(((rows + 1) * (wrong + 1)) / (all + 2))))
  /** P(count + 1) / P(count) of the hypergeometric distribution. */
  const step = (count: number) =>
    ((wrong - count) * (rows - count)) / ((count + 1) * (all - wrong - rows + count + 1))

  // All terms are relative to that of the mode, so that none overflows.
  let observed = 1
  for (let count = mode; count < errors; count++) observed *= step(count)
  for (let count = mode; count > errors; count--) observed /= step(count - 1)
  const limit = observed * ROUNDING
  let total = 1
  let unlikely = limit >= 1 ? 1 : 0
  const add = (term: number) => {
    total += term
    if (term <= limit) unlikely += term
  }
  let term = 1
  for (let count = mode; count < most; count++) {
    term *= step(count)
    if (term < NEGLIGIBLE * Math.min(1, observed)) break
    add(term)
  }
  term = 1
  for (let count = mode; count > least; count--) {
    term /= step(count - 1)
    if (term < NEGLIGIBLE * Math.min(1, observed)) break
    add(term)
  }
  return Math.min(1, unlikely / total)
}
