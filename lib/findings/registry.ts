/** Every rule, and what they find in a run. */

import type { Evaluation, Finding } from '../core/evaluation.ts'
import type { Manifest } from '../core/manifest.ts'
import { compareText } from '../core/names.ts'
import { confusion } from './confusion.ts'
import { duplicates } from './duplicates.ts'
import { labelConflict } from './label-conflict.ts'
import { lowMargin } from './low-margin.ts'
import type { Draft, Rule } from './rule.ts'
import { spread } from './spread.ts'

export const rules: readonly Rule[] = [confusion, spread, lowMargin, labelConflict, duplicates]

/** What to do about a run: largest expected gain first, then most evidence, then by id. */
export function findFindings(evaluation: Evaluation, manifest: Manifest): readonly Finding[] {
  return rules
    .flatMap((rule) =>
      rule.evaluate(evaluation, manifest).map((draft) => owned(rule, draft, manifest)),
    )
    .sort(
      (one, other) =>
        other.gain - one.gain ||
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
  const rule = rules.find(({ kind }) => id.startsWith(`${kind}:`))
  const draft = rule?.recall(evaluation, manifest, id)
  return rule && draft ? owned(rule, draft, manifest) : null
}

/** An owner named for one of its classes comes before the kind's, and that before the rule's own. */
function owned(rule: Rule, draft: Draft, { owners }: Manifest): Finding {
  const key = [...draft.classes.map((name) => `class:${name}`), rule.kind].find((name) =>
    Object.hasOwn(owners, name),
  )
  return { ...draft, kind: rule.kind, owner: key === undefined ? rule.owner : owners[key]! }
}
