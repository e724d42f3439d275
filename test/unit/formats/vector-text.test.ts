/** Vectors written in one cell: forms, what is none, and texts made to take long. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readVectorText } from '../../../lib/formats/vector-text.ts'

describe('forms', () => {
  test.each([
    ['[0.5, nan, None, -inf]', [0.5, Number.NaN, Number.NaN, -Infinity]],
    ['{0.5,NULL,3}', [0.5, Number.NaN, 3]],
    ['{1:0.5,3:-2}/5', [0.5, 0, -2, 0, 0]],
    ['{}/2', [0, 0]],
    ['(1,)', [1]],
    ['[[0.5 -1.]]', [0.5, -1]],
    ['[0, 1, 007]', [0, 1, 7]],
    ['array([0.5, -1.], shape=(2,), dtype=float32)', [0.5, -1]],
    ["tensor([0.5, -1.], device='cuda:0', grad_fn=<StackBackward0>)", [0.5, -1]],
    ['0.5 -1 2 3 4', [0.5, -1, 2, 3, 4]],
    ['0.5;-1;2;3;4', [0.5, -1, 2, 3, 4]],
    ['0.5|-1|2|3|4', [0.5, -1, 2, 3, 4]],
  ])('%s', (text, values) => {
    expect(readVectorText(text)).toEqual({ values })
  })

  test.each([
    '[0x10, 1]',
    '[1, , 2]',
    '[1, b]',
    '[1_000, 2]',
    '{0:1}/3',
    '{4:1}/3',
    '{1:1}/999999',
    '1 2 3 4',
    'array(1)',
    '[1, 2',
  ])('%s is none', (text) => {
    expect(readVectorText(text)).toMatchObject({ problem: 'not a vector' })
  })

  test('any list of doubles reads back as JSON has it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        expect(readVectorText(JSON.stringify(values))).toEqual({
          values: values.map((value) => (Object.is(value, -0) ? 0 : value)),
        })
      }),
      { numRuns: 200, seed: 14 },
    )
  })
})

describe('a text of a megabyte is refused at once', () => {
  // Each took minutes, or more than the age of the universe, where a text was tried in more than one way.
  test.each([
    ['arguments', `tensor([1]${',dtype=a'.repeat(125_000)}x)`],
    ['spaces inside', `[1${' '.repeat(1_000_000)}x]`],
    ['brackets', `${'['.repeat(1_000_000)}x`],
    ['digits', `[${'1'.repeat(1_000_000)}x]`],
    ['entries of sparse vectors', `{${'1:'.repeat(500_000)}}/5`],
  ])('%s', (_, text) => {
    expect(readVectorText(text)).toMatchObject({ problem: 'not a vector' })
  })
})
