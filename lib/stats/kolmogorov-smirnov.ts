/** The two-sample Kolmogorov-Smirnov test: do two sets of numbers come from one distribution? */

/** Above it the limit of large samples is as good, and much cheaper. */
const MOST_EXACT_STEPS = 250_000

/**
 * Largest difference of the two empirical distribution functions.
 *
 * @param a ascending
 * @param b ascending
 */
export function ksStatistic(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [i, j, largest] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!)
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length))
  }
  return largest
}

/**
 * Two-sided p of the statistic for samples of n and m numbers without ties. Exact for small samples
 * by counting the paths that stay within it (Hodges, 1958), else by Kolmogorov's limit with the
 * finite-sample correction of Stephens (1970).
 */
export function ksP(statistic: number, n: number, m: number): number {
  if (n === 0 || m === 0) return 1
  const p = n * m <= MOST_EXACT_STEPS ? 1 - within(statistic, n, m) : limit(statistic, n, m)
  return Math.min(1, Math.max(0, p))
}

/** P(D < statistic): the share of the paths from (0, 0) to (n, m) that never leave the band. */
function within(statistic: number, n: number, m: number): number {
  // Differences are multiples of 1 / nm; half a step keeps rounding from deciding.
  const bound = (Math.ceil(statistic * n * m - 1e-7) - 0.5) / (n * m)
  if (bound < 0) return 0
  const paths = Float64Array.from({ length: m + 1 }, (_, j) => (j / m > bound ? 0 : 1))
  for (let i = 1; i <= n; i++) {
    const weight = i / (i + m)
    paths[0] = i / n > bound ? 0 : weight * paths[0]!
    for (let j = 1; j <= m; j++) {
      const inside = Math.abs(i / n - j / m) <= bound
      paths[j] = inside ? weight * paths[j]! + paths[j - 1]! : 0
    }
  }
  return paths[m]!
}

function limit(statistic: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m))
  const lambda = (root + 0.12 + 0.11 / root) * statistic
  if (lambda < 0.2) return 1
  let sum = 0
  for (let k = 1; k <= 100; k++) {
    const term = (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda)
    sum += term
    if (Math.abs(term) < 1e-16) break
  }
  return sum
}
