/** The runs before this one: which of them it is held against, and what came of its items since. */

import type { BaselineComparison } from '../core/changes.ts'
import type { Context } from '../core/context.ts'
import { NearmissError } from '../core/errors.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Item } from '../core/item.ts'
import type { ProjectIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { Findings } from '../findings/registry.ts'
import { type BaselineChoice, chooseBaseline } from '../history/baseline.ts'
import { type ChangeTables, changesSince } from '../history/changes.ts'
import { baselineComparison, type ComparisonResult, compareRuns } from '../history/comparison.ts'
import { driftWarnings } from '../history/drift.ts'
import { judgeGates } from '../history/gates.ts'
import { decideItems } from '../history/items.ts'
import { matchRows, type RunRows } from '../history/run-rows.ts'
import type { VectorsAtHand } from '../history/vector-sample.ts'
import { readIndex } from '../publish/index-object.ts'
import { type Baseline, readBaseline } from '../site/runs.ts'
import type { Upload } from '../upload/content.ts'
import type { ReadUpload } from '../upload/rows.ts'
import { readBaselineVectors } from './baseline-vectors.ts'
import { comparableRun } from './run-report.ts'

export interface Past {
  /** Null before the project's first run. */
  readonly index: ProjectIndex | null
  readonly choose: (setting: string) => BaselineChoice
  readonly choice: BaselineChoice
  readonly baseline: Baseline | null
  /** Null without a baseline. */
  readonly vectors: VectorsAtHand | null
}

/** What the site knows of the project's earlier runs. */
export async function readPast(
  context: Context,
  { project, createdAt }: Upload,
  run: string,
  read: ReadUpload,
): Promise<Past> {
  const { dataset, manifest } = read
  const index = await readIndex(context.site, project)
  const like = comparableRun(dataset, manifest)
  const choose = (setting: string) => chooseBaseline(index, setting, run, createdAt, like)
  const { choice, baseline } = await readChosen(context, project, choose(manifest.baseline))
  const vectors = baseline && (await readBaselineVectors(context, project, read, baseline))
  return { index, choose, choice, baseline, vectors }
}

interface Chosen {
  readonly choice: BaselineChoice
  readonly baseline: Baseline | null
}

/** The chosen run; one whose files can't be read is told of, and stops no later run. */
async function readChosen(
  context: Context,
  project: string,
  choice: BaselineChoice,
): Promise<Chosen> {
  if (choice.run === null) return { choice, baseline: null }
  try {
    return { choice, baseline: await readBaseline(context, project, choice.run) }
  } catch (error) {
    if (error instanceof NearmissError && error.code !== 'unreadable-object') throw error
    const why = error instanceof Error ? error.message : String(error)
    const reason = `The run ${choice.run} can't be read.`
    const message = `${reason} Nothing is compared with it: ${why}`
    return {
      choice: { run: null, reason, warning: { code: 'baseline-unreadable', message } },
      baseline: null,
    }
  }
}

/** For each row of a run its row in the baseline, −1 for none; null where rows can't be matched. */
export function baselineRowOf(current: RunRows, { baseline }: Past): Int32Array | null {
  const matching = baseline && matchRows(current, baseline.rows)
  return matching && 'baselineRow' in matching ? matching.baselineRow : null
}

/** A run as the numeric stages and the rules leave it. */
export interface EvaluatedRun {
  readonly upload: Upload
  readonly run: string
  readonly read: ReadUpload
  readonly past: Past
  readonly evaluation: Evaluation
  /** Its rows as they are compared, and where they are in the baseline. */
  readonly current: RunRows
  readonly baselineRow: Int32Array | null
  readonly findings: Findings
}

export interface History extends ComparisonResult {
  /** With every run that the manifest asks for, the baseline first. */
  readonly comparisons: readonly BaselineComparison[]
  /** Part by part; null without a comparison. */
  readonly tables: ChangeTables | null
  readonly items: readonly Item[]
  readonly gate: Report['gate']
}

/** What changed since the runs before, and how every item and gate stands now. */
export async function historyOf(
  context: Context,
  { upload, run, read, past, evaluation, current, baselineRow, findings }: EvaluatedRun,
): Promise<History> {
  const { manifest } = read
  const { index, choice, baseline } = past
  const against = (found: Baseline | null, { run: name, reason }: BaselineChoice) =>
    found
      ? compareRuns(current, found.rows)
      : {
          comparison: null,
          note: reason ?? `The report of ${name} is no longer in the site.`,
          warnings: [],
        }
  const compared = against(baseline, choice)
  const comparisons = [baselineComparison(manifest.baseline, compared)]
  for (const setting of manifest.furtherBaselines) {
    const other = await readChosen(context, upload.project, past.choose(setting))
    comparisons.push(baselineComparison(setting, against(other.baseline, other.choice)))
  }
  return {
    ...compared,
    comparisons,
    tables:
      baseline && baselineRow && compared.comparison
        ? changesSince(evaluation, current, baseline.rows, baselineRow)
        : null,
    items: decideItems({
      findings: findings.raised,
      recall: findings.recall,
      evaluation,
      current,
      manifest,
      baseline: baseline?.rows ?? null,
      index,
      run,
      createdAt: upload.createdAt,
      today: context.clock().toISOString().slice(0, 10),
    }),
    gate: judgeGates({
      gates: manifest.gates,
      figures: evaluation.figures,
      rows: evaluation.evaluatedRows,
      allEqual: evaluation.structure.dimensions.collapsedCount === evaluation.dataset.dimensions,
      baseline: baseline && {
        ...baseline.rows,
        scale: evaluation.drift?.space.common?.scale ?? 1,
      },
    }),
    warnings: [
      ...compared.warnings,
      ...(evaluation.drift ? driftWarnings(evaluation.drift) : []),
      ...(choice.warning ? [choice.warning] : []),
    ],
  }
}
