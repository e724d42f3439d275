/** Findings that say the same thing in two ways become one, so that nobody does a job twice. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'

/** So much of what a finding is about must be about the same rows as the one that takes it in. */
const SAME = 0.8

/** Kinds that name a cause: taken in only by a pair whose errors they explain. */
const CAUSES: ReadonlySet<string> = new Set(['label-issue', 'label-conflict'])
const SYMPTOMS: ReadonlySet<string> = new Set(['low-margin'])

/**
 * A confused pair takes in what is said of its own errors: wrong or conflicting labels where they
 * are what it comes from (its `cause`), and a low-margin cluster whose errors are its errors.
 */
export function mergeFindings(
  { rows }: Evaluation,
  found: readonly { readonly finding: Finding; readonly cause: string | null }[],
): readonly Finding[] {
  const wrong = (row: number) => rows.correct[row] !== 1
  const pairs = found.filter(({ finding }) => finding.kind === 'confusion')
  const errorsOf = new Map(pairs.map(({ finding }) => [finding.id, new Set(finding.evidence)]))
  const covers = new Map<string, string[]>()
  const covered = new Set<string>()
  for (const { finding } of found) {
    const isCause = CAUSES.has(finding.kind)
    if (!isCause && !SYMPTOMS.has(finding.kind)) continue
    const errors = finding.evidence.filter(wrong)
    if (errors.length === 0) continue
    const host = pairs.find((pair) => {
      // What is only possible is no cause, and is told with the pair whoever acts on it.
      if (isCause && finding.certainty.level !== 'possible' && pair.cause === null) return false
      const own = errorsOf.get(pair.finding.id)!
      return errors.filter((row) => own.has(row)).length >= SAME * errors.length
    })
    if (!host) continue
    covered.add(finding.id)
    covers.set(host.finding.id, [...(covers.get(host.finding.id) ?? []), finding.id])
  }
  return found
    .filter(({ finding }) => !covered.has(finding.id))
    .map(({ finding }) => ({ ...finding, covers: covers.get(finding.id) ?? [] }))
}
