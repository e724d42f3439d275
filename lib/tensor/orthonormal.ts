/** Vectors at right angles to one another, in double precision: what iterations over subspaces need. */

import { dot } from '../core/vectors.ts'

/**
 * Gram-Schmidt in place, each vector twice for accuracy. A vector of which no more than the share `least`
 * of its length is left depends on those before it, and becomes zero.
 */
export function orthonormalize(vectors: readonly Float64Array[], least: number): void {
  for (const [index, vector] of vectors.entries()) {
    const before = Math.sqrt(dot(vector, vector))
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < index; other++) {
        const unit = vectors[other]!
        const part = dot(vector, unit)
        for (let d = 0; d < vector.length; d++) vector[d]! -= part * unit[d]!
      }
    }
    const length = Math.sqrt(dot(vector, vector))
    const factor = length <= before * least || length === 0 ? 0 : 1 / length
    for (let d = 0; d < vector.length; d++) vector[d]! *= factor
  }
}
