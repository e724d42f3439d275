/** Who is heard about a row's label, and how many must agree. */

import type { Neighborhood } from '../../core/evaluation.ts'

/** Nearest rows that are heard, of the own class, of others, and for the vote. */
export const RANKS = 10
/** A vote of fewer rows says nothing. */
const FEWEST_VOTERS = 5
/** Chosen on labels flipped on purpose, with `FARTHER` of the label issues. */
const AGREEMENT = 0.8
/**
 * A row of a smaller class has too few mates to be among its 10 nearest, and in a denser neighbourhood
 * they lie farther than any ten of the others whatever its label.
 */
const FEWEST_MATES = 11

/** The 10 nearest rows that a row has, nearest first. */
export function votersOf({ k, neighbors }: Neighborhood, row: number): Int32Array {
  const nearest = neighbors.subarray(row * k, row * k + Math.min(RANKS, k))
  const end = nearest.indexOf(-1)
  return end < 0 ? nearest : nearest.subarray(0, end)
}

export function isAgreed(votes: number, voters: number): boolean {
  return voters >= FEWEST_VOTERS && votes >= AGREEMENT * voters
}

/** Whether a row is asked at all, and has rows enough of its class to be held against. */
export function isJudged(neighborhood: Neighborhood, row: number): boolean {
  return neighborhood.neighbors[row * neighborhood.k]! >= 0 && hasMates(neighborhood, row)
}

export function hasMates({ eligibleMates }: Neighborhood, row: number): boolean {
  return eligibleMates[row]! >= FEWEST_MATES
}
