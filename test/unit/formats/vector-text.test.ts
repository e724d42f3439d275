/** Vectors written in one cell: forms, what is none, and texts made to take long. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readVectorText } from '../../../lib/formats/vector-text.ts'
import { problem, readText, rowsOf } from './read-fixture.ts'

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

describe('decimal commas', () => {
  const texts: [string, number[]][] = [
    ['[0,1; 0,2]', [0.1, 0.2]],
    ['[0,1;-0,25;1]', [0.1, -0.25, 1]],
    ['[0,123, 0,456]', [0.123, 0.456]],
    ['(0,1 0,2)', [0.1, 0.2]],
    ['[0,5,0,025]', [0.5, 0.025]],
    ['0,1 0,2 0,3 0,4 0,5', [0.1, 0.2, 0.3, 0.4, 0.5]],
    ['0,1|0,2|0,3|0,4|0,5', [0.1, 0.2, 0.3, 0.4, 0.5]],
  ]

  test.each(texts)('in %s are named, and what the message says mends it', async (text, values) => {
    expect(readVectorText(text)).toEqual({ problem: 'decimal commas' })
    const file = (entry: string) => `id,label,vec\na,x,"${entry}"\nb,y,"${entry}"\n`
    const found = await problem(readText('embeddings.csv', file(text)))
    expect(found).toMatchObject({
      code: 'vectors-decimal-commas',
      where: 'embeddings.csv, column vec',
    })
    const json = JSON.stringify([{ label: 'x', vec: text }])
    expect((await problem(readText('embeddings.json', json))).code).toBe('vectors-decimal-commas')
    // As pandas’ str.replace does it.
    const mended = text.replace(/(\d),(\d+)/g, '$1.$2')
    expect(rowsOf(await readText('embeddings.csv', file(mended)))).toEqual([values, values])
  })

  test('that come late are named where they stand', async () => {
    const text = `id,vec\n${'a,"[1, 2]"\n'.repeat(300)}b,"[0,5, 0,25]"\n`
    expect(await problem(readText('embeddings.csv', text))).toMatchObject({
      code: 'vectors-decimal-commas',
      where: 'embeddings.csv, line 302, column vec',
    })
  })

  test.each(['[1,2,3]', '[1, 2, 3]', '[0,5,0,25]', '[0, 10, 100]', '[-0,0]', '[0.5,1, 2]'])(
    'are not seen in whole numbers: %s',
    (text) => {
      expect(readVectorText(text)).toHaveProperty('values')
    },
  )
})

describe('a text of a megabyte is refused at once', () => {
  // Each took minutes, or more than the age of the universe, where a text was tried in more than one way.
  test.each([
    ['arguments', `tensor([1]${',dtype=a'.repeat(125_000)}x)`],
    ['spaces inside', `[1${' '.repeat(1_000_000)}x]`],
    ['brackets', `${'['.repeat(1_000_000)}x`],
    ['commas', `[${'0,'.repeat(500_000)}x]`],
    ['commas and spaces', `[${'0, 0,'.repeat(150_000)}x]`],
    ['digits', `[${'1'.repeat(1_000_000)}x]`],
    ['entries of sparse vectors', `{${'1:'.repeat(500_000)}}/5`],
  ])('%s', (_, text) => {
    expect(readVectorText(text)).toMatchObject({ problem: 'not a vector' })
  })
})
