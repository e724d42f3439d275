/** A log whose lines say what they are about: fields that are bound once are in each of them. */

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/**
 * The log with `fields` in each line; a line's own fields come before them. What is put into `fields` later
 * is in the lines from then on.
 */
export function withFields(log: Log, fields: object): Log {
  return {
    info: (message, own) => log.info(message, { ...fields, ...own }),
    warn: (message, own) => log.warn(message, { ...fields, ...own }),
    error: (message, own) => log.error(message, { ...fields, ...own }),
  }
}

/** Fields by which the lines of one run are found, whichever function wrote them. */
export interface RunFields {
  readonly tenant: string | null
  readonly project: string
  readonly run: string
  /** Known once the files are listed and read. */
  contentId?: string
}
