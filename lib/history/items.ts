/** Findings as things with a life: the state of every action item in this run. */

import type { Evaluation } from '../core/evaluation.ts'
import { type Finding, weightOf } from '../core/finding.ts'
import {
  type Item,
  type ItemState,
  isEnded,
  isJudged,
  isOpenItem,
  RUNS_UNTIL_OUT_OF_SCOPE,
} from '../core/item.ts'
import type { KnownItem, Manifest } from '../core/manifest.ts'
import { compareText, itemSlug } from '../core/names.ts'
import type { ProjectIndex } from '../core/project-index.ts'
import { countOf, joinWords } from '../core/words.ts'
import { absentClasses } from './absent-classes.ts'
import { type Change, correctForMany } from './change.ts'
import { judges } from './judges.ts'
import { isResolvedStill, type PastItem, readLedger } from './ledger.ts'
import { type BaselineRows, type Matching, matchRows, type RunRows } from './run-rows.ts'
import { severityOf } from './severity.ts'
import { type StateInputs, stateSentence } from './state-sentence.ts'

/** Open items that the list shows; the rest is folded. */
const MOST_LISTED = 10
/** Classes that a sentence names. */
const NAMED = 4
/** Rows of evidence that an item names; `evidenceCount` tells how many there are. */
const MOST_EVIDENCE = 60

export interface ItemInputs {
  /** What the rules raise in this run. */
  readonly findings: readonly Finding[]
  /** How a finding of an earlier run stands in this one; null where the run can't tell. */
  readonly recall: (id: string) => Finding | null
  readonly evaluation: Evaluation
  readonly current: RunRows
  readonly manifest: Pick<Manifest, 'known'>
  readonly baseline: BaselineRows | null
  /** Which of the baseline's rows are this run's; found here unless given. */
  readonly matching?: Matching | null
  /** Null before the project's first run. */
  readonly index: ProjectIndex | null
  readonly run: string
  /** When the run's upload was complete, ISO 8601. */
  readonly createdAt: string
  /** `YYYY-MM-DD`. */
  readonly today: string
}

/**
 * The items of a run: those that are raised, those still open from before, and, once, those that
 * are resolved in it. A state changes only on evidence from the rows of this run and its baseline:
 *
 * | | never raised | open before | resolved before |
 * | --- | --- | --- | --- |
 * | raised now | new | improved or worsened if the test says so, else persisting | regressed if the test says more, else persisting |
 * | not raised | | resolved if the test says fewer, worsened if more, else persisting | |
 * | can't tell | | not-evaluated, and out of scope after five runs in a row | |
 *
 * Tests are corrected for the number of items that are tested in the run.
 * Without a baseline nothing can be tested: an open item that is raised persists, one that isn't is
 * not evaluated. What was resolved and came back without evidence is resolved again as soon as it is
 * no longer raised. A drift is about one step between two runs: after a step without, another one is
 * new. What is out of scope is in no further run until it is raised, a run can judge it, or its
 * classes are back. What has most at stake and is surest comes first; items that are not evaluated
 * or have ended come last. A finding that another one covers has no state of its own in this run.
 */
