/** The same row in two parts of a split: what is measured there was seen here. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Leakage } from '../core/quality.ts'
import { countOf, decimal, joinWords, percent } from '../core/words.ts'
import { coincidenceOf, NEAR_P } from './coincidence.ts'
import { inPoints, pointsOf } from './rows.ts'
import { type Draft, meets, type Rule, type Threshold } from './rule.ts'

const KIND = 'leakage'
const GROUPS_NAMED = 5
const ROWS_NAMED = 3

const THRESHOLDS = {
  groups: {
    of: 'groups of rows with one vector in two parts of the split',
    raises: 'at least',
    value: 1,
  },
  nearP: NEAR_P,
} satisfies Record<string, Threshold>

/**
 * One finding for the split column, raised from one group on; nearly equal rows count only where there
 * are more of them than chance makes.
 */
export const leakage: Rule = {
  kind: KIND,
  title: 'Duplicates across a split',
  signal:
    'Rows of one part of the split with the vector of a row of another part, or nearly the same where more rows are than chance makes.',
  meaning:
    'What is measured on one part was seen in the other: right answers that come from such a copy prove nothing about new rows.',
  action:
    'Put every group into one part of the split, by what its rows were taken from (product, session, person, video), or remove the copies, and measure again.',
  owner: 'Data Ops',
  needs:
    'A split column, and two rows with the same vector in two parts of it, or nearly the same where more rows are than chance makes.',
  doneWhen: 'No row has an identical or nearly identical one in another part of the split.',
  judgement: 'count',
  explains: null,
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const leak = leakedOf(evaluation)
    return {
      raise: () =>
        leak && meets(THRESHOLDS.groups, leak.groups.length) ? [describe(evaluation, leak)] : [],
      recall: (id) => (leak && id === `${KIND}:${leak.column}` ? describe(evaluation, leak) : null),
    }
  },
}

function leakedOf(evaluation: Evaluation): Leakage | null {
  const { dataset, neighborhood, quality } = evaluation
  const leak = quality.leakage
  if (!leak || leak.groups.every(({ exact }) => exact)) return leak
  if (coincidenceOf(evaluation).isBeyond) return leak
  const rowOf = new Map(dataset.ids.map((id, row) => [id, row]))
  const groups = leak.groups.flatMap((group) => {
    const equal = new Map<number, number[]>()
    for (const [at, id] of group.rows.entries()) {
      const first = neighborhood.firstEqual[rowOf.get(id)!]!
      equal.set(first, [...(equal.get(first) ?? []), at])
    }
    return [...equal.values()]
      .map((places) => ({
        rows: places.map((at) => group.rows[at]!),
        labels: places.map((at) => group.labels[at]!),
        parts: places.map((at) => group.parts[at]!),
        exact: true,
      }))
      .filter(({ parts }) => new Set(parts).size > 1)
  })
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0)
  // Between which parts was counted with the nearly equal rows.
  return { ...leak, groups, rows, between: [] }
}

function describe(evaluation: Evaluation, leak: Leakage): Draft {
  const { dataset, neighborhood, rows, quality } = evaluation
  const rowOf = new Map(dataset.ids.map((id, row) => [id, row]))
  const groupOf = new Map(
    leak.groups.flatMap((group) => group.rows.map((id) => [rowOf.get(id)!, group] as const)),
  )
  const evidence = [...groupOf.keys()]
  const copied = evidence.filter((row) => {
    const nearest = neighborhood.neighbors[row * neighborhood.k] ?? -1
    return rows.correct[row] === 1 && groupOf.get(nearest) === groupOf.get(row)
  })
  const worst = leak.between[0]
  const exact = leak.groups.every((group) => group.exact)
  const named = leak.groups.map(({ rows: ids, parts }) => {
    const shown = ids.slice(0, ROWS_NAMED).map((id, at) => `${id} (${parts[at]})`)
    return `${shown.join(' = ')}${ids.length > ROWS_NAMED ? ' = …' : ''}`
  })
  const share = worst
    ? `, ${worst.aRows} of ${worst.a} and ${worst.bRows} of ${worst.b} ${leak.between.length > 1 ? 'between the two parts that share most' : ''}`.trimEnd()
    : ''
  return {
    id: `${KIND}:${leak.column}`,
    title: `Keep duplicates in one part of ${leak.column}`,
    finding:
      leak.groups.length === 0
        ? `No row has a duplicate in another part of ${leak.column}.`
        : `${countOf(leak.rows, 'row')} in ${countOf(leak.groups.length, 'group')} ${exact ? 'have the same vector' : 'have the same or nearly the same vector'} as a row of another part of ${leak.column}${share}: ${joinWords(named, GROUPS_NAMED)}.`,
    certainty: exact
      ? { level: 'certain', says: 'The vectors are equal byte for byte.' }
      : {
          level: 'likely',
          says: `Some lie closer than ${decimal(quality.nearDuplicates.threshold, 2)}, ${quality.nearDuplicates.factor} times the usual distance to a nearest neighbour. ${coincidenceOf(evaluation).says}`,
        },
    cost: `${countOf(copied.length, 'right answer comes', 'right answers come')} from such a copy (${percent(copied.length / Math.max(1, dataset.rows))} of all rows): up to ${inPoints(pointsOf(evaluation, copied.length))} of the accuracy prove nothing about rows that the model hasn’t seen.`,
    action: `Put every group into one part of ${leak.column}, by what its rows were taken from (product, session, person, video), or remove the copies. Then measure again: the figures may fall, and are then true.`,
    doneWhen: `No row has an identical or nearly identical one in another part of ${leak.column}.`,
    gain: 0,
    stake: pointsOf(evaluation, copied.length),
    evidence,
    classes: [...new Set(leak.groups.flatMap(({ labels }) => labels))].sort(),
    measure: { value: leak.rows, unit: 'rows' },
  }
}
