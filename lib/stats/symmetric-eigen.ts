/** Eigenvalues of a dense symmetric matrix, and the eigenvectors of the greatest. */

import { dot } from '../core/vectors.ts'

/** Iterations for one eigenvalue: far more than any matrix of numbers has needed. */
const MOST_ITERATIONS = 60
const INVERSE_ITERATIONS = 3
/**
 * Eigenvalues nearer than this share of the greatest have eigenvectors that inverse iteration mixes: one
 * step makes the part along another smaller by rounding over their distance.
 */
const CLUSTER = 1e-6

export interface SymmetricEigen {
  /** Greatest first. */
  readonly values: Float64Array
  /** Unit eigenvectors of the `vectors` greatest, at right angles, in that order. */
  readonly vectors: readonly Float64Array[]
}

/**
 * Householder's reduction to a tridiagonal matrix, its eigenvalues by the implicit QL algorithm, and
 * the wanted eigenvectors by inverse iteration (Golub, Van Loan, Matrix Computations, 2013, chapter 8;
 * Peters, Wilkinson, The calculation of specified eigenvectors by inverse iteration, 1971). It takes
 * 4/3 n³ operations, and 2 n² more for each eigenvector.
 *
 * @param matrix size × size, of which the lower triangle is read
 * @param wanted how many eigenvectors, at most `size`
 */
export function symmetricEigen(
  matrix: ArrayLike<number>,
  size: number,
  wanted = 0,
): SymmetricEigen {
  const reduced = tridiagonal(matrix, size)
  const values = tridiagonalValues(reduced.diagonal, reduced.beside)
  const vectors = inverseIteration(reduced, values.subarray(0, wanted))
  reflect(reduced.reflectors, vectors)
  return { values, vectors }
}

interface Tridiagonal {
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
function tridiagonal(matrix: ArrayLike<number>, size: number): Tridiagonal {
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
function reflect(reflectors: readonly Reflector[], vectors: readonly Float64Array[]): void {
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

/** Implicit QL with Wilkinson's shift, without eigenvectors; greatest first. */
function tridiagonalValues(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const d = diagonal.slice()
  const e = beside.slice()
  const size = d.length
  for (let l = 0; l < size; l++) {
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      let m = l
      for (; m < size - 1; m++) {
        const scale = Math.abs(d[m]!) + Math.abs(d[m + 1]!)
        if (Math.abs(e[m]!) <= Number.EPSILON * scale) break
      }
      if (m === l) break
      const ahead = (d[l + 1]! - d[l]!) / (2 * e[l]!)
      const root = Math.hypot(ahead, 1)
      let g = d[m]! - d[l]! + e[l]! / (ahead + (ahead < 0 ? -root : root))
      let [s, c, p] = [1, 1, 0]
      let i = m - 1
      for (; i >= l; i--) {
        const f = s * e[i]!
        const b = c * e[i]!
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1]! -= p
          e[m] = 0
          break
        }
        s = f / r
        c = g / r
        g = d[i + 1]! - p
        const t = (d[i]! - g) * s + 2 * c * b
        p = s * t
        d[i + 1] = g + p
        g = c * t - b
      }
      if (i >= l) continue
      d[l]! -= p
      e[l] = g
      e[m] = 0
    }
  }
  return d.sort().reverse()
}

/**
 * Solves (T − λ) x = b a few times from a start without structure. Eigenvectors of near eigenvalues
 * are kept at right angles to one another by Gram-Schmidt; all of them once more at the end.
 */
