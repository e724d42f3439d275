/** What is chosen of a file's fields, whatever its format. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ColumnNames } from '../../../lib/core/manifest.ts'
import { chooseVectors } from '../../../lib/formats/choice/vectors.ts'
import type { Contents, Field } from '../../../lib/formats/contents.ts'
import { columns } from './read-fixture.ts'

const field = (name: string, shape: readonly number[], rest: Partial<Field> = {}): Field => ({
  name,
  kind: shape.length === 2 ? 'vector' : 'number',
  type: '<f4',
  shape,
  examples: [],
  isInteger: false,
  problem: null,
  longestText: null,
  byteLength: null,
  ...rest,
})

const contents = (fields: readonly Field[]): Contents => ({
  source: 'a.npz',
  where: 'a.npz',
  fields,
  warnings: [],
  read: () => Promise.reject(new Error('nothing is read yet')),
})

const choose = (
  fields: readonly Field[],
  noun: 'array' | 'column' = 'array',
  names: ColumnNames = columns,
) => {
  const { vectors, gallery, warnings } = chooseVectors(
    contents(fields),
    names,
    noun,
    (one) => one.name,
  )
  return {
    vectors: vectors.map((place) => fields[place]!.name),
    gallery: gallery?.vectors.map((place) => fields[place]!.name) ?? null,
    warnings: warnings.map(({ code }) => code),
  }
}

describe('arrays', () => {
  test.each([
    [['X', 'y'], 'X'],
    [['features', 'targets'], 'features'],
    [['arr_0', 'arr_1'], 'arr_0'],
    [['nca', 'note'], 'nca'],
  ])('%j: the vectors are %s', (names, wanted) => {
    const fields = [field(names[0]!, [5, 3]), field(names[1]!, [5])]
    expect(choose(fields)).toEqual({ vectors: [wanted], gallery: null, warnings: [] })
  })

  test.each([
    ['X_train', 'X_test'],
    ['train_features', 'test_features'],
    ['gallery', 'query'],
    ['emb.reference', 'emb.query'],
  ])('%s and %s are gallery and queries, which is told', (gallery, queries) => {
    const chosen = choose([field(gallery, [9, 3]), field(queries, [5, 3])])
    expect(chosen).toEqual({ vectors: [queries], gallery: [gallery], warnings: ['split-chosen'] })
  })

  test('of two that fit nothing is guessed, and the remedy chooses', () => {
    const fields = [field('left', [5, 3]), field('right', [5, 3])]
    expect(() => choose(fields)).toThrow('2 could be the vectors')
    expect(choose(fields, 'array', { ...columns, embeddings: 'right' }).vectors).toEqual(['right'])
  })

  test('queries and gallery of other dimensions are no pair', () => {
    expect(() => choose([field('X_train', [9, 3]), field('X_test', [5, 4])])).toThrow('2 could be')
  })

  test('one of a usual name is taken before others, which is told', () => {
    const chosen = choose([field('attention', [5, 3]), field('embedding', [5, 3])], 'array', {
      ...columns,
      embeddings: 'embeddings',
    })
    expect(chosen.vectors).toEqual(['embedding'])
    expect(choose([field('attention', [5, 3]), field('features', [5, 3])])).toMatchObject({
      vectors: ['features'],
      warnings: ['vector-columns-chosen'],
    })
  })

  test('whole numbers are vectors where there are no others', () => {
    const int8 = field('codes', [5, 3], { isInteger: true, type: '|i1' })
    expect(choose([int8, field('y', [5])]).vectors).toEqual(['codes'])
    expect(choose([int8, field('left', [5, 3])]).vectors).toEqual(['left'])
  })
})

describe('columns', () => {
  test.each(['', 'feature_', 'V', 'dim_', 'x', 'embedding.', 'f', 'pc'])(
    'numbered after %j',
    (prefix) => {
      const fields = Array.from({ length: 12 }, (_, at) => field(`${prefix}${at + 1}`, [5]))
      expect(choose([...fields, field('size', [5])], 'column').vectors).toHaveLength(12)
    },
  )

  test('a column of vectors is taken before numbered ones', () => {
    const fields = [field('x1', [5]), field('x2', [5]), field('vec', [5, 4])]
    expect(choose(fields, 'column').vectors).toEqual(['vec'])
  })

  test('one that is named as vectors are and holds none says so', () => {
    const fields = [
      field('id', [5], { kind: 'text' }),
      field('embedding', [5], { kind: 'text', type: 'text' }),
    ]
    expect(() => choose(fields, 'column')).toThrow('of type text, are no lists of numbers')
  })

  test('corners beside a sure name are columns', () => {
    const fields = ['dim_0', 'dim_1', 'dim_2', 'x1', 'x2'].map((name) => field(name, [5]))
    expect(choose(fields, 'column')).toMatchObject({
      vectors: ['dim_0', 'dim_1', 'dim_2'],
      warnings: ['vector-columns-chosen'],
    })
  })
})

test('the order of the fields changes nothing', () => {
  const fields = [
    field('id', [5], { kind: 'text' }),
    ...Array.from({ length: 6 }, (_, at) => field(`dim_${at}`, [5])),
    field('size', [5]),
    field('x1', [5]),
    field('x2', [5]),
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray(fields, { minLength: fields.length }), (shuffled) => {
      expect(choose(shuffled, 'column')).toEqual(choose(fields, 'column'))
    }),
  )
})
