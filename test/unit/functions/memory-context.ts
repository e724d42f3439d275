/** A context on memory, with what was logged. */

import { jsonLog } from '../../../functions/function-log.ts'
import { announceToLog } from '../../../lib/announce/log.ts'
import type { Context } from '../../../lib/core/context.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly [field: string]: unknown
}

export function memoryContext(signal = new AbortController().signal): {
  context: Context
  lines: LogLine[]
} {
  const lines: LogLine[] = []
  const log = jsonLog((line) => lines.push(JSON.parse(line) as LogLine))
  const context: Context = {
    uploads: memoryStore('uploads'),
    site: memoryStore('site'),
    vault: memoryStore('vault'),
    log,
    clock: () => new Date('2026-03-02T09:00:00Z'),
    random: seededRandom,
    signal,
    progress: () => {},
    announcers: [announceToLog],
  }
  return { context, lines }
}

/** The same for several uploads: each object of theirs is a minute newer than the one before. */
export function uploadsContext(): Context {
  let minutes = 0
  const time = () => new Date(Date.UTC(2026, 0, 1, 0, minutes++))
  return { ...memoryContext().context, uploads: memoryStore('uploads', time) }
}
