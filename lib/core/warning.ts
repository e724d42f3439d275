/** What a reader of a report should know of the input and of the choices that were made for them. */

import type { RowsTold } from './errors.ts'
import type { IssueCode } from './issue-codes.ts'

/** Something a reader should know that doesn't stop the evaluation. */
export interface Warning extends PublishedWarning {
  readonly code: IssueCode
}

/** As a report holds it, which may be of a version with other codes. */
export interface PublishedWarning extends RowsTold {
  readonly code: string
  /** How much it matters, as docs/inputs.md says of its code; absent in older reports. */
  readonly severity?: 'warning' | 'note'
  readonly message: string
  /** How it qualifies the run's headline, as a short sentence; left out where it doesn't. */
  readonly headline?: string
  /** File name, and row, column or byte where they are known. */
  readonly where?: string
  /** What to do: of its code in general, where the message doesn't say more. */
  readonly hint?: string
}
