/** Every kind of finding over the runs of a project: raised, persisting, worse, better, resolved and back again. */

import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { FINDING_KINDS, type FindingKind } from '../../../lib/core/finding-kind.ts'
import type { Item, ItemState } from '../../../lib/core/item.ts'
import { askRules } from '../../../lib/findings/registry.ts'
import { decideItems } from '../../../lib/history/items.ts'
import { appendRun, emptyIndex } from '../../../lib/history/project-index.ts'
import type { BaselineRows } from '../../../lib/history/run-rows.ts'
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
  rareRun,
  slicedRun,
  unmatchedRun,
  wideRun,
} from '../findings/kind-runs.ts'
import { day, entry, inputsOf, publishedAs, runRows } from './made.ts'

/** Runs of the same rows that have some of it, more, and none. */
interface Runs {
  readonly some: Evaluation
  readonly more: Evaluation
  readonly none: Evaluation
}

/** Groups of two rows with one vector, of class a and another or of a alone. */
const twins = (groups: number, other: 'a' | 'b') =>
  equalRun(Array.from({ length: groups }, (_, at) => [`a${2 * at}`, `${other}${2 * at + 1}`]))

const RUNS: Readonly<Record<FindingKind, Runs>> = {
  'at-chance': { some: chanceRun({}), more: chanceRun({}), none: chanceRun({ standardErrors: 3 }) },
  unmatched: { some: unmatchedRun(8), more: unmatchedRun(9), none: unmatchedRun(0) },
  confusion: { some: confusedRun(8), more: confusedRun(20), none: confusedRun(0) },
  spread: {
    some: wideRun({}),
    more: wideRun({ distance: 18 }),
    none: wideRun({ score: 0, distance: 3 }),
  },
  'low-margin': {
    some: lowMarginRun({ errors: 12 }),
    more: lowMarginRun({ errors: 24 }),
    none: lowMarginRun({ errors: 0 }),
  },
  'label-issue': {
    some: contradictedRun({ 'a>b': 8 }),
    more: contradictedRun({ 'a>b': 30 }),
    none: contradictedRun({}),
  },
  'label-conflict': { some: twins(2, 'b'), more: twins(3, 'b'), none: equalRun([]) },
  duplicates: { some: twins(2, 'a'), more: twins(3, 'a'), none: equalRun([]) },
  leakage: { some: leakyRun(4), more: leakyRun(15), none: leakyRun(0) },
  'slice-gap': { some: slicedRun(10, 0), more: slicedRun(20, 0), none: slicedRun(0, 0) },
  imbalance: {
    some: rareRun(8, 20, 0, 200),
    more: rareRun(20, 20, 0, 200),
    none: rareRun(0, 20, 0, 200),
  },
  hubs: {
    some: hubRun({ errors: 8 }),
    more: hubRun({ errors: 30 }),
    none: hubRun({ errors: 0 }),
  },
  drift: { some: driftedRun(1), more: driftedRun(3), none: driftedRun(0) },
  'collapsed-dimensions': { some: collapsedRun(1), more: collapsedRun(3), none: collapsedRun(0) },
}

type Level = keyof Runs
type Life = 'raised' | 'persists' | 'worsens' | 'improves' | 'resolves' | 'regresses'

/** What the runs of a life have of it, and the state that it has in the last of them. */
const LIVES: Readonly<Record<Life, readonly [runs: readonly Level[], state: ItemState]>> = {
  raised: [['some'], 'new'],
  persists: [['some', 'some'], 'persisting'],
  worsens: [['some', 'more'], 'worsened'],
  improves: [['more', 'some'], 'improved'],
  resolves: [['some', 'none'], 'resolved'],
  regresses: [['some', 'none', 'some'], 'regressed'],
}

/** A run is at the level of chance or not, and each step of a drift stands for itself. */
const OTHERWISE: Partial<Record<FindingKind, Partial<Record<Life, ItemState>>>> = {
  'at-chance': { worsens: 'persisting', improves: 'persisting' },
  drift: { worsens: 'persisting', improves: 'persisting', regresses: 'new' },
}

describe.each(FINDING_KINDS)('%s', (kind) => {
  test.each(Object.entries(LIVES))('%s', (life, [levels, usual]) => {
    const states = statesOf(
      kind,
      levels.map((level) => RUNS[kind][level]),
    )
    const state = OTHERWISE[kind]?.[life as Life] ?? usual
    expect(states).toHaveLength(levels.length)
    expect(states[0]).toBe('new')
    expect(states.at(-1)).toBe(state)
  })
})

/** The state of the one item of a kind in each of a project's runs. */
function statesOf(kind: FindingKind, runs: readonly Evaluation[]): (ItemState | undefined)[] {
  let index = emptyIndex('project')
  let baseline: BaselineRows | null = null
  return runs.map((evaluation, at) => {
    const run = `r${at}`
    const { raised, recall } = askRules(evaluation, LOW)
    const items: readonly Item[] = decideItems({
      ...inputsOf(runRows(evaluation), {
        evaluation,
        baseline,
        index,
        run,
        createdAt: day(at + 1),
      }),
      findings: raised.filter((finding) => finding.kind === kind),
      recall,
    })
    index = appendRun(index, entry(run, day(at + 1)), items)
    baseline = { ...publishedAs(run, evaluation), items }
    expect(items.length).toBeLessThanOrEqual(1)
    return items[0]?.state
  })
}
