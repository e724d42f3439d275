/** What ends a run: `run.json`, and `error.json` where an upload cannot be evaluated. */

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
  readonly issues: readonly {
    readonly code: string
    readonly message: string
    readonly where: string
    readonly hint: string
  }[]
}
