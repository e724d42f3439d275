/** What the list says of a code of an issue or a warning. */

/**
 * `error`: nothing is evaluated; `warning`: it is evaluated, and the figures or what they stand for may
 * not be what was meant; `note`: a choice that was made for whoever sent the files, or a thing left out.
 */
export type Severity = 'error' | 'warning' | 'note'

export interface CodeRecord {
  readonly severity: Severity
  /** A sentence. */
  readonly means: string
  /** What to do; a sentence or two. */
  readonly remedy: string
  /** Whether the message says as much itself, with the names that it is about. */
  readonly isInMessage?: true
}

export const error = record('error')
export const warning = record('warning')
export const note = record('note')

function record(severity: Severity) {
  return (means: string, remedy: string): CodeRecord => ({ severity, means, remedy })
}

/** Of a code whose messages say what to do themselves. */
export function toldInMessage(code: CodeRecord): CodeRecord {
  return { ...code, isInMessage: true }
}
