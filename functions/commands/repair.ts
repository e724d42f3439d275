/** `nearmiss repair` and `nearmiss verify`: the site made right from its runs, and what would be done. */

import { logLine } from '../../lib/core/escape.ts'
import { countOf } from '../../lib/core/words.ts'
import { repairSite } from '../../lib/site/repair.ts'
import type { Arguments } from './arguments.ts'
import { type CommandContext, commandContext } from './command-context.ts'
import { openPlace } from './site.ts'

const PROBLEM_STATUS = 1

/** Resolves to 1 where something could not be mended. */
export async function repair(args: Arguments, command: CommandContext): Promise<number> {
  const { problems } = await run(args, command, false)
  return problems.length === 0 ? 0 : PROBLEM_STATUS
}

/** Resolves to 1 where a repair would change something, or couldn't mend it. */
export async function verify(args: Arguments, command: CommandContext): Promise<number> {
  const { written, deleted, problems } = await run(args, command, true)
  return written.length + deleted.length + problems.length === 0 ? 0 : PROBLEM_STATUS
}

async function run(args: Arguments, command: CommandContext, dryRun: boolean) {
  const { uploadsPlace: _, ...stores } = await openPlace(args.operands[0])
  const context = commandContext(command, stores, args.values['site-url'])
  const result = await repairSite(context, { dryRun })
  const { written, deleted, problems } = result
  const lines = [
    ...written.map((key) => `write   ${key}`),
    ...deleted.map((key) => `delete  ${key}`),
    ...problems.map((problem) => `look    ${problem}`),
  ]
  await command.print(lines.map((line) => `${logLine(line)}\n`).join(''))
  const [write, remove] = [countOf(written.length, 'object'), String(deleted.length)]
  command.terminal.say(
    lines.length === 0
      ? `${context.site.name} is as its runs say`
      : `${context.site.name}: ${dryRun ? `a repair would write ${write} and delete ${remove}` : `wrote ${write} and deleted ${remove}`}` +
          (problems.length === 0
            ? ''
            : `; ${countOf(problems.length, 'problem is', 'problems are')} for a person`),
  )
  return result
}
