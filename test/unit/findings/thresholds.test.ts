/** Every threshold of every rule, with a run just short of it and one just at it; and what chance silences. */

import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { FINDING_KINDS, type FindingKind } from '../../../lib/core/finding-kind.ts'
import { SIGNIFICANCE } from '../../../lib/core/significance.ts'
import { askRules, rules } from '../../../lib/findings/registry.ts'
import { UNSUSPICIOUS } from '../../../lib/findings/spread.ts'
import { judgeClasses, type MeasuredClass } from '../../../lib/history/drift.ts'
import { tUpperTail } from '../../../lib/stats/t-distribution.ts'
import { raise } from './asked.ts'
import { figure } from './brute-force.ts'
import {
  chanceRun,
  collapsedRun,
  confusedRun,
  contradictedRun,
  driftedRun,
  equalRun,
  hubRun,
  LOW,
  leakyRun,
  lowMarginRun,
  nearRun,
  rareRun,
  slicedRun,
  unmatchedRun,
  wideRun,
} from './kind-runs.ts'

interface Sides {
  readonly silent: Evaluation
  readonly raised: Evaluation
  /** Of the finding, where the rule makes several. */
  readonly id?: string
}

const moved = (of: Partial<MeasuredClass>): Evaluation => {
  const run = driftedRun(0)
  const [unmoved] = run.drift!.classes
  const classes = judgeClasses([{ ...unmoved!, shift: 0, shiftP: 1, ks: 0, ksP: 1, ...of }])
  return { ...run, drift: { ...run.drift!, classes } }
}
/** Slice with 34 errors in 100 rows, of which its classes make so many likely. */
const likely = (expectedErrors: number): Evaluation => {
  const run = slicedRun(34, 0, 100)
  const slice = { ...run.sliceOf('side=left')!.slice, expectedErrors }
  return { ...run, slices: { ...run.slices, list: [slice] } }
}

/** Values of p are those of scipy.stats: fisher_exact, binom.sf and t.isf. */
const THRESHOLDS: Readonly<Record<FindingKind, Readonly<Record<string, Sides>>>> = {
  'at-chance': {
    rows: { silent: chanceRun({ matched: 19 }), raised: chanceRun({ matched: 20 }) },
    above: {
      silent: chanceRun({ standardErrors: 1.65 }),
      raised: chanceRun({ standardErrors: 1.64 }),
    },
    below: {
      silent: chanceRun({ standardErrors: -2.58 }),
      raised: chanceRun({ standardErrors: -2.57 }),
    },
  },
  unmatched: { rows: { silent: unmatchedRun(5), raised: unmatchedRun(6) } },
  confusion: {
    errors: {
      // Of five classes so many are likelier by far.
      silent: confusedRun(5, { a: 40, b: 20, c: 40 }),
      raised: confusedRun(6, { a: 40, b: 20, c: 40 }),
    },
    // Three pairs × (41 / 81)⁶ = 0.0505, and × (40 / 80)⁶ = 0.0469.
    p: { silent: confusedRun(6, { a: 40, b: 41, c: 40 }), raised: confusedRun(6) },
  },
  spread: {
    classes: { silent: wideRun({ classes: 4, score: 100 }), raised: wideRun({ score: 100 }) },
    rows: { silent: wideRun({ smallest: 4 }), raised: wideRun({ smallest: 5 }) },
    // t.isf(0.01 / 5, df=4) = 5.9514.
    p: { silent: wideRun({ score: 5.95 }), raised: wideRun({ score: 5.952 }) },
    wider: { silent: wideRun({ distance: 3.59 }), raised: wideRun({ distance: 3.61 }) },
    farWider: {
      silent: wideRun({ distance: 4.49, errors: 0 }),
      raised: wideRun({ distance: 4.51, errors: 0 }),
    },
  },
  'low-margin': {
    clusterRows: {
      silent: lowMarginRun({ clusters: [4, 4, 4], errors: 12 }),
      raised: lowMarginRun({ clusters: [5, 5, 5], errors: 12 }),
    },
    size: {
      silent: lowMarginRun({ clusters: [46], errors: 30 }),
      raised: lowMarginRun({ clusters: [45], errors: 30 }),
    },
    errors: { silent: lowMarginRun({ errors: 5 }), raised: lowMarginRun({ errors: 6 }) },
    // [[23, 7], [23, 27]]: 0.010003; [[6, 24], [1, 49]]: 0.009987.
    p: {
      silent: lowMarginRun({
        clusters: [30],
        errors: 23,
        elsewhere: 50,
        elsewhereErrors: 23,
        otherErrors: 40,
      }),
      raised: lowMarginRun({
        clusters: [30],
        errors: 6,
        elsewhere: 50,
        elsewhereErrors: 1,
        otherErrors: 40,
      }),
    },
    shareOfErrors: {
      silent: lowMarginRun({ clusters: [12], errors: 6, elsewhere: 0, otherErrors: 7 }),
      raised: lowMarginRun({ clusters: [12], errors: 6, elsewhere: 0, otherErrors: 6 }),
    },
    errorShare: {
      silent: lowMarginRun({ clusters: [13], errors: 6, elsewhere: 0 }),
      raised: lowMarginRun({ clusters: [12], errors: 6, elsewhere: 0 }),
    },
  },
  'label-issue': {
    pair: {
      silent: contradictedRun({ 'a>b': 1, 'b>a': 1 }),
      raised: contradictedRun({ 'a>b': 2, 'b>a': 1 }),
      id: 'label-issue:a|b',
    },
    others: {
      silent: contradictedRun({ 'a>b': 1, 'b>c': 1 }),
      raised: contradictedRun({ 'a>b': 2, 'b>c': 1 }),
      id: 'label-issue:other',
    },
  },
  'label-conflict': {
    labels: {
      silent: equalRun([['a0', 'b0', 'c0', 'd0', 'e0']]),
      raised: equalRun([['a0', 'b0', 'c0', 'd0']]),
    },
    // binom.sf(3, 100, 1 / 120) = 0.01004, of 1 / 120.5 0.0099.
    nearP: { silent: nearRun(120), raised: nearRun(120.5) },
  },
  duplicates: {
    rows: { silent: equalRun([['a0']]), raised: equalRun([['a0', 'a1']]), id: 'duplicates:exact' },
    labels: {
      silent: equalRun([['a0', 'b0', 'c0', 'd0']]),
      raised: equalRun([['a0', 'b0', 'c0', 'd0', 'e0']]),
      id: 'duplicates:blank',
    },
  },
  leakage: {
    groups: { silent: leakyRun(0), raised: leakyRun(1) },
    nearP: { silent: nearRun(120), raised: nearRun(120.5) },
  },
  'slice-gap': {
    errors: { silent: slicedRun(5, 0), raised: slicedRun(6, 0) },
    // [[12, 8], [71, 129]]: 0.0504; [[12, 8], [70, 130]]: 0.0496.
    p: { silent: slicedRun(12, 71), raised: slicedRun(12, 70) },
    // 25.4 + 2 × √(25.4 × 0.746) = 34.1, and 33.9 with 25.2.
    deviations: { silent: likely(25.4), raised: likely(25.2) },
  },
  imbalance: {
    errors: { silent: rareRun(5, 20, 0, 200), raised: rareRun(6, 20, 0, 200) },
    // 0.010047 and 0.009934.
    p: { silent: rareRun(10, 15, 31, 100), raised: rareRun(15, 18, 50, 100) },
  },
  hubs: {
    reach: { silent: hubRun({ reach: 9.9 }), raised: hubRun({ reach: 10 }) },
    errors: { silent: hubRun({ errors: 5, otherErrors: 0 }), raised: hubRun({ errors: 6 }) },
    // 0.010003 and 0.009987, as above.
    p: {
      silent: hubRun({ errors: 23, otherErrors: 23 }),
      raised: hubRun({ errors: 6, otherErrors: 1 }),
    },
  },
  drift: {
    classes: { silent: driftedRun(0), raised: driftedRun(1) },
    shift: {
      silent: moved({ shift: 0.2499, shiftP: 0.001 }),
      raised: moved({ shift: 0.25, shiftP: 0.001 }),
    },
    ks: { silent: moved({ ks: 0.0999, ksP: 0.001 }), raised: moved({ ks: 0.1, ksP: 0.001 }) },
    // Of two tests the smaller p is doubled.
    p: { silent: moved({ shift: 1, shiftP: 0.0251 }), raised: moved({ shift: 1, shiftP: 0.0249 }) },
  },
  'collapsed-dimensions': { dimensions: { silent: collapsedRun(0), raised: collapsedRun(1) } },
}

