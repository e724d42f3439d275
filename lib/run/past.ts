/** The runs before this one, and which of them it is held against. */

import type { Context } from '../core/context.ts'
import { NearmissError } from '../core/errors.ts'
import type { ProjectIndex } from '../core/project-index.ts'
import { type BaselineChoice, chooseBaseline } from '../history/baseline.ts'
import { inFormsOf } from '../history/label-forms.ts'
import { type Matching, matchRows } from '../history/run-rows.ts'
import type { VectorsAtHand } from '../history/vector-sample.ts'
import { readIndex } from '../publish/index-object.ts'
import { type Baseline, readBaseline } from '../site/runs.ts'
import type { Upload } from '../upload/content.ts'
import type { ReadUpload } from '../upload/rows.ts'
import { readBaselineVectors } from './baseline-vectors.ts'
import { comparableRun } from './run-report.ts'

/** A run that this one is compared with. */
export interface Predecessor {
  readonly choice: BaselineChoice
  readonly baseline: Baseline | null
  /** Which of its rows are this run's; null without a baseline. */
  readonly matching: Matching | null
}

export interface Past extends Predecessor {
  /** Null before the project's first run. */
  readonly index: ProjectIndex | null
  /** For each row of this run its row in the baseline, −1 for none; null where rows can't be matched. */
  readonly baselineRow: Int32Array | null
  /** Null without a baseline. */
  readonly vectors: VectorsAtHand | null
  /**
   * Reads the run that another setting of the manifest chooses, when it is needed: several at once
   * would take memory beside the vectors.
   */
  readonly further: (setting: string) => Promise<Predecessor>
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
  const labels = Array.from(dataset.labels, (label) => dataset.classes[label]!)
  const further = async (setting: string): Promise<Predecessor> => {
    const choice = chooseBaseline(index, setting, run, createdAt, like)
    const predecessor = await readChosen(context, project, choice)
    const baseline = predecessor.baseline && {
      ...predecessor.baseline,
      rows: inFormsOf(labels, predecessor.baseline.rows),
    }
    return {
      ...predecessor,
      baseline,
      matching: baseline && matchRows({ ...dataset, labels }, baseline.rows),
    }
  }
  const predecessor = await further(manifest.baseline)
  const { baseline, matching } = predecessor
  const baselineRow = matching && 'baselineRow' in matching ? matching.baselineRow : null
  const vectors =
    baseline && (await readBaselineVectors(context, project, read, baseline, baselineRow))
  return { ...predecessor, index, baselineRow, vectors, further }
}

/** The chosen run; one whose files can't be read is told of, and stops no later run. */
async function readChosen(
  context: Context,
  project: string,
  choice: BaselineChoice,
): Promise<Omit<Predecessor, 'matching'>> {
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
