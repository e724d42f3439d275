/** The arithmetic of the benchmark: medians, ratios of the same round, and remaining times. */

/**
 * Of an even count, the mean of the two in the middle. Throws on none.
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
  if (values.length === 0) throw new Error('there is no median of no values')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (Number(sorted[Math.ceil(middle) - 1]) + Number(sorted[Math.floor(middle)])) / 2
}

/**
 * Median of the ratios round by round: what slows a machine down for a while slows both.
 * @param {readonly number[]} above
 * @param {readonly number[]} below
 * @returns {number}
 */
export function medianRatio(above, below) {
  if (above.length !== below.length) {
    throw new Error(`${above.length} rounds can't be compared with ${below.length}`)
  }
  return median(above.map((value, round) => value / Number(below[round])))
}

/**
 * How wrong the remaining time was that elapsed time and progress foretold, relative to what it turned
 * out to be: at the first mark past a tenth, and at worst until nine tenths were done.
 * @param {readonly { fraction: number, seconds: number }[]} marks
 * @param {number} totalSeconds
 * @returns {{ first: number, worst: number } | null} null without a mark in between
 */
export function remainingError(marks, totalSeconds) {
  const errors = marks
    .filter(({ fraction }) => fraction >= 0.1 && fraction <= 0.9)
    .map(({ fraction, seconds }) => {
      const foretold = (seconds * (1 - fraction)) / fraction
      const remained = totalSeconds - seconds
      return Math.abs(foretold - remained) / remained
    })
  const [first] = errors
  return first === undefined ? null : { first, worst: Math.max(...errors) }
}
