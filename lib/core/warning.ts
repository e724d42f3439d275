/** What a reader of a report should know of the input and of the choices that were made for them. */

/** Something a reader should know that doesn't stop the evaluation. */
export interface Warning {
  readonly code: string
  readonly message: string
  /** How it qualifies the run's headline, as a short sentence; left out where it doesn't. */
  readonly headline?: string
}
