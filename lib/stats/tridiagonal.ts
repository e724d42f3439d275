/** A symmetric matrix made tridiagonal by reflections, and vectors brought back through them. */

import { dot } from '../core/vectors.ts'
import { addTo, lengthOf } from './vector-steps.ts'

export interface Tridiagonal {
  readonly diagonal: Float64Array
  /** Entry i stands between i and i + 1; the last is 0. */
  readonly beside: Float64Array
  /** In the order in which they were applied. */
  readonly reflectors: readonly Reflector[]
}

/** I − factor · u uᵀ on the first `u.length` coordinates. */
interface Reflector {
  readonly u: Float64Array
  readonly factor: number
}

/** From the last row up, so that each reflector acts on a leading block and rows are read in place. */
export function tridiagonal(matrix: ArrayLike<number>, size: number): Tridiagonal {
  const rows = Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(i + 1)
    for (let j = 0; j <= i; j++) row[j] = matrix[i * size + j]!
    return row
  })
  const diagonal = new Float64Array(size)
  const beside = new Float64Array(size)
  const reflectors: Reflector[] = []
  const product = new Float64Array(size)
  for (let k = size - 1; k > 0; k--) {
    const last = rows[k]!
    diagonal[k] = last[k]!
    const u = last.slice(0, k)
    const length = lengthOf(u)
    const side = length === 0 ? 0 : u[k - 1]! > 0 ? -length : length
    beside[k - 1] = side
    if (length === 0 || k === 1) {
      if (k === 1) beside[0] = last[0]!
      continue
    }
    u[k - 1]! -= side
    const factor = -1 / (side * u[k - 1]!)
    reflectors.push({ u, factor })
    multiply(rows, u, product)
    let along = 0
    for (let i = 0; i < k; i++) {
      product[i]! *= factor
      along += product[i]! * u[i]!
    }
    const half = (factor * along) / 2
    for (let i = 0; i < k; i++) product[i]! -= half * u[i]!
    subtract(rows, u, product)
  }
  if (size > 0) diagonal[0] = rows[0]![0]!
  return { diagonal, beside, reflectors }
}

/**
 * The leading block times `u`, from its lower triangle alone. Here and below two rows at a time: what they
 * share is read once, and additions that don't wait for one another run at once.
 */
function multiply(rows: readonly Float64Array[], u: Float64Array, product: Float64Array): void {
  const size = u.length
  let i = 0
  for (; i + 1 < size; i += 2) {
    const [row, next] = [rows[i]!, rows[i + 1]!]
    const [ui, un] = [u[i]!, u[i + 1]!]
    let [sum, sumNext] = [0, 0]
    for (let j = 0; j < i; j++) {
      const a = row[j]!
      const b = next[j]!
      const uj = u[j]!
      sum += a * uj
      sumNext += b * uj
      product[j]! += a * ui + b * un
    }
    product[i] = sum + row[i]! * ui + next[i]! * un
    product[i + 1] = sumNext + next[i]! * ui + next[i + 1]! * un
  }
  if (i === size) return
  const row = rows[i]!
  let sum = 0
  for (let j = 0; j < i; j++) {
    sum += row[j]! * u[j]!
    product[j]! += row[j]! * u[i]!
  }
  product[i] = sum + row[i]! * u[i]!
}

/** Takes u pᵀ + p uᵀ from the lower triangle of the leading block. */
function subtract(rows: readonly Float64Array[], u: Float64Array, p: Float64Array): void {
  const size = u.length
  let i = 0
  for (; i + 1 < size; i += 2) {
    const [row, next] = [rows[i]!, rows[i + 1]!]
    const [ui, un, pi, pn] = [u[i]!, u[i + 1]!, p[i]!, p[i + 1]!]
    for (let j = 0; j <= i; j++) {
      const uj = u[j]!
      const pj = p[j]!
      row[j]! -= ui * pj + pi * uj
      next[j]! -= un * pj + pn * uj
    }
    next[i + 1]! -= 2 * un * pn
  }
  if (i === size) return
  for (let j = 0; j <= i; j++) rows[i]![j]! -= u[i]! * p[j]! + p[i]! * u[j]!
}

/** Back to the matrix's own coordinates: the reflectors in reverse. */
export function reflect(reflectors: readonly Reflector[], vectors: readonly Float64Array[]): void {
  for (let at = reflectors.length - 1; at >= 0; at--) {
    const { u, factor } = reflectors[at]!
    let pair = 0
    for (; pair + 1 < vectors.length; pair += 2) {
      reflectPair(u, factor, vectors[pair]!, vectors[pair + 1]!)
    }
    if (pair < vectors.length) addTo(vectors[pair]!, u, -factor * dot(u, vectors[pair]!))
  }
}

function reflectPair(u: Float64Array, factor: number, a: Float64Array, b: Float64Array): void {
  const size = u.length
  const whole = size - (size % 2)
  let [a0, a1, b0, b1] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 2) {
    const first = u[i]!
    const second = u[i + 1]!
    a0 += first * a[i]!
    b0 += first * b[i]!
    a1 += second * a[i + 1]!
    b1 += second * b[i + 1]!
  }
  if (whole < size) {
    a0 += u[whole]! * a[whole]!
    b0 += u[whole]! * b[whole]!
  }
  const [timesA, timesB] = [-factor * (a0 + a1), -factor * (b0 + b1)]
  for (let i = 0; i < size; i++) {
    a[i]! += timesA * u[i]!
    b[i]! += timesB * u[i]!
  }
}
