/**
 * What a perfect model reaches with these class sizes: one of which every row finds all of its class
 * that it may find, and only then others. Beside chance it tells how much room a figure has.
 */

import { LOOKED_THROUGH, VOTERS, winner } from '../../core/vote.ts'
import { mean } from '../../stats/summary.ts'
import { perMatchedRow, perRow } from '../averages.ts'
import type { MetricInput } from '../metric.ts'

/** Share of the rows that have a match at all. */
export function nearestCeiling(input: MetricInput): number {
  return mean(perRow(input, (row) => (input.rows.mates[row]! > 0 ? 1 : 0)))
}

/** Mean over the rows that have a match of a share of those that fit among the nearest. */
export function matchCeiling(
  input: MetricInput,
  shareOf: (matches: number, mates: number) => number,
): number {
  const room = Math.min(LOOKED_THROUGH, input.neighborhood.k)
  return mean(
    perMatchedRow(input, (row) => {
      const mates = input.rows.mates[row]!
      return shareOf(Math.min(mates, room), mates)
    }),
  )
}

/**
 * Share of the rows whose label wins where their mates vote first. A row with fewer mates than voters
 * hears others as well: those of other classes that are nearest to it in this very space, since sizes
 * alone don't tell whether they are of one class, which outvotes a single mate, or of many. Of tied labels
 * the row's own wins, whose first member is nearest. A row without a mate never wins.
 */
export function voteCeiling(input: MetricInput): number {
  const { labels } = input.dataset
  const { neighbors, k, ties } = input.neighborhood
  const voters = Math.min(VOTERS, k)
  return mean(
    perRow(input, (row) => {
      const own = labels[row]!
      const mates = Math.min(input.rows.mates[row]!, voters)
      if (mates === 0) return 0
      // Another order of equal distances may bring others to the vote.
      if (2 * mates >= voters || ties.vote[2 * row + 1] === 1) return 1
      const votes = new Array<number>(mates).fill(own)
      for (let rank = 0; rank < k && votes.length < voters; rank++) {
        const other = neighbors[row * k + rank]!
        if (other >= 0 && labels[other] !== own) votes.push(labels[other]!)
      }
      return winner(votes) === own ? 1 : 0
    }),
  )
}
