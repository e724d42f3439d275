/** Binomial probabilities that stay exact to about 12 digits for millions of trials. */

/** ln n! − ln(√(2πn) (n/e)ⁿ): what Stirling's formula leaves out. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let factorial = 1
    for (let i = 2; i <= n; i++) factorial *= i
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI)
  }
  const square = n * n
  return (
    (1 / 12 -
      (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) /
    n
  )
}

/** x ln(x / mean) + mean − x, without the loss of digits where x is near its mean. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) < 0.1 * (x + mean)) {
    const ratio = (x - mean) / (x + mean)
    let sum = (x - mean) * ratio
    let term = 2 * x * ratio
    for (let j = 1; j < 1000; j++) {
      term *= ratio * ratio
      const next = sum + term / (2 * j + 1)
      if (next === sum) break
      sum = next
    }
    return sum
  }
  return x * Math.log(x / mean) + mean - x
}

/**
 * P(X = k) for X ~ Binomial(n, p), by the saddle-point expansion of Loader, "Fast and Accurate
 * Computation of Binomial Probabilities" (2000): no difference of large logarithms is taken.
 */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  if (p <= 0) return k === 0 ? 1 : 0
  if (p >= 1) return k === n ? 1 : 0
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return Math.exp(n * Math.log(p))
  const exponent =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * p) -
    deviance(n - k, n * (1 - p))
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)))
}

/** P(X ≤ k) for X ~ Binomial(n, p). */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n || p <= 0) return 1
  if (p >= 1) return 0
  return k <= n * p ? sumDown(k, n, p) : 1 - sumDown(n - k - 1, n, 1 - p)
}

/** P(X ≥ k) for X ~ Binomial(n, p). */
export function binomialAtLeast(k: number, n: number, p: number): number {
  return binomialAtMost(n - k, n, 1 - p)
}

/** P(X + Y ≥ k) for independent X ~ Binomial(n, p) and Y ~ Binomial(m, q). */
export function binomialSumAtLeast(
  k: number,
  [n, p]: readonly [trials: number, probability: number],
  [m, q]: readonly [trials: number, probability: number],
): number {
  let sum = binomialAtLeast(k, n, p)
  for (let x = 0; x <= Math.min(n, k - 1); x++) {
    const probability = binomialProbability(x, n, p)
    if (probability > 0) sum += probability * binomialAtLeast(k - x, m, q)
  }
  return Math.min(1, sum)
}

/** P(X ≤ k) by its terms from k down, each from the one above; k is not above the mean. */
function sumDown(k: number, n: number, p: number): number {
  let term = binomialProbability(k, n, p)
  let sum = term
  for (let i = k; i > 0 && term > sum * 1e-17; i--) {
    term *= (i / (n - i + 1)) * ((1 - p) / p)
    sum += term
  }
  return Math.min(1, sum)
}
