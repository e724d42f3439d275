/** What a person sees while a command works: messages, and progress once it takes a while. */

import type { Log, Progress, Stage } from '../../lib/core/context.ts'

export interface Terminal {
  readonly log: Log
  readonly progress: (progress: Progress) => void
  /** A line for the reader, whatever else is on the screen. */
  readonly say: (message: string) => void
  /** Names what the progress that follows is about, and starts its clock. */
  readonly begin: (subject: string) => void
  /** Takes the progress line off the screen. */
  readonly clear: () => void
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
/** Where lines can't be redrawn, one each time that long. */
const SPARSE_MS = 10_000

const STAGES: Readonly<Record<Stage, string>> = {
  read: 'reading',
  neighbors: 'finding neighbours',
  structure: 'measuring the space',
  'trade-off': 'trying smaller vectors',
  metrics: 'computing figures',
  projection: 'drawing the map',
  findings: 'looking for findings',
  history: 'comparing with the baseline',
  render: 'writing pages',
  publish: 'publishing',
}

export function createTerminal({ stream, now, verbose }: TerminalOptions): Terminal {
  let subject = ''
  let startedAt = now()
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawnStage: Stage | null = null
  let drawn = false

  const clear = () => {
    if (drawn) stream.write('\r\x1b[2K')
    drawn = false
  }
  const say = (message: string) => {
    clear()
    stream.write(`${message}\n`)
  }
  const tell = (word: string, message: string, fields?: Record<string, unknown>) =>
    say(`${word}${message}${verbose && fields !== undefined ? ` ${JSON.stringify(fields)}` : ''}`)

  return {
    say,
    clear,
    log: {
      info: (message, fields) => {
        if (verbose) tell('', message, fields)
      },
      warn: (message, fields) => tell('warning: ', message, fields),
      error: (message, fields) => tell('error: ', message, fields),
    },
    begin: (next) => {
      clear()
      subject = next
      startedAt = now()
      drawnStage = null
      drawnAt = Number.NEGATIVE_INFINITY
    },
    progress: ({ stage, fraction }) => {
      const at = now()
      if (at - startedAt < QUIET_MS) return
      const since = at - drawnAt
      if (stream.isTTY === true ? since < REDRAW_MS : stage === drawnStage && since < SPARSE_MS)
        return
      drawnAt = at
      drawnStage = stage
      const percent = `${Math.round(100 * Math.min(1, Math.max(0, fraction)))} %`
      const elapsed = `${Math.round((at - startedAt) / 1000)} s`
      const line = `${subject}: ${STAGES[stage]}, ${percent}, ${elapsed}`
      if (stream.isTTY !== true) return void stream.write(`${line}\n`)
      clear()
      stream.write(line.slice(0, (stream.columns ?? 80) - 1))
      drawn = true
    },
  }
}
