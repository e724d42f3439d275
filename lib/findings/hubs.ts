/** Rows that everything is near to: they answer queries that aren't theirs. */

import type { Evaluation } from '../core/evaluation.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { countOf, joinWords, percent, pValue } from '../core/words.ts'
import { fisherExact } from '../stats/fisher.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { heldByClusters } from '../stats/share-difference.ts'
import { inPoints, labelOf, pointsOf, sortedBy } from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const KIND = 'hubs'
const ID = `${KIND}:space`
const REACH = 10
const NAMED = 5

const DONE = `Fewer than ${FEWEST_TELLING_ROWS} errors have a hub for their nearest neighbour, or such rows are no more often wrong than the others.`

const THRESHOLDS = {
  /** Few queries find few rows of a gallery: twice as often as on average is then a matter of luck. */
  reach: {
    of: 'rows that a hub is among the 10 nearest of',
    raises: 'at least',
    value: REACH,
  },
  errors: { of: 'errors whose nearest is a hub', raises: 'at least', value: FEWEST_TELLING_ROWS },
  p: {
    of: 'p that rows behind hubs are so much more often wrong than the others',
    raises: 'under',
    value: SIGNIFICANCE.item,
  },
} satisfies Record<string, Threshold>

/**
 * One finding for the run: rows that are among the 10 nearest of others twice as often as on average,
 * where the rows whose nearest neighbour is one of them are wrong at least 6 times, and more often than the others
 * (Fisher's exact test under 0.01). Hubs that mislead nobody are a property of the space, which the
 * figures tell.
 */
export const hubs: Rule = {
  kind: KIND,
  title: 'Hubs that mislead',
  signal:
    'Rows that are among the 10 nearest of others at least twice as often as on average, where the rows whose nearest is one of them are more often wrong than the rest.',
  meaning:
    'Such rows answer queries that aren’t theirs and crowd out better answers. Hubs that mislead nobody are a property of the space, which the figures tell.',
  action:
    'Look at the worst hubs first: blank, blurred or generic rows can go. Then normalise the vectors or try the cosine distance, centre the space, or correct distances for hubs (CSLS, mutual proximity), and compare.',
  owner: 'ML team',
  needs:
    'Rows that are among the 10 nearest of others twice as often as on average (20 times without a gallery), and 6 errors whose nearest is one of them.',
  doneWhen: DONE,
  judgement: 'count',
  explains: null,
  locatesErrors: true,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const behind = once(() => behindHubs(evaluation))
    return {
      raise: () =>
        meets(THRESHOLDS.reach, evaluation.structure.hubs.threshold) &&
        meets(THRESHOLDS.errors, behind().errors.length) &&
        meets(THRESHOLDS.p, behind().p)
          ? [describe(evaluation, behind())]
          : [],
      recall: (id) => (id === ID ? describe(evaluation, behind()) : null),
    }
  },
}

interface BehindHubs {
  readonly hubs: number
  /** Rows whose nearest neighbour is a hub, and those of them that are errors. */
  readonly rows: number
  readonly errors: readonly number[]
  /** Share of errors among the other rows. */
  readonly usual: number
  readonly p: number
  /** Hubs by the errors that they are nearest to, most first. */
  readonly worst: readonly (readonly [hub: number, errors: number])[]
}

function behindHubs({ dataset, neighborhood, rows, structure, clusters }: Evaluation): BehindHubs {
  const { k, neighbors } = neighborhood
  const { threshold } = structure.hubs
  const counts = new Int32Array(dataset.rows)
  for (let row = 0; row < dataset.rows; row++) {
    for (let rank = 0; rank < Math.min(REACH, k); rank++) {
      const neighbor = neighbors[row * k + rank]!
      if (neighbor >= 0) counts[neighbor]!++
    }
  }
  const misled = new Map<number, number>()
  const errors: number[] = []
  const behind: number[] = []
  const others: number[] = []
  let otherErrors = 0
  for (let row = 0; row < dataset.rows; row++) {
    const nearest = neighbors[row * k] ?? -1
    // Rows of a gallery are asked nothing, and a row without a match misses whatever answers it.
    if (nearest < 0 || rows.mates[row] === 0) continue
    const wrong = rows.correct[row] !== 1
    if (counts[nearest]! < threshold) {
      others.push(row)
      if (wrong) otherErrors++
      continue
    }
    behind.push(row)
    if (!wrong) continue
    errors.push(row)
    misled.set(nearest, (misled.get(nearest) ?? 0) + 1)
  }
  const usual = others.length === 0 ? 0 : otherErrors / others.length
  const p =
    errors.length > usual * behind.length
      ? fisherExact(errors.length, behind.length, otherErrors, others.length)
      : 1
  return {
    hubs: counts.filter((count) => count >= threshold).length,
    rows: behind.length,
    errors,
    usual,
    p: heldByClusters(p, rows.correct, behind, others, clusters),
    worst: [...misled].sort(([a, more], [b, fewer]) => fewer - more || a - b),
  }
}

function describe(evaluation: Evaluation, found: BehindHubs): Draft {
  const { dataset, rows, structure } = evaluation
  const { errors, usual, p, worst } = found
  const gain = Math.max(0, pointsOf(evaluation, errors.length - usual * found.rows))
  const named = worst.map(
    ([hub, count]) =>
      `${dataset.ids[hub]} (${labelOf(evaluation, hub)}, ${countOf(count, 'error')})`,
  )
  return {
    id: ID,
    title: 'Tame the rows that everything is near to',
    finding:
      errors.length === 0
        ? 'No error has a hub for its nearest neighbour.'
        : `${countOf(found.hubs, 'row is', 'rows are')} among the ${REACH} nearest of ${Math.ceil(structure.hubs.threshold)} others or more, twice as often as on average. Of the ${countOf(found.rows, 'row')} that have such a hub for their nearest neighbour ${percent(errors.length / found.rows)} are errors, of the others ${percent(usual)}. The hubs that mislead most: ${joinWords(named, NAMED)}.`,
    certainty: {
      level: p < SIGNIFICANCE.certain ? 'certain' : meets(THRESHOLDS.p, p) ? 'likely' : 'possible',
      says: `That rows behind hubs are so much more often wrong is chance with ${pValue(p)}.`,
    },
    cost: `${countOf(errors.length, 'error')} behind hubs: ${inPoints(gain)} of accuracy above the usual rate, and the hubs crowd out better answers further down the list.`,
    action:
      'Look at the worst hubs first: blank, blurred or generic rows can go. Then normalise the vectors or try the cosine distance, centre the space, or correct distances for hubs (CSLS, mutual proximity), and compare.',
    doneWhen: DONE,
    gain,
    evidence: sortedBy(errors, (row) => rows.classMargin[row]!),
    classes: [],
    measure: { value: errors.length, unit: 'errors' },
  }
}
