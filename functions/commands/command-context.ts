/** The outside world of a command: this machine's clock, seeded chance, and the terminal. */

import type { Context } from '../../lib/core/context.ts'
import type { Announcer } from '../../lib/core/ending.ts'
import { seededRandom } from '../../lib/core/random.ts'
import { idKeyFrom, siteUrlFrom } from '../context.ts'
import type { Terminal } from './terminal.ts'

/** What every command is given by the command line's entry. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly verbose: boolean
  /** Writes results to stdout, and waits until they are taken. */
  readonly print: (text: string) => Promise<void>
}

export function commandContext(
  { terminal, signal }: CommandContext,
  stores: Pick<Context, 'uploads' | 'site' | 'vault'>,
  siteUrl?: string,
): Context {
  return {
    ...siteUrlFrom({ SITE_URL: siteUrl ?? process.env.SITE_URL }),
    ...idKeyFrom(process.env),
    ...stores,
    log: terminal.log,
    clock: () => new Date(),
    random: seededRandom,
    signal,
    progress: terminal.progress,
    announcers: [sayOtherName(terminal)],
  }
}

/** A command shows its result itself; what it wouldn't show is the name that the run got. */
function sayOtherName(terminal: Terminal): Announcer {
  return (ending) => {
    const { status, upload } = ending
    if (status !== 'published' || ending.run === upload) return
    terminal.say(`${upload} was published from other content, so this run is ${ending.run}`)
  }
}
