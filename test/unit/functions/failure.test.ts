import { describe, expect, it } from 'vitest'
import { describeFailure } from '../../../functions/commands/failure.ts'
import { CancelledError, InputError, StoreError, UsageError } from '../../../lib/core/errors.ts'

describe('a failure in the terminal', () => {
  it('tells every issue of an input with its place and remedy, and exits 2', () => {
    const issue = (name: string) => ({
      code: 'row-count' as const,
      message: `${name}: 3 rows and 4 labels`,
      where: 'labels.csv, row 4',
      hint: 'remove a label',
    })
    const { text, exitCode } = describeFailure(new InputError(issue('a'), [issue('b')]), false)
    expect(exitCode).toBe(2)
    expect(text).toBe(
      [
        "nearmiss: the input can't be evaluated: a: 3 rows and 4 labels",
        '  where  labels.csv, row 4',
        '  try    remove a label',
        'also: b: 3 rows and 4 labels',
        '  where  labels.csv, row 4',
        '  try    remove a label',
      ].join('\n'),
    )
  })

  it('tells a long remedy once where several issues in a row have it', () => {
    const issue = (message: string, hint: string) => ({
      code: 'row-count' as const,
      message,
      where: 'x',
      hint,
    })
    const known = `Known here: ${'model, '.repeat(20)}k.`
    const rest = [issue('b', known), issue('c', 'Remove it.'), issue('d', known)]
    const { text } = describeFailure(new InputError(issue('a', known), rest), false)
    expect(text.match(/ {2}try {4}.*/g)).toEqual(
      [known, 'as above', 'Remove it.', known].map((hint) => `  try    ${hint}`),
    )
  })

  it.each([
    [new UsageError('wrong-usage', 'no such thing'), 64],
    [new StoreError('store', 'the disk is gone'), 70],
    [new CancelledError(), 130],
    [new TypeError('x is not a function'), 70],
  ])('exits with the status that fits: %s', (error, exitCode) => {
    expect(describeFailure(error, false).exitCode).toBe(exitCode)
  })

  it('keeps the stack of a fault for those who ask for it', () => {
    const fault = new TypeError('x is not a function')
    expect(describeFailure(fault, false).text).toContain('unexpected error: x is not a function')
    expect(describeFailure(fault, false).text).not.toContain('    at ')
    expect(describeFailure(fault, false).text).toContain('--verbose')
    expect(describeFailure(fault, true).text).toContain('    at ')
  })

  it('names the place that the operating system refuses', () => {
    const refused = Object.assign(new Error('EACCES'), { code: 'EACCES', path: '/readonly/x' })
    expect(describeFailure(refused, false).text).toContain('no permission to use /readonly/x')
  })
})
