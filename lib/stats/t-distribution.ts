/** Student's t: how many standard errors a 95 % interval takes where few things were drawn. */

import { fUpperTail } from './f-distribution.ts'

/**
 * The value that |t| with `freedom` degrees of freedom (1 or more) is beyond in 5 % of all draws.
 *
 * @example tCritical(9) // 2.262
 */
export function tCritical(freedom: number): number {
  // t² has the F distribution with 1 and as many degrees of freedom; its tail falls throughout.
  let [low, high] = [1.9, 12.8]
  while (true) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) return middle
    if (fUpperTail(middle * middle, 1, freedom) > 0.05) low = middle
    else high = middle
  }
}

/**
 * P(T ≥ value) with `freedom` degrees of freedom, 1 or more.
 *
 * @example tUpperTail(3, 4) // 0.01997
 */
export function tUpperTail(value: number, freedom: number): number {
  const beyond = fUpperTail(value * value, 1, freedom) / 2
  return value < 0 ? 1 - beyond : beyond
}
