/**
 * The third step of an evaluation: from figures and the runs before to findings, their states, and
 * gates.
 */

import type { BaselineComparison } from '../core/changes.ts'
import type { Item } from '../core/item.ts'
import type { Report } from '../core/report.ts'
import { askRules, type Findings } from '../findings/registry.ts'
import { type ChangeTables, changesSince } from '../history/changes.ts'
import { baselineComparison, type ComparisonResult, compareRuns } from '../history/comparison.ts'
import { driftWarnings } from '../history/drift.ts'
import { judgeGates } from '../history/gates.ts'
import { decideItems } from '../history/items.ts'
import type { RunRows } from '../history/run-rows.ts'
import type { Measurement } from './measure.ts'
import type { Predecessor } from './past.ts'
import type { RunInput } from './read.ts'
import type { StageContext } from './stages.ts'

export interface Judgement extends ComparisonResult {
  readonly findings: Findings
  /** With every run that the manifest asks for, the baseline first. */
  readonly comparisons: readonly BaselineComparison[]
  /** What changed since the baseline, part by part; null without a comparison. */
  readonly tables: ChangeTables | null
  readonly items: readonly Item[]
  readonly gate: Report['gate']
}

export async function judge(
  context: StageContext,
  input: RunInput,
  measurement: Measurement,
): Promise<Judgement> {
  const { evaluation } = measurement
  const findings = await context.stage('findings', () => askRules(evaluation, input.manifest))
  const today = context.clock().toISOString().slice(0, 10)
  return context.stage('history', () => judgeSince(input, measurement, findings, today))
}

/** @param today `YYYY-MM-DD` */
async function judgeSince(
  { upload, run, manifest, past }: RunInput,
  { evaluation, rows }: Measurement,
  findings: Findings,
  today: string,
): Promise<Judgement> {
  const { index, choice, baseline, matching, baselineRow } = past
  const { drift } = evaluation
  const compared = compareWith(rows, past)
  const comparisons = [baselineComparison(manifest.baseline, compared)]
  for (const setting of manifest.furtherBaselines) {
    comparisons.push(baselineComparison(setting, compareWith(rows, await past.further(setting))))
  }
  return {
    ...compared,
    findings,
    comparisons,
    tables:
      baseline && baselineRow && compared.comparison
        ? changesSince(evaluation, rows, baseline.rows, baselineRow)
        : null,
    items: decideItems({
      findings: findings.raised,
      recall: findings.recall,
      evaluation,
      current: rows,
      manifest,
      baseline: baseline?.rows ?? null,
      matching,
      index,
      run,
      createdAt: upload.createdAt,
      today,
    }),
    gate: judgeGates({
      gates: manifest.gates,
      figures: evaluation.figures,
      rows: evaluation.evaluatedRows,
      allEqual: evaluation.structure.dimensions.collapsedCount === evaluation.dataset.dimensions,
      baseline: baseline && { ...baseline.rows, scale: drift?.space.common?.scale ?? 1 },
    }),
    warnings: [
      ...compared.warnings,
      ...(drift ? driftWarnings(drift) : []),
      ...(choice.warning ? [choice.warning] : []),
    ],
  }
}

function compareWith(rows: RunRows, { choice, baseline, matching }: Predecessor): ComparisonResult {
  if (baseline !== null && matching !== null) return compareRuns(rows, baseline.rows, matching)
  const note = choice.reason ?? `The report of ${choice.run} is no longer in the site.`
  return { comparison: null, note, warnings: [] }
}
