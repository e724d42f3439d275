/** Every rule, and what they find in a run; an import and an entry add a rule. */

import type { Evaluation } from '../core/evaluation.ts'
import { type Finding, weightOf } from '../core/finding.ts'
import { type FindingKind, kindOfId } from '../core/finding-kind.ts'
import type { Manifest } from '../core/manifest.ts'
import { compareText } from '../core/names.ts'
import { atChance, isAtChance } from './at-chance.ts'
import { confusion } from './confusion.ts'
import { collapsedDimensions } from './dimensions.ts'
import { drift } from './drift.ts'
import { duplicates } from './duplicates.ts'
import { hubs } from './hubs.ts'
import { imbalance } from './imbalance.ts'
import { labelConflict } from './label-conflict.ts'
import { labelIssue } from './label-issue.ts'
import { leakage } from './leakage.ts'
import { lowMargin } from './low-margin.ts'
import { mergeFindings } from './merge.ts'
import type { Draft, Reading, Rule } from './rule.ts'
import { sliceGap } from './slice-gap.ts'
import { spread } from './spread.ts'
import { unmatched } from './unmatched.ts'

/** Where two explain a third, the one that stands first takes it in. */
export const rules: Readonly<Record<FindingKind, Rule>> = {
  'at-chance': atChance,
  unmatched,
  confusion,
  spread,
  'low-margin': lowMargin,
  'label-issue': labelIssue,
  'label-conflict': labelConflict,
  duplicates,
  leakage,
  'slice-gap': sliceGap,
  imbalance,
  hubs,
  drift,
  'collapsed-dimensions': collapsedDimensions,
}

export interface Findings {
  /** What to do about the run: most at stake and surest first, then most evidence, then by id. */
  readonly raised: readonly Finding[]
  /**
   * How a finding of an earlier run stands in this one, whether or not it would be raised again; null
   * where this run can't tell: its class or its margin is absent, or no rule makes such ids any more.
   */
  readonly recall: (id: string) => Finding | null
}

/** Asks every rule what it says of a run; findings that say the same of the same rows are one. */
export function askRules(evaluation: Evaluation, manifest: Manifest): Findings {
  const isChance = isAtChance(evaluation)
  const telling = tellingRules(evaluation).map((rule) => ({
    rule,
    reading: rule.read(evaluation, manifest),
  }))
  const drafts = telling
    .filter(({ rule }) => !(isChance && rule.locatesErrors))
    .flatMap(({ rule, reading }) =>
      reading.raise().map((draft) => ({ rule, draft, finding: owned(rule, draft, manifest) })),
    )
  const raised = mergeFindings(evaluation, Object.values(rules), drafts).toSorted(
    (one, other) =>
      weightOf(other) - weightOf(one) ||
      other.evidence.length - one.evidence.length ||
      compareText(one.id, other.id),
  )
  const readings = new Map(telling.map(({ rule, reading }) => [rule.kind, reading]))
  const recalled = new Map<string, Finding | null>()
  const recall = (id: string) => {
    const known = recalled.get(id)
    if (known !== undefined) return known
    const finding = recallFrom(readings, id, manifest)
    recalled.set(id, finding)
    return finding
  }
  return { raised, recall }
}

function recallFrom(
  readings: ReadonlyMap<FindingKind, Reading>,
  id: string,
  manifest: Manifest,
): Finding | null {
  const kind = kindOfId(id)
  const draft = kind && readings.get(kind)?.recall(id)
  return kind && draft ? owned(rules[kind], draft, manifest) : null
}

/** Of rows that are all equal no rule but one can tell anything. */
function tellingRules({ structure, dataset }: Evaluation): readonly Rule[] {
  const isEqual = structure.dimensions.collapsedCount === dataset.dimensions
  return isEqual ? [collapsedDimensions] : Object.values(rules)
}

/** An owner named for one of its classes comes before the kind's, and that before the rule's own. */
function owned(rule: Rule, draft: Draft, { owners }: Manifest): Finding {
  const { stake, cause, rows: _, ownerKeys = [], ...finding } = draft
  const acting = cause === undefined ? rule : rules[cause]
  const key = [...ownerKeys, ...draft.classes.map((name) => `class:${name}`), acting.kind].find(
    (name) => Object.hasOwn(owners, name),
  )
  return {
    ...finding,
    kind: rule.kind,
    owner: key === undefined ? acting.owner : owners[key]!,
    stake: Math.max(stake ?? 0, draft.gain),
    judgement: rule.judgement,
    covers: [],
  }
}
