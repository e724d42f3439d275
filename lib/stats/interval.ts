/** 95 % intervals: Wilson's for shares, a seeded percentile bootstrap over rows for the rest. */

const Z = 1.959963984540054

/**
 * Wilson's score interval for `successes` of `trials` (Wilson, 1927): keeps its coverage for small
 * numbers and at 0 and 1, where the textbook interval fails. Null without trials.
 */
export function wilsonInterval(successes: number, trials: number): [number, number] | null {
  if (trials === 0) return null
  const share = successes / trials
  const centre = (share + (Z * Z) / (2 * trials)) / (1 + (Z * Z) / trials)
  const half =
    (Z / (1 + (Z * Z) / trials)) *
    Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials))
  // Rounding must not leave a hair between the interval and a share of 0 or 1.
  return [successes === 0 ? 0 : centre - half, successes === trials ? 1 : centre + half]
}

/** A figure of rows that count more or less often: `weights[row]` times each. NaN: can't be computed. */
export type WeightedStatistic = (weights: Float64Array) => number

export const BOOTSTRAP_DRAWS = 1000

/**
 * Percentile intervals of several statistics from the same resamples of the rows with replacement.
 * Neighbours aren't searched anew in a resample: the interval speaks of which rows were drawn, given
 * the gallery. Null for a statistic that too few resamples could compute.
 */
export function bootstrapIntervals(
  statistics: readonly WeightedStatistic[],
  rows: number,
  random: () => number,
  draws = BOOTSTRAP_DRAWS,
): ([number, number] | null)[] {
  const results = statistics.map(() => new Float64Array(draws))
  const weights = new Float64Array(rows)
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0)
    for (let n = 0; n < rows; n++) weights[Math.floor(random() * rows)]!++
    for (const [index, statistic] of statistics.entries())
      results[index]![draw] = statistic(weights)
  }
  return results.map((values) => {
    const sorted = values.filter((value) => !Number.isNaN(value)).sort()
    if (sorted.length < draws * 0.9) return null
    return [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)]
  })
}

/** Quantile with linear interpolation between order statistics (type 7, numpy's default). */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * share
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low)
}
