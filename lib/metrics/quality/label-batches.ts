/** Rows that share a label and contradict it together: each is the others' mate, so none stands out alone. */

import type { Dataset } from '../../core/dataset.ts'
import type { Neighborhood } from '../../core/evaluation.ts'
import { median, scaledMad } from '../../stats/summary.ts'
import { classSizes } from '../row-figures.ts'
import { isAgreed, isJudged, votersOf } from './label-votes.ts'

/** Fewer of them leave each other's neighbourhoods to the other class, and are found one by one. */
const FEWEST_ROWS = 5
/**
 * In 1.4826 MAD of a class's mean distances to itself: beyond the first a row is far from its class,
 * up to the second it is within another. In simulated classes of all kinds without a wrong label these
 * find next to nothing; with 1 for the first, or 0, they begin to.
 */
const FAR = 2
const WITHIN = 3

export interface Batch {
  readonly suggested: number
  readonly rows: readonly number[]
}

/**
 * Rows of one label whose mean distance to their class is unusual for it, while that to another class
 * is smaller, and usual within that one; of whose 10 nearest at least 8 carry the other label or are
 * rows of the same batch, and one carries it. They are at most half of their class. The other class must be
 * as large as one whose labels are judged, `LARGE_CLASS`.
 */
export function labelBatches(dataset: Dataset, neighborhood: Neighborhood): readonly Batch[] {
  const { labels } = dataset
  const classes = dataset.classes.length
  const sizes = classSizes(dataset)
  const suspects = new Map<number, number[]>()
  for (const [row, suggested] of suspectsOf(dataset, neighborhood)) {
    const key = labels[row]! * classes + suggested
    suspects.set(key, [...(suspects.get(key) ?? []), row])
  }
  return [...suspects].flatMap(([key, rows]) => {
    const suggested = key % classes
    const batch = agreeing(labels, neighborhood, suggested, rows)
    const isMost = 2 * batch.length > sizes[Math.floor(key / classes)]!
    return batch.length < FEWEST_ROWS || isMost ? [] : [{ suggested, rows: batch }]
  })
}

/** Rows far from their own class and within another, with that one. */
function suspectsOf(
  { rows, labels, classes }: Dataset,
  neighborhood: Neighborhood,
): readonly (readonly [row: number, suggested: number])[] {
  const { within: own, nearestLarge } = neighborhood.classDistances
  const ofClass = classes.map(() => [] as number[])
  for (let row = 0; row < rows; row++) ofClass[labels[row]!]!.push(own[row]!)
  const usual = ofClass.map((means) => {
    const [middle, deviation] = [median(means), scaledMad(means)]
    return { far: middle + FAR * deviation, within: middle + WITHIN * deviation }
  })
  const found: [number, number][] = []
  for (let row = 0; row < rows; row++) {
    if (!isJudged(neighborhood, row) || !(own[row]! > usual[labels[row]!]!.far)) continue
    const [nearest, distance] = [nearestLarge.classes[row]!, nearestLarge.distances[row]!]
    if (distance < own[row]! && distance <= usual[nearest]!.within) found.push([row, nearest])
  }
  return found
}

/** Those of the rows that are left when each must have its neighbours' vote, the others' included. */
function agreeing(
  labels: Int32Array,
  neighborhood: Neighborhood,
  suggested: number,
  rows: readonly number[],
): readonly number[] {
  const batch = new Set(rows)
  const holds = (row: number) => {
    const voters = votersOf(neighborhood, row)
    const theirs = voters.filter((voter) => labels[voter] === suggested).length
    return (
      theirs > 0 &&
      isAgreed(theirs + voters.filter((voter) => batch.has(voter)).length, voters.length)
    )
  }
  let left = rows.filter(holds)
  while (left.length < batch.size) {
    batch.clear()
    for (const row of left) batch.add(row)
    left = left.filter(holds)
  }
  return left
}
