/** What all rules say of a run, by the parts that most tests look at. */

import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { Manifest } from '../../../lib/core/manifest.ts'
import { askRules } from '../../../lib/findings/registry.ts'
import type { Rule } from '../../../lib/findings/rule.ts'

export function findFindings(evaluation: Evaluation, manifest: Manifest) {
  return askRules(evaluation, manifest).raised
}

export function recallFinding(evaluation: Evaluation, manifest: Manifest, id: string) {
  return askRules(evaluation, manifest).recall(id)
}

/** What one rule raises, whatever the others say. */
export function raise(rule: Rule, evaluation: Evaluation, manifest: Manifest) {
  return rule.read(evaluation, manifest).raise()
}
