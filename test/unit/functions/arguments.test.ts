import { describe, expect, it } from 'vitest'
import { choice, nearest, readArguments } from '../../../functions/commands/arguments.ts'
import { BACKENDS } from '../../../functions/commands/definitions.ts'
import { commandHelp } from '../../../functions/commands/help.ts'
import { UsageError } from '../../../lib/core/errors.ts'
import { READ_EXTENSIONS } from '../../../lib/core/format-of.ts'

/** What a wrong call is told: message and hint. */
function told(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof UsageError) return `${error.message} | ${error.hint}`
    throw error
  }
  return 'nothing'
}

describe('reading arguments', () => {
  it('takes operands, values and switches in any order', () => {
    const args = readArguments('report', ['--json', 'a.npz', '--out', 'site', '--metric=cosine'])
    expect(args.operands).toEqual(['a.npz'])
    expect(args.values).toEqual({ out: 'site', metric: 'cosine' })
    expect([...args.switches]).toEqual(['json'])
  })

  it('takes everything after -- as an operand', () => {
    expect(readArguments('report', ['--', '-odd.npz']).operands).toEqual(['-odd.npz'])
  })

  it.each([
    [['a.npz', '--metrc', 'cosine'], 'there is no option --metrc', 'did you mean --metric?'],
    [['a.npz', '-x'], 'there is no option -x', '--help'],
    [['a.npz', '--out'], '--out needs a value: --out SITE', '--help'],
    [['a.npz', '--out', '--json'], '--out needs a value: --out SITE', '--help'],
    [['a.npz', '--out='], 'the value of --out is empty', '--help'],
    [['a.npz', '--json=yes'], '--json takes no value', '--help'],
    [[], 'INPUT is missing', 'usage: nearmiss report INPUT'],
    [['a.npz', 'b.npz'], 'one argument too many: b.npz', 'usage: nearmiss report INPUT'],
    [['a.npz', '--constructor', 'x'], 'there is no option --constructor', '--help'],
  ])('tells what is wrong with %j', (words, message, hint) => {
    const answer = told(() => readArguments('report', words))
    expect(answer).toContain(message)
    expect(answer).toContain(hint)
  })

  it('needs no operand where help is asked for', () => {
    expect(readArguments('compare', ['--help']).switches.has('help')).toBe(true)
  })

  it('names the choices and the nearest of them', () => {
    const args = readArguments('report', ['a.npz', '--backend', 'tfjs-nod'])
    const answer = told(() => choice(args, 'backend', BACKENDS))
    expect(answer).toContain('--backend is tfjs-nod')
    expect(answer).toContain('auto, tfjs-node-gpu, tfjs-node, wasm')
    expect(answer).toContain('did you mean --backend tfjs-node?')
  })
})

describe('the help', () => {
  it('names the formats that are read', () => {
    const named = commandHelp('report')
      .match(/\(\.npz[^)]*\)/)?.[0]
      .match(/\.\w+/g)
    expect(named).toEqual(READ_EXTENSIONS)
  })
})

describe('the nearest word', () => {
  it('is found despite a slip, whatever its case', () => {
    expect(nearest('Reprot', ['report', 'serve'])).toBe('report')
  })

  it('is null where nothing is near', () => {
    expect(nearest('banana', ['report', 'serve'])).toBeNull()
  })
})
