/** The errors that callers tell apart: what went wrong, where, and what to do about it. */

import type { IssueCode } from './issue-codes.ts'

export interface ErrorDetails {
  /** What the reader can do about it; one or two sentences. */
  readonly hint?: string
  readonly cause?: unknown
}

/** Base of every error that nearmiss raises on purpose. */
export abstract class NearmissError extends Error {
  /** Stable, kebab-case: programs match on it, people search for it. */
  readonly code: string
  readonly hint: string | undefined
  /** Whether the same call may succeed later without anything being changed. */
  abstract readonly retryable: boolean
  /** The command line's exit status for it. */
  abstract readonly exitCode: number

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.code = code
    this.hint = details.hint
  }
}

/** The upload can't be evaluated as it is. Never retried: it becomes an error page. */
export class InputError extends NearmissError {
  readonly retryable = false
  readonly exitCode = 2
  /** Everything that was found wrong, this error's own message first. */
  readonly issues: readonly Issue[]

  constructor(issue: Issue, others: readonly Issue[] = []) {
    const issues = [issue, ...others].map(withShortMessage)
    super(issue.code, issues[0]!.message, { hint: issue.hint })
    this.issues = issues
  }
}

/** Characters of a message: what it quotes may be as long as somebody likes. */
export const LONGEST_MESSAGE = 600

/** Characters that stay of a name or an entry in a text that is too long. */
const LONGEST_WORD = 60
const QUOTED = /"(?:[^"\\]|\\.)*"/gs
const CHARACTERS = new RegExp(String.raw`^(?:[^\\]|\\u[0-9a-f]{4}|\\.){0,${LONGEST_WORD}}`, 'is')

/** The same; its texts are cut where what they quote made them too long to be read: first what is quoted. */
export function withShortMessage<
  T extends { readonly message: string; readonly where?: string; readonly hint?: string },
>(told: T): T {
  const { message, where, hint } = told
  if ([message, where, hint].every((text) => (text ?? '').length < LONGEST_MESSAGE)) return told
  return {
    ...told,
    message: shortText(message),
    ...(where === undefined ? {} : { where: shortText(where) }),
    ...(hint === undefined ? {} : { hint: shortText(hint) }),
  }
}

function shortText(text: string): string {
  if (text.length < LONGEST_MESSAGE) return text
  const short = text.replace(QUOTED, (quoted) => {
    const inside = quoted.slice(1, -1)
    const start = CHARACTERS.exec(inside)![0]
    return start === inside ? quoted : `"${start}…"`
  })
  if (short.length < LONGEST_MESSAGE) return short
  return `${short.slice(0, LONGEST_MESSAGE - 2)}…`
}

/** Which rows an issue or a warning is about, where it is about some of them. */
export interface RowsTold {
  /** How many they are. */
  readonly rowCount?: number
  /** Ids of the first, or their numbers counted from 0 where rows have no ids, or none that is published. */
  readonly rows?: readonly string[]
}

/** Rows that an issue or a warning names. */
const MOST_ROWS = 10

/** @param names of all rows that it is about */
export function someRows(names: readonly string[]): RowsTold {
  return names.length === 0 ? {} : { rowCount: names.length, rows: names.slice(0, MOST_ROWS) }
}

/** Something wrong with an upload: a message that holds both values that disagree, and a remedy. */
export interface Issue extends RowsTold {
  readonly code: IssueCode
  readonly message: string
  /** File name, and row, column or byte where they are known, as a person would write it. */
  readonly where: string
  readonly hint: string
}

/** The command was called wrongly. */
export class UsageError extends NearmissError {
  readonly retryable = false
  readonly exitCode = 64
}

/** The store or the network failed; the same call may work later. */
export class StoreError extends NearmissError {
  readonly retryable = true
  readonly exitCode = 70
}

/** A conditional write lost: the object changed, or exists already. */
export class PreconditionFailedError extends NearmissError {
  readonly retryable = false
  readonly exitCode = 70
}

/**
 * The store can't do it, and won't until a person changes something: a permission, a bucket's name,
 * an index that can't be read, a run that exists with other content.
 */
export class StoreRefusedError extends NearmissError {
  readonly retryable = false
  readonly exitCode = 64
}

/** What was asked for can't run on this machine, such as a backend whose library doesn't load. */
export class UnavailableError extends NearmissError {
  readonly retryable = false
  readonly exitCode = 64
}

/** The caller asked to stop (Ctrl-C, or a function that is about to run out of time). */
export class CancelledError extends NearmissError {
  readonly retryable = true
  readonly exitCode = 130

  constructor(message = 'stopped before the evaluation was finished') {
    super('cancelled', message)
  }
}

/** Throws `CancelledError` once the signal is aborted; loops call it between tiles. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError()
}
