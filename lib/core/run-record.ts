/** What ends a run: `run.json`, and `error.json` where an upload cannot be evaluated. */

import type { RowsTold } from './errors.ts'
import type { SeenField } from './seen.ts'

/** `runs/<run>/run.json`: written last; it means that the run is complete. */
export interface RunRecord {
  readonly schema: 'nearmiss.run/1'
  readonly project: string
  readonly run: string
  readonly status: 'published' | 'failed'
  readonly createdAt: string
  readonly contentId: string
}

/** What an upload that can't be evaluated publishes instead of a report: `error.json` and its page. */
export interface FailedRun {
  readonly schema: 'nearmiss.error/1'
  readonly project: string
  readonly run: string
  readonly createdAt: string
  readonly contentId: string
  readonly files: readonly { readonly name: string; readonly byteLength: number }[]
  /** What was seen of the files as far as they were read; absent where nothing was, or nothing of it may be told. */
  readonly seen?: readonly {
    readonly source: string
    readonly format: string
    readonly fields: readonly Pick<SeenField, 'name' | 'type' | 'shape'>[]
    /** Fields that aren't told. */
    readonly more: number
  }[]
  readonly issues: readonly (RowsTold & {
    readonly code: string
    readonly message: string
    readonly where: string
    readonly hint: string
  })[]
}