export function decideItems(inputs: ItemInputs): readonly Item[] {
  const { baseline, index, run, createdAt, findings } = inputs
  const ledger = readLedger(index, baseline, run, createdAt)
  const compare = comparer(inputs)
  const raised = new Set(findings.map(({ id }) => id))
  const covered = new Set(findings.flatMap(({ covers }) => covers))
  const isAbsent = absence(baseline)
  const open = [...ledger.values()]
    .filter(({ id, state }) => !raised.has(id) && !covered.has(id) && state !== 'resolved')
    .map((past) => {
      const finding = inputs.recall(past.id)
      return { past, finding, change: finding ? compare(finding, past) : unmeasured(inputs, past) }
    })
    .filter(({ past, finding, change }) => {
      const isBack = change.judged || (finding?.classes.some(isAbsent) ?? false)
      return past.state !== 'out-of-scope' || isBack
    })
  const changes = correctForMany([
    ...findings.map((finding) => compare(finding, ledger.get(finding.id) ?? null)),
    ...open.map(({ change }) => change),
  ])
  const items = [
    ...findings.map((finding, at) => {
      const change = changes[at]!
      const past = ledger.get(finding.id) ?? null
      const state = raisedState(past, change)
      return itemOf(inputs, { finding, past, state, change, raised: 'raised' })
    }),
    ...open.map(({ past, finding }, at) =>
      openItem(inputs, past, finding, changes[findings.length + at]!),
    ),
  ]
  items.sort(
    (one, other) =>
      orderOf(one.state) - orderOf(other.state) ||
      weightOf(other) - weightOf(one) ||
      other.evidenceCount - one.evidenceCount ||
      compareText(one.id, other.id),
  )
  let rank = 0
  return items.map((item) => {
    if (!isOpenItem(item)) return item
    rank++
    return { ...item, rank, folded: rank > MOST_LISTED }
  })
}

/** Why no rule can say how an item stands: its classes are not here, or what it measures is not. */
function unmeasured(
  { baseline, current, run }: ItemInputs,
  past: PastItem,
): Change & { judged: false } {
  const here = new Set(current.labels)
  const classes = baseline?.items.find(({ id }) => id === past.id)?.classes ?? []
  const absent = classes.filter((label) => !here.has(label))
  const why =
    absent.length > 0
      ? `has no rows of ${joinWords(absent, NAMED)}`
      : 'does not have what it measures'
  return { judged: false, reason: `${run} ${why}, so it can’t tell.` }
}

function orderOf(state: ItemState): number {
  if (isEnded(state)) return state === 'resolved' ? 2 : 3
  return isJudged(state) ? 0 : 1
}

/** Whether the baseline has no row of a class; a run without one can't tell whether a class is back. */
function absence(baseline: BaselineRows | null): (label: string) => boolean {
  const there = baseline && new Set(baseline.labels)
  return (label) => there !== null && !there.has(label)
}

type Comparer = (finding: Finding, past: PastItem | null) => Change

function comparer({ current, baseline, matching: given, evaluation }: ItemInputs): Comparer {
  if (!baseline) {
    return () => ({ judged: false, reason: 'There is no baseline to compare with.' })
  }
  const matching = given ?? matchRows(current, baseline)
  const inBaseline = new Map(baseline.items.map((item) => [item.id, item]))
  const rows =
    'note' in matching
      ? matching
      : {
          baselineRow: matching.baselineRow,
          absent: absentClasses(current, baseline, matching.baselineRow),
        }
  return (finding, past) => {
    const judge = judges[finding.judgement]
    if (judge.of === 'any runs') return judge.compare(finding)
    if ('note' in rows) return { judged: false, reason: rows.note }
    return judge.compare({
      finding,
      evaluation,
      current,
      baseline,
      ...rows,
      inBaseline: inBaseline.get(finding.id) ?? null,
      past,
    })
  }
}

function raisedState(past: PastItem | null, change: Change): ItemState {
  if (!past) return 'new'
  if (change.judged && change.isStep && isResolvedStill(past)) return 'new'
  if (!change.judged || change.direction === 'no evidence') return 'persisting'
  if (isResolvedStill(past)) return change.direction === 'higher' ? 'regressed' : 'persisting'
  return change.direction === 'lower' ? 'improved' : 'worsened'
}

function loweredState(past: PastItem, { direction }: Change & { judged: true }): ItemState {
  if (direction === 'lower') return 'resolved'
  if (isResolvedStill(past)) return direction === 'higher' ? 'regressed' : 'resolved'
  return direction === 'higher' ? 'worsened' : 'persisting'
}