describe.each(FINDING_KINDS)('%s', (kind) => {
  const rule = rules[kind]

  test('has a run on both sides of each threshold', () => {
    expect(Object.keys(THRESHOLDS[kind])).toEqual(Object.keys(rule.thresholds))
  })

  test.each(Object.entries(THRESHOLDS[kind]))(
    'is raised from %s on',
    (_, { silent, raised, id }) => {
      const ids = (run: Evaluation) =>
        raise(rule, run, LOW)
          .map((draft) => draft.id)
          .filter((one) => id === undefined || one === id)
      expect(ids(silent)).toEqual([])
      expect(ids(raised)).not.toEqual([])
    },
  )
})

/** Whether it is raised in a run at the level of chance, where errors lie anywhere. */
const AT_CHANCE: Readonly<Record<FindingKind, 'raised' | 'silent'>> = {
  'at-chance': 'raised',
  unmatched: 'raised',
  confusion: 'silent',
  spread: 'silent',
  'low-margin': 'silent',
  'label-issue': 'silent',
  'label-conflict': 'raised',
  duplicates: 'raised',
  leakage: 'raised',
  'slice-gap': 'silent',
  imbalance: 'raised',
  hubs: 'silent',
  drift: 'raised',
  'collapsed-dimensions': 'raised',
}

test.each(FINDING_KINDS)(
  'at the level of chance %s is raised only if it says no more than that',
  (kind) => {
    const { raised: run } = Object.values(THRESHOLDS[kind])[0]!
    const accuracy = { ...figure(0.5), chance: 0.5 }
    const figures = { ...run.figures, nearest_neighbor_accuracy_with_match: accuracy }
    const kinds = (evaluation: Evaluation) => {
      const { raised, recall } = askRules(evaluation, LOW)
      const all = raised.flatMap(({ id, covers }) => [id, ...covers])
      return new Set(all.map((id) => recall(id)!.kind))
    }
    expect(kinds(run)).toContain(kind)
    const atChance = kinds({ ...run, figures })
    expect(atChance).toContain('at-chance')
    expect(atChance.has(kind) ? 'raised' : 'silent').toBe(AT_CHANCE[kind])
  },
)

test('no class of a score so low that its p isn’t asked for would be raised', () => {
  for (let classes = 5; classes < 2000; classes++) {
    const p = classes * tUpperTail(UNSUSPICIOUS, classes - 1)
    expect(p).toBeGreaterThan(SIGNIFICANCE.item)
  }
})
