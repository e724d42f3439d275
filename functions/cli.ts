#!/usr/bin/env node

/** The command `nearmiss`: reads the arguments, runs one command, and ends with its exit status. */

import { UsageError } from '../lib/core/errors.ts'
import packageJson from '../package.json' with { type: 'json' }
import { type Arguments, nearest, readArguments } from './commands/arguments.ts'
import type { CommandContext } from './commands/command-context.ts'
import { COMMAND_NAMES, type CommandName } from './commands/definitions.ts'
import { describeFailure } from './commands/failure.ts'
import { commandHelp, generalHelp } from './commands/help.ts'
import { createTerminal } from './commands/terminal.ts'

/** Resolves to the exit status. */
async function run(words: readonly string[], context: CommandContext): Promise<number> {
  const [first, ...rest] = words
  if (first === undefined || first === '--help' || first === '-h') return show(generalHelp())
  if (first === '--version' || first === '-v') return show(`${packageJson.version}\n`)
  if (first === 'help')
    return show(rest[0] === undefined ? generalHelp() : commandHelp(commandNamed(rest[0])))
  const name = commandNamed(first)
  const args = readArguments(name, rest)
  if (args.switches.has('help')) return show(commandHelp(name))
  return command(name, args, context)

  async function show(text: string): Promise<number> {
    await context.print(text)
    return 0
  }
}

/** Each command's code is loaded only when it is asked for. */
async function command(
  name: CommandName,
  args: Arguments,
  context: CommandContext,
): Promise<number> {
  switch (name) {
    case 'report':
      return (await import('./commands/report.ts')).report(args, context)
    case 'serve':
      return (await import('./commands/serve.ts')).serve(args, context)
    case 'gate':
      return (await import('./commands/gate.ts')).gate(args, context)
    case 'compare':
      return (await import('./commands/compare.ts')).compare(args, context)
    case 'delete':
      return (await import('./commands/delete.ts')).deleteCommand(args, context)
    case 'repair':
      return (await import('./commands/repair.ts')).repair(args, context)
    case 'verify':
      return (await import('./commands/repair.ts')).verify(args, context)
    case 'doctor':
      return args.operands.length === 0
        ? (await import('./commands/doctor.ts')).doctor(args, context)
        : (await import('./commands/doctor-input.ts')).doctorInput(args, context)
  }
}

function commandNamed(word: string): CommandName {
  const command = COMMAND_NAMES.find((name) => name === word)
  if (command !== undefined) return command
  const meant = nearest(word, COMMAND_NAMES)
  const hint = /[./\\]/.test(word)
    ? `nearmiss report ${word}`
    : meant === null
      ? `the commands are: ${COMMAND_NAMES.join(', ')}`
      : `did you mean nearmiss ${meant}?`
  if (word.startsWith('-')) {
    throw new UsageError('wrong-usage', `the command comes before ${word}`, {
      hint: 'nearmiss --help says which there are',
    })
  }
  throw new UsageError('wrong-usage', `there is no command ${word}`, { hint })
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

// A reader such as `head` that has seen enough isn't a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 70)
})

const words = process.argv.slice(2)
const verbose = words.includes('--verbose') || Boolean(process.env.NEARMISS_DEBUG)
const terminal = createTerminal({ stream: process.stderr, now: () => performance.now(), verbose })
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time, whatever still runs is not waited for.
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  })
}

try {
  process.exitCode = await run(words, { terminal, signal: stop.signal, verbose, print })
} catch (error) {
  terminal.clear()
  const { text, exitCode } = describeFailure(error, verbose)
  process.stderr.write(`${text}\n`)
  process.exitCode = exitCode
}
terminal.clear()
process.exit()