function openItem(
  inputs: ItemInputs,
  past: PastItem,
  finding: Finding | null,
  change: Change,
): Item {
  if (!change.judged) return unknownItem(inputs, past, change.reason)
  if (!finding) return unknownItem(inputs, past, unmeasured(inputs, past).reason)
  const state = loweredState(past, change)
  // Measured against what was found when it was raised, not against the little that is left.
  const doneWhen = askedBefore(inputs, past.id) ?? finding.doneWhen
  const asOpened = { ...finding, doneWhen }
  return itemOf(inputs, { finding: asOpened, past, state, change, raised: 'no longer raised' })
}

function itemOf(inputs: ItemInputs, judged: Omit<StateInputs, 'baseline'>): Item {
  const { finding, state, change } = judged
  const { ids } = inputs.evaluation.dataset
  const sentence = stateSentence({ ...judged, baseline: inputs.baseline?.run ?? '' })
  return {
    id: finding.id,
    kind: finding.kind,
    title: finding.title,
    owner: finding.owner,
    severity: severityOf(finding.stake),
    state,
    gain: finding.gain,
    stake: finding.stake,
    finding: `${finding.finding}${sentence === '' ? '' : ` ${sentence}`}`,
    certainty: finding.certainty,
    cost: finding.cost,
    action: finding.action,
    evidence: finding.evidence.slice(0, MOST_EVIDENCE).map((row) => ids[row]!),
    evidenceCount: finding.evidence.length,
    classes: finding.classes,
    doneWhen: namingRun(finding.doneWhen, inputs.run),
    measure: finding.measure,
    covers: finding.covers,
    rank: null,
    folded: false,
    change: change.judged && change.before !== null ? { before: change.before, p: change.p } : null,
    permalink: permalinkOf(finding.id),
    known: knownOf(inputs, finding.id),
  }
}

/** An open item that this run can't tell anything about: as it was, with the reason, or out of scope. */
function unknownItem(inputs: ItemInputs, past: PastItem, reason: string): Item {
  const runs = past.unjudgedRuns + 1
  const isOver = runs >= RUNS_UNTIL_OUT_OF_SCOPE
  const item = inputs.baseline?.items.find(({ id }) => id === past.id)
  return {
    id: past.id,
    kind: past.kind,
    title: past.title,
    owner: past.owner,
    severity: severityOf(past.gain),
    state: isOver ? 'out-of-scope' : 'not-evaluated',
    gain: past.gain,
    stake: item?.stake ?? past.gain,
    finding: isOver
      ? `${reason} ${countOf(runs, 'run')} in a row could not tell, so it is out of scope; it comes back with what it is about.`
      : `${reason} It stays open as it was.`,
    certainty: { level: 'possible', says: reason },
    cost: item?.cost ?? 'What it cost when it was last measured.',
    action: item?.action ?? 'Upload a run that has its classes, to have it judged.',
    evidence: [],
    evidenceCount: 0,
    classes: item?.classes ?? [],
    doneWhen: askedBefore(inputs, past.id) ?? 'A run that can be compared shows that it is gone.',
    covers: [],
    rank: null,
    folded: false,
    measure: item?.measure ?? { value: past.measure, unit: 'when last measured' },
    change: null,
    permalink: permalinkOf(past.id),
    known: knownOf(inputs, past.id),
  }
}

/** When an item of the baseline is done, as it was said there. */
function askedBefore({ baseline }: ItemInputs, id: string): string | null {
  const asked = baseline?.items.find((item) => item.id === id)?.doneWhen
  return asked === undefined ? null : namingRun(asked, baseline!.run)
}

/** A rule says "the 8 of this run"; in a later run that would be another one. */
function namingRun(doneWhen: string, run: string): string {
  return doneWhen.replaceAll('of this run', `of ${run}`)
}

/** Where an item lives, whatever becomes of the runs; relative to the project's folder. */
function permalinkOf(id: string): string {
  return `items/${itemSlug(id)}/`
}

function knownOf({ manifest, today }: ItemInputs, id: string): Item['known'] {
  const covers = (entry: KnownItem) =>
    entry.id === id && (entry.until === null || today <= entry.until)
  const known = manifest.known.find(covers)
  return known ? { state: known.state, reason: known.reason, until: known.until } : null
}
