/** Help texts, made from the definitions. */

import { COMMAND_NAMES, COMMANDS, COMMON_OPTIONS, type CommandDefinition } from './definitions.ts'

const EXIT_STATUS = `Exit status
  0 fine, 1 a gate failed, 2 the input can't be evaluated, 3 a gate can't be judged,
  64 wrong usage, 70 our fault, 130 stopped with Ctrl-C`

export function generalHelp(): string {
  const commands = COMMAND_NAMES.map((name): [string, string] => [
    [name, ...COMMANDS[name].operands].join(' '),
    COMMANDS[name].summary,
  ])
  return `nearmiss: embedding evaluation that ends in action

Usage: nearmiss COMMAND …

${columns(commands)}

Start here
  nearmiss serve                               the bundled samples, in a browser
  nearmiss report my-embeddings.npz            a report of your own file
  nearmiss COMMAND --help                      what a command takes

Results go to stdout, progress and messages to stderr.

${EXIT_STATUS}
`
}

export function commandHelp(name: (typeof COMMAND_NAMES)[number]): string {
  const command: CommandDefinition = COMMANDS[name]
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(
    ([option, { value, help }]): [string, string] => [
      `--${option}${value === undefined ? '' : ` ${value}`}`,
      help,
    ],
  )
  return `nearmiss ${name}: ${command.summary}

Usage: ${[`nearmiss ${name}`, ...command.operands, '[options]'].join(' ')}

${command.details.join('\n')}

Options
${columns(options)}

${command.examples.length === 1 ? 'Example' : 'Examples'}
${command.examples.map((example) => `  ${example}`).join('\n')}

${EXIT_STATUS}
`
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
