/** What a person sees while a command works: messages, and progress once it takes a while. */

import type { Progress } from '../../lib/core/context.ts'
import { logJson, logLine, logLines, visible } from '../../lib/core/escape.ts'
import type { Log } from '../../lib/core/log.ts'
import { STAGE_WORDS, STAGES, type Stage } from '../../lib/core/stage.ts'

export interface Terminal {
  readonly log: Log
  readonly progress: (progress: Progress) => void
  /** Told of bytes that came over the network. */
  readonly received: (byteLength: number) => void
  /** A line for the reader, whatever else is on the screen. */
  readonly say: (message: string) => void
  /**
   * Names what the progress that follows is about, and starts its clock.
   *
   * @param mostBytes what may come over the network, where that is known
   */
  readonly begin: (subject: string, mostBytes?: number) => void
  /** Takes the progress line off the screen. */
  readonly clear: () => void
  /** How many errors were told: who says that all went well should know. */
  readonly errors: () => number
}

export interface TerminalOptions {
  readonly stream: {
    write(text: string): unknown
    readonly isTTY?: boolean
    readonly columns?: number
  }
  /** In milliseconds, from any start. */
  readonly now: () => number
  readonly verbose: boolean
}

/** Nothing is said about work that is done by then. */
const QUIET_MS = 2_000
const REDRAW_MS = 100
/** Where lines can't be redrawn, one each time that long, or for a stage that doesn't follow at once. */
const SPARSE_MS = 10_000
const NEXT_STAGE_MS = 2_000
/** What is left of a stage is told by how far it came, once that says something. */
const LEAST_FRACTION = 0.05
const LEAST_ESTIMATED_MS = 2_000
/** Characters of the subject that are kept where the line is cut to fit. */
const LEAST_SUBJECT = 12
/** What comes over the network comes before the stages, and in the first of them. */
const FETCHING = 'fetching'

export function createTerminal({ stream, now, verbose }: TerminalOptions): Terminal {
  let subject = ''
  let startedAt = now()
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawnStage: Stage | typeof FETCHING | null = null
  let isDrawn = false
  let stageNow: Stage | null = null
  let stageStartedAt = now()
  let errors = 0
  let receivedBytes = 0
  let mostReceivedBytes = 0

  const clear = () => {
    if (isDrawn) stream.write('\r\x1b[2K')
    isDrawn = false
  }
  const say = (message: string) => {
    clear()
    stream.write(`${logLines(message)}\n`)
  }
  const tell = (word: string, message: string, fields?: Record<string, unknown>) =>
    say(
      `${word}${logLine(message)}${verbose && fields !== undefined ? ` ${logJson(JSON.stringify(fields))}` : ''}`,
    )

  /** Draws a line, unless it is too early for one, or for the next. */
  const draw = (stage: Stage | typeof FETCHING, says: () => readonly string[]) => {
    const at = now()
    if (at - startedAt < QUIET_MS) return
    const since = at - drawnAt
    const pause = stage === drawnStage ? SPARSE_MS : NEXT_STAGE_MS
    if (since < (stream.isTTY === true ? REDRAW_MS : pause)) return
    drawnAt = at
    drawnStage = stage
    const line = `: ${[...says(), `${duration(at - startedAt)} so far`].join(', ')}`
    if (stream.isTTY !== true) return void stream.write(`${subject}${line}\n`)
    clear()
    const columns = (stream.columns ?? 80) - 1
    const room = Math.max(LEAST_SUBJECT, columns - line.length)
    const name = subject.length <= room ? subject : `…${subject.slice(1 - room)}`
    stream.write(`${name}${line}`.slice(0, columns))
    isDrawn = true
  }

  return {
    say,
    clear,
    errors: () => errors,
    log: {
      info: (message, fields) => {
        if (verbose) tell('', message, fields)
      },
      warn: (message, fields) => tell('warning: ', message, fields),
      error: (message, fields) => {
        errors++
        tell('error: ', message, fields)
      },
    },
    begin: (next, mostBytes = 0) => {
      clear()
      subject = visible(next)
      startedAt = now()
      stageNow = null
      receivedBytes = 0
      mostReceivedBytes = mostBytes
      drawnStage = null
      drawnAt = Number.NEGATIVE_INFINITY
    },
    progress: ({ stage, fraction }) => {
      const at = now()
      if (stage !== stageNow) {
        stageNow = stage
        stageStartedAt = at
      }
      draw(stage, () => [
        `${STAGE_WORDS[stage]} (${STAGES.indexOf(stage) + 1} of ${STAGES.length})`,
        ...howFar(fraction, at - stageStartedAt),
      ])
    },
    received: (byteLength) => {
      receivedBytes += byteLength
      const isKnown = mostReceivedBytes >= receivedBytes
      const most = isKnown ? ` of ${megabytes(mostReceivedBytes)} at most` : ''
      draw(FETCHING, () => [`${FETCHING} ${megabytes(receivedBytes)}${most}`])
    },
  }
}

function megabytes(byteLength: number): string {
  return byteLength < 1e9
    ? `${Math.floor(byteLength / 1e6)} MB`
    : `${(byteLength / 1e9).toFixed(2)} GB`
}

/** How much of a stage is done and what is left of it; nothing where the stage doesn't tell. */
function howFar(fraction: number, elapsedMs: number): string[] {
  const done = Math.min(1, Math.max(0, fraction))
  if (done === 0) return []
  const percent = `${Math.round(100 * done)} %`
  if (done < LEAST_FRACTION || done === 1 || elapsedMs < LEAST_ESTIMATED_MS) return [percent]
  return [percent, `about ${duration((elapsedMs * (1 - done)) / done)} more`]
}

function duration(elapsedMs: number): string {
  const seconds = Math.max(1, Math.round(elapsedMs / 1000))
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