function inverseIteration(reduced: Tridiagonal, values: Float64Array): Float64Array[] {
  const size = reduced.diagonal.length
  let scale = 0
  for (let i = 0; i < size; i++) {
    scale = Math.max(scale, Math.abs(reduced.diagonal[i]!), Math.abs(reduced.beside[i]!))
  }
  // Of a matrix of zeros every direction is an eigenvector.
  if (scale === 0) {
    return Array.from(values, (_, at) => Float64Array.from({ length: size }, (_, i) => +(i === at)))
  }
  const found: Float64Array[] = []
  let shift = Number.POSITIVE_INFINITY
  for (const [at, value] of values.entries()) {
    // Equal eigenvalues are told apart by rounding, so that each solve leads elsewhere.
    shift = Math.min(value, shift - Number.EPSILON * scale)
    const near = found.filter((_, other) => values[other]! - value < CLUSTER * scale)
    const vector = Float64Array.from({ length: size }, (_, i) =>
      Math.cos((i + 1) * (at + 1) * 1.234567 + i),
    )
    for (let iteration = 0; iteration < INVERSE_ITERATIONS; iteration++) {
      solve(reduced, shift, vector, scale)
      removeParts(vector, near)
      normalize(vector)
    }
    removeParts(vector, found)
    normalize(vector)
    found.push(vector)
  }
  return found
}

/** Gaussian elimination with row exchanges; a pivot that vanishes becomes the smallest that counts. */
function solve(
  { diagonal, beside }: Tridiagonal,
  shift: number,
  x: Float64Array,
  scale: number,
): void {
  const size = x.length
  const tiny = Number.EPSILON * scale
  const main = new Float64Array(size)
  const upper = new Float64Array(size)
  const second = new Float64Array(size)
  main[0] = diagonal[0]! - shift
  upper[0] = beside[0]!
  for (let i = 0; i < size - 1; i++) {
    const below = beside[i]!
    const next = diagonal[i + 1]! - shift
    const after = i + 2 < size ? beside[i + 1]! : 0
    if (Math.abs(below) > Math.abs(main[i]!)) {
      const factor = main[i]! / below
      main[i + 1] = upper[i]! - factor * next
      upper[i + 1] = -factor * after
      main[i] = below
      upper[i] = next
      second[i] = after
      const kept = x[i]!
      x[i] = x[i + 1]!
      x[i + 1] = kept - factor * x[i + 1]!
    } else {
      if (Math.abs(main[i]!) < tiny) main[i] = tiny
      const factor = below / main[i]!
      main[i + 1] = next - factor * upper[i]!
      upper[i + 1] = after
      x[i + 1]! -= factor * x[i]!
    }
  }
  if (Math.abs(main[size - 1]!) < tiny) main[size - 1] = tiny
  for (let i = size - 1; i >= 0; i--) {
    const rest =
      (i + 1 < size ? upper[i]! * x[i + 1]! : 0) + (i + 2 < size ? second[i]! * x[i + 2]! : 0)
    x[i] = (x[i]! - rest) / main[i]!
  }
  normalize(x)
}

/** Leaves what is at right angles to unit vectors that are so to one another. */
function removeParts(vector: Float64Array, units: readonly Float64Array[]): void {
  let pair = 0
  for (; pair + 1 < units.length; pair += 2) removePair(vector, units[pair]!, units[pair + 1]!)
  if (pair < units.length) addTo(vector, units[pair]!, -dot(units[pair]!, vector))
}

function removePair(vector: Float64Array, a: Float64Array, b: Float64Array): void {
  const size = vector.length
  let [alongA, alongB] = [0, 0]
  for (let i = 0; i < size; i++) {
    const value = vector[i]!
    alongA += value * a[i]!
    alongB += value * b[i]!
  }
  for (let i = 0; i < size; i++) vector[i]! -= alongA * a[i]! + alongB * b[i]!
}

/** Over the length of `direction`. */
function addTo(vector: Float64Array, direction: Float64Array, times: number): void {
  for (let i = 0; i < direction.length; i++) vector[i]! += times * direction[i]!
}

function normalize(vector: Float64Array): void {
  const length = lengthOf(vector)
  if (length === 0) return
  for (let i = 0; i < vector.length; i++) vector[i]! /= length
}

/** Scaled by the largest entry, so that squares neither overflow nor vanish. */
function lengthOf(vector: Float64Array): number {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  if (largest === 0) return 0
  let sum = 0
  for (const value of vector) sum += (value / largest) ** 2
  return largest * Math.sqrt(sum)
}
