/** What an evaluation is asked for. */

import type { OwnPage } from '../../reports/render.ts'
import type { HandedOver, Waiting } from '../core/ending.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { InputFile } from '../core/table.ts'
import type { BackendChoice } from '../tensor/backend.ts'
import type { Upload } from '../upload/content.ts'
import type { ReadUpload } from '../upload/rows.ts'
import type { Overrides } from '../upload/settings.ts'

export interface EvaluationRequest {
  readonly project: string
  readonly run: string
  readonly backend: BackendChoice
  /** What the caller says instead of the manifest. */
  readonly overrides?: Overrides
  /** What the evaluation may take; four fifths of the function's or the machine's memory unless given. */
  readonly memoryLimitBytes?: number
  /** How long the upload's files must have been at rest; it waits until then. 0 unless given. */
  readonly restMs?: number
  /** The project's settings that its work was planned by, where that was done before. */
  readonly plannedSettings?: InputFile | null
  /** Pages of a team's own, beside those of the deployment. */
  readonly pages?: readonly OwnPage[]
  /** The neighbours, where they were found elsewhere; found here unless given. */
  readonly neighborhood?: () => Promise<Neighborhood>
}

/**
 * Asks on the way whether an evaluation ends early, to go on elsewhere; null: it goes on here. With
 * `never` for `H` nobody takes anything over.
 */
export interface Takeover<H extends HandedOver> {
  /** Before the upload's files are fetched. */
  readonly unread: () => Promise<Waiting | H | null>
  /** Once the rows are checked. */
  readonly read: (upload: Upload, read: ReadUpload) => Promise<H | null>
}

export const NO_TAKEOVER: Takeover<never> = {
  unread: async () => null,
  read: async () => null,
}
