/** Choices by a seeded generator: the same seed makes the same case. */

import { seededRandom } from '../../lib/core/random.ts'

export interface Chance {
  /** A whole number from 0 up to, not with, `end`. */
  below(end: number): number
  /** True once in `times`. */
  once(times: number): boolean
  pick<T>(list: readonly T[]): T
  /** A number near 0, exact in float32. */
  float(): number
}

export function chanceOf(seed: number): Chance {
  const random = seededRandom(seed)
  const below = (end: number) => Math.floor(random() * end)
  return {
    below,
    once: (times) => below(times) === 0,
    pick: (list) => list[below(list.length)]!,
    float: () => Math.fround((random() - 0.5) * 8),
  }
}
