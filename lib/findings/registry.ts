/** Every rule, and what they find in a run; one line adds a rule. */

import type { Evaluation } from '../core/evaluation.ts'
import { type Finding, weightOf } from '../core/finding.ts'
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
import type { Draft, Rule } from './rule.ts'
import { sliceGap } from './slice-gap.ts'
import { spread } from './spread.ts'
import { unmatched } from './unmatched.ts'

export const rules: readonly Rule[] = [
  atChance,
  unmatched,
  confusion,
  spread,
  lowMargin,
  labelIssue,
  labelConflict,
  duplicates,
  leakage,
  imbalance,
  hubs,
  drift,
  sliceGap,
  collapsedDimensions,
]

/** Kinds that say where the errors lie, which at the level of chance is anywhere. */
const OF_ERRORS: ReadonlySet<string> = new Set([
  'confusion',
  'spread',
  'low-margin',
  'label-issue',
  'hubs',
  'slice-gap',
])

/**
 * What to do about a run, findings that say the same of the same rows as one: most at stake and
 * surest first, then most evidence, then by id.
 */
export function findFindings(evaluation: Evaluation, manifest: Manifest): readonly Finding[] {
  const chance = isAtChance(evaluation)
  const raising = tellingRules(evaluation).filter(({ kind }) => !(chance && OF_ERRORS.has(kind)))
  const found = raising.flatMap((rule) =>
    rule.evaluate(evaluation, manifest).map((draft) => ({
      finding: owned(rule, draft, manifest),
      cause: draft.cause ?? null,
    })),
  )
  return mergeFindings(evaluation, found).toSorted(
    (one, other) =>
      weightOf(other) - weightOf(one) ||
      other.evidence.length - one.evidence.length ||
      compareText(one.id, other.id),
  )
}

/**
 * How a finding of an earlier run stands in this one, whether or not it would be raised again; null
 * where this run can't tell: its class or its margin is absent, or no rule makes such ids any more.
 */
export function recallFinding(
  evaluation: Evaluation,
  manifest: Manifest,
  id: string,
): Finding | null {
  const rule = tellingRules(evaluation).find(({ kind }) => id.startsWith(`${kind}:`))
  const draft = rule?.recall(evaluation, manifest, id)
  return rule && draft ? owned(rule, draft, manifest) : null
}

/** Of rows that are all equal no rule but one can tell anything. */
function tellingRules({ structure, dataset }: Evaluation): readonly Rule[] {
  const isEqual = structure.dimensions.collapsedCount === dataset.dimensions
  return isEqual ? [collapsedDimensions] : rules
}

/** An owner named for one of its classes comes before the kind's, and that before the rule's own. */
function owned(rule: Rule, draft: Draft, { owners }: Manifest): Finding {
  const { stake, cause, ownerKeys = [], ...finding } = draft
  const acting = rules.find(({ kind }) => kind === cause) ?? rule
  const key = [...ownerKeys, ...draft.classes.map((name) => `class:${name}`), acting.kind].find(
    (name) => Object.hasOwn(owners, name),
  )
  return {
    ...finding,
    kind: rule.kind,
    owner: key === undefined ? acting.owner : owners[key]!,
    stake: Math.max(stake ?? 0, draft.gain),
    covers: [],
  }
}
