/** How an error reads in the terminal: what, where, what to do; and the exit status it ends with. */

import { InputError, type Issue, NearmissError } from '../../lib/core/errors.ts'
import { logLine, logLines } from '../../lib/core/escape.ts'

/** A remedy that is longer, in characters, isn't told twice in a row. */
const LONG_HINT = 80

export interface Failure {
  readonly text: string
  readonly exitCode: number
}

/** A fault that nearmiss doesn't know is told with its stack only where `verbose` asks for it. */
export function describeFailure(error: unknown, verbose: boolean): Failure {
  if (error instanceof InputError) return { text: describeIssues(error.issues), exitCode: 2 }
  if (error instanceof NearmissError) {
    const hint = error.hint === undefined ? [] : [`  try    ${logLine(error.hint)}`]
    const cause =
      verbose && error.cause instanceof Error
        ? [`  cause  ${logLines(String(error.cause.stack))}`]
        : []
    return {
      text: [`nearmiss: ${logLine(error.message)}`, ...hint, ...cause].join('\n'),
      exitCode: error.exitCode,
    }
  }
  const fault = error instanceof Error ? error : new Error(String(error))
  const system = systemFault(fault)
  if (system !== null && !verbose) return { text: system, exitCode: 70 }
  return {
    text: [
      `nearmiss: unexpected ${verbose ? logLines(fault.stack ?? fault.message) : `error: ${logLine(fault.message)}`}`,
      '  try    the same with --verbose, and report what it prints with the output of nearmiss doctor',
      '         where you got nearmiss from: it is our fault, not yours',
    ].join('\n'),
    exitCode: 70,
  }
}

/** Every issue with its place and remedy. */
function describeIssues(issues: readonly Issue[]): string {
  return issues
    .map(({ message, where, hint }, index) =>
      [
        index === 0
          ? `nearmiss: the input can't be evaluated: ${logLine(message)}`
          : `also: ${logLine(message)}`,
        `  where  ${logLine(where)}`,
        `  try    ${isRepeat(hint, issues[index - 1]) ? 'as above' : logLine(hint)}`,
      ].join('\n'),
    )
    .join('\n')
}

/** Twenty unknown keys have one list of those that are known. */
function isRepeat(hint: string, before: Issue | undefined): boolean {
  return hint.length > LONG_HINT && hint === before?.hint
}

/** What the operating system refuses is neither the input's fault nor a mystery. */
function systemFault(error: Error & { code?: unknown; path?: unknown }): string | null {
  const place = typeof error.path === 'string' ? logLine(error.path) : 'the file'
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `nearmiss: no permission to use ${place}\n  try    another folder, or its permissions`
    case 'ENOSPC':
      return `nearmiss: the disk is full (${place})\n  try    another folder, or make room`
    default:
      return null
  }
}
