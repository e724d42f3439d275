/** Eigenvalues and eigenvectors of a symmetric tridiagonal matrix. */

import { dot } from '../core/vectors.ts'
import type { Tridiagonal } from './tridiagonal.ts'
import { addTo, normalize } from './vector-steps.ts'

/** Iterations for one eigenvalue: far more than any matrix of numbers has needed. */
const MOST_ITERATIONS = 60
const INVERSE_ITERATIONS = 3
/**
 * Eigenvalues nearer than this share of the greatest have eigenvectors that inverse iteration mixes: one
 * step makes the part along another smaller by rounding over their distance.
 */
const CLUSTER = 1e-6

/** Implicit QL with Wilkinson's shift, without eigenvectors; greatest first. */
export function tridiagonalValues(diagonal: Float64Array, beside: Float64Array): Float64Array {
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
export function inverseIteration(reduced: Tridiagonal, values: Float64Array): Float64Array[] {
  const size = reduced.diagonal.length
  let scale = 0
  for (let i = 0; i < size; i++) {
    scale = Math.max(scale, Math.abs(reduced.diagonal[i]!), Math.abs(reduced.beside[i]!))
  }
  // Of a matrix of zeros every direction is an eigenvector.
  if (scale === 0) {
    return Array.from(values, (_, at) => Float64Array.from({ length: size }, (_, i) => +(i === at)))
  }
  const vectors: Float64Array[] = []
  let shift = Number.POSITIVE_INFINITY
  for (const [at, value] of values.entries()) {
    // Equal eigenvalues are told apart by rounding, so that each solve leads elsewhere.
    shift = Math.min(value, shift - Number.EPSILON * scale)
    const near = vectors.filter((_, other) => values[other]! - value < CLUSTER * scale)
    const vector = Float64Array.from({ length: size }, (_, i) =>
      Math.cos((i + 1) * (at + 1) * 1.234567 + i),
    )
    for (let iteration = 0; iteration < INVERSE_ITERATIONS; iteration++) {
      solve(reduced, shift, vector, scale)
      removeParts(vector, near)
      normalize(vector)
    }
    removeParts(vector, vectors)
    normalize(vector)
    vectors.push(vector)
  }
  return vectors
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
      const swapped = x[i]!
      x[i] = x[i + 1]!
      x[i + 1] = swapped - factor * x[i + 1]!
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
