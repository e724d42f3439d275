/**
 * Reads a command's arguments. Node's `parseArgs` takes the words apart; what is wrong with them is told
 * here, with the nearest right spelling, which its strict mode doesn't know.
 */

import { parseArgs } from 'node:util'
import { closest, distance } from 'fastest-levenshtein'
import { UsageError } from '../../lib/core/errors.ts'
import {
  COMMANDS,
  COMMON_OPTIONS,
  type CommandDefinition,
  type CommandName,
} from './definitions.ts'

export interface Arguments {
  readonly operands: readonly string[]
  /** Value of each option that was given. */
  readonly values: Readonly<Record<string, string | undefined>>
  /** Switches that were given. */
  readonly switches: ReadonlySet<string>
}

/** The one of `known` that `word` was probably meant to be, or null where none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const typed = word.toLowerCase()
  const candidate = closest(typed, known)
  const edits = distance(typed, candidate)
  // Two swapped letters are two edits; of a short word only its first letter then says that it is meant.
  const isMeant =
    edits <= Math.max(1, candidate.length / 3) || (edits === 2 && typed[0] === candidate[0])
  return isMeant ? candidate : null
}

/** Throws `UsageError` for an unknown option, a missing value, or too many or too few operands. */
export function readArguments(name: CommandName, words: readonly string[]): Arguments {
  const command: CommandDefinition = COMMANDS[name]
  const known = { ...command.options, ...COMMON_OPTIONS }
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(known).map(([option, { value }]) => [
        option,
        { type: value === undefined ? 'boolean' : 'string' } as const,
      ]),
    ),
  })
  const usage = (message: string, hint: string | null = null) =>
    new UsageError('wrong-usage', `${name}: ${message}`, {
      hint: hint ?? `nearmiss ${name} --help says what it takes`,
    })
  const operands: string[] = []
  const values: Record<string, string> = {}
  const switches = new Set<string>()
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const definition = Object.hasOwn(known, token.name) ? known[token.name] : undefined
    if (definition === undefined) {
      const meant = nearest(token.name, Object.keys(known))
      const hint = meant === null ? null : `did you mean --${meant}?`
      throw usage(`there is no option ${token.rawName}`, hint)
    }
    if (definition.value === undefined) {
      if (token.value !== undefined) throw usage(`--${token.name} takes no value`)
      switches.add(token.name)
    } else {
      if (token.value === undefined || (!token.inlineValue && token.value.startsWith('-'))) {
        throw usage(`--${token.name} needs a value: --${token.name} ${definition.value}`)
      }
      if (token.value === '') throw usage(`the value of --${token.name} is empty`)
      values[token.name] = token.value
    }
  }
  const expected = command.operands
  const required = expected.filter((operand) => !operand.startsWith('['))
  const isFitting = operands.length >= required.length && operands.length <= expected.length
  if (!switches.has('help') && !isFitting) {
    const extra = operands[expected.length]
    throw usage(
      extra === undefined
        ? `${required[operands.length]} is missing`
        : `one argument too many: ${extra}`,
      `usage: ${['nearmiss', name, ...expected, '[options]'].join(' ')}`,
    )
  }
  return { operands, values, switches }
}

/** The option's value where it is one of `choices`; undefined where it wasn't given. */
export function choice<T extends string>(
  { values }: Arguments,
  option: string,
  choices: readonly T[],
): T | undefined {
  const value = values[option]
  if (value === undefined) return undefined
  const match = choices.find((candidate) => candidate === value)
  if (match !== undefined) return match
  const meant = nearest(value, choices)
  throw new UsageError(
    'wrong-usage',
    `--${option} is ${value}, and can be: ${choices.join(', ')}`,
    meant === null ? {} : { hint: `did you mean --${option} ${meant}?` },
  )
}
