/** Location, scale and concentration of a set of numbers. NaN entries are left out. */

/** The numbers that are there, ascending. */
export function sortedNumbers(values: ArrayLike<number>): Float64Array {
  const numbers = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isNaN(value)) numbers[count++] = value
  }
  return numbers.subarray(0, count).sort()
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? Number.NaN : sum / count
}

/** Quantile with linear interpolation between order statistics (type 7, numpy's default). */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * share
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low)
}

export function median(values: ArrayLike<number>): number {
  return quantileOfSorted(sortedNumbers(values), 0.5)
}

/**
 * Median absolute deviation times 1.4826, so that it estimates the standard deviation of normal
 * numbers (Rousseeuw & Croux, 1993) without being moved by the outliers that it is to judge.
 */
export function scaledMad(values: ArrayLike<number>): number {
  const centre = median(values)
  return 1.4826 * median(sortedNumbers(values).map((value) => Math.abs(value - centre)))
}

/** Skewness of the whole population, m3 / m2^1.5, as `scipy.stats.skew`; NaN where all are equal. */
export function skewness(values: ArrayLike<number>): number {
  const centre = mean(values)
  let m2 = 0
  let m3 = 0
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]! - centre
    m2 += difference ** 2
    m3 += difference ** 3
  }
  m2 /= values.length
  m3 /= values.length
  return m2 === 0 ? Number.NaN : m3 / m2 ** 1.5
}

/**
 * Gini coefficient of non-negative numbers: 0 where all are alike, near 1 where few hold all.
 *
 * @param zeros how many more numbers there are, all 0
 */
export function gini(values: ArrayLike<number>, zeros = 0): number {
  const sorted = sortedNumbers(values)
  let sum = 0
  let weighted = 0
  for (const [index, value] of sorted.entries()) {
    sum += value
    weighted += (zeros + index + 1) * value
  }
  const n = zeros + sorted.length
  return sum === 0 ? 0 : (2 * weighted) / (n * sum) - (n + 1) / n
}
