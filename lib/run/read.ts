/** The first step of an evaluation: from the files of an upload to its rows, and the runs before it. */

import { mapRows } from '../projection/map.ts'
import type { Upload } from '../upload/content.ts'
import { checkMemory, type EvaluationSize, usableMemory } from '../upload/memory-limit.ts'
import { type ReadUpload, readUpload } from '../upload/rows.ts'
import { type Past, readPast } from './past.ts'
import type { EvaluationRequest } from './request.ts'
import type { StageContext } from './stages.ts'

/** All that an evaluation is made from. */
export interface RunInput extends ReadUpload {
  readonly upload: Upload
  /** The name that the run will have. */
  readonly run: string
  readonly past: Past
  /** What the evaluation may take. */
  readonly limitBytes: number
}

/** The rows of an upload; null where labels haven't arrived yet. */
export function readRows(
  { stage }: StageContext,
  upload: Upload,
  { overrides = {} }: EvaluationRequest,
): Promise<ReadUpload | null> {
  return stage('read', () => readUpload(upload, overrides))
}

/** @throws InputError `too-large` where the evaluation takes more memory than it may */
export async function readInput(
  context: StageContext,
  upload: Upload,
  run: string,
  read: ReadUpload,
  { memoryLimitBytes: limitBytes = usableMemory() }: EvaluationRequest,
): Promise<RunInput> {
  checkMemory(sizeOf(read), limitBytes, upload.parts?.vectors ?? '')
  const past = await context.stage('baseline', () => readPast(context, upload, run, read))
  return { ...read, upload, run, past, limitBytes }
}

/** How large an evaluation is. */
export function sizeOf({ dataset, manifest }: ReadUpload): EvaluationSize {
  const { rows, dimensions, classes } = dataset
  return { rows, dimensions, classes: classes.length, mapRows: mapRows(manifest.maps, rows) }
}
