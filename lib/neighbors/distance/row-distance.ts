/** Exact distances: in double precision, from the vectors as they were stored. */

import { squaredDistance } from '../../core/vectors.ts'
import type { Source } from '../input.ts'
import { cosineDistance } from './cosine.ts'

/** Distance between two rows of one set of vectors. */
export type RowDistance = (a: number, b: number) => number

/** Euclidean or cosine distance; exactly 0 for equal rows. */
export function rowDistance({ vectors, rows, dimensions, metric }: Source): RowDistance {
  if (metric === 'cosine') return cosineDistance(vectors, rows, dimensions)
  return (a, b) => Math.sqrt(squaredDistance(vectors, dimensions, a, b))
}
