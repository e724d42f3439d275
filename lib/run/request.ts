/** What an evaluation is asked for, and how it can end. */

import type { OwnPage } from '../../reports/render.ts'
import type { Issue } from '../core/errors.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { Report } from '../core/report.ts'
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

/** A request that may end early, for the evaluation to go on elsewhere. */
export interface ShortenedRequest extends EvaluationRequest {
  /** Asked once the rows are checked: whether it ends here. */
  readonly handOver: (upload: Upload, read: ReadUpload) => Promise<boolean>
}

export type Outcome =
  /** The run is complete in the site; `alreadyPublished` where the same upload had been evaluated before. */
  | {
      readonly status: 'published'
      readonly run: string
      readonly report: Report
      readonly alreadyPublished: boolean
    }
  /** The upload can't be evaluated; its error page is published. */
  | { readonly status: 'failed'; readonly run: string; readonly issues: readonly Issue[] }
  /** Something of it hasn't arrived yet; nothing is published. */
  | { readonly status: 'waiting'; readonly missing: string }

/** The evaluation goes on elsewhere, and nothing is published here. */
export interface HandedOver {
  readonly status: 'handed-over'
  readonly run: string
}
