/** Queries against a gallery, and groups whose rows are no neighbours of each other. */

import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { candidateCounts } from '../../../lib/core/candidates.ts'
import { withGallery } from '../../../lib/dataset/gallery.ts'
import { classifyUpload } from '../../../lib/dataset/upload-parts.ts'
import { dataset, issues, points, vectorTable } from './tables.ts'

const manifest = parseManifest(null, 'nearmiss.yaml')
const codes = ({ warnings }: { warnings: readonly { code: string }[] }) =>
  warnings.map(({ code }) => code)

describe('a split into query and gallery', () => {
  const label = ['a', 'a', 'b', 'b', 'c', 'd']
  const split = ['query', 'gallery', 'query', 'gallery', 'query', 'gallery']
  const found = dataset({ vectors: vectorTable(points(6), { label, split }) })

  test('says which rows are asked', () => {
    expect(found.queries).toEqual(Uint8Array.of(1, 0, 1, 0, 1, 0))
    expect(found.metadata.map(({ name }) => name)).toEqual(['split'])
  })

  test('leaves each query the gallery, and of it its class', () => {
    expect(candidateCounts(found)).toEqual({
      candidates: Int32Array.of(3, 0, 3, 0, 3, 0),
      mates: Int32Array.of(1, 0, 1, 0, 0, 0),
    })
  })

  test('is told with the queries that have no match and the classes that only distract', () => {
    expect(codes(found)).toEqual(['no-match-possible', 'gallery-only-classes'])
    expect(found.warnings[0]!.message).toContain('1 of 3 queries has no row of its class in the')
    expect(found.warnings[1]!.message).toContain('1 of 4 classes is in the gallery alone')
  })

  test('by other words is a slice', () => {
    const slices = label.map((_, row) => (row % 2 ? 'train' : 'test'))
    const plain = dataset({ vectors: vectorTable(points(6), { label, split: slices }) })
    expect(plain.queries).toBeUndefined()
  })

  test.each([
    ['a third value', ['query', 'gallery', 'query', 'gallery', 'query', 'train']],
    ['a row without one', ['query', 'gallery', 'query', 'gallery', 'query', '']],
    ['queries alone', ['query', 'query', 'query', 'query', 'query', 'query']],
  ])('with %s is an error', (_, values) => {
    const [issue] = issues({ vectors: vectorTable(points(6), { label, split: values }) })
    expect(issue).toMatchObject({ code: 'split-unclear', where: 'column split' })
  })

  test('that the manifest names and nobody has is an error', () => {
    const vectors = vectorTable(points(6), { label, split })
    expect(issues({ vectors }, 'columns: { split: part }')).toMatchObject([
      { code: 'split-column-missing' },
    ])
  })
})

describe('groups', () => {
  const label = ['a', 'a', 'a', 'b', 'b', 'c']
  const burst = ['x', 'x', 'y', 'y', '', '']
  const named = 'columns: { group: burst }'
  const found = dataset({ vectors: vectorTable(points(6), { label, burst }) }, named)

  test('are numbered in the order in which they come, and a row without one has none', () => {
    expect(found.groups).toEqual(Int32Array.of(0, 0, 1, 1, -1, -1))
  })

  test('shut out their own rows alone', () => {
    expect(candidateCounts(found)).toEqual({
      candidates: Int32Array.of(4, 4, 4, 4, 5, 5),
      mates: Int32Array.of(1, 1, 2, 1, 1, 0),
    })
  })

  test('are read from a column of the usual name without being asked for', () => {
    const usual = dataset({ vectors: vectorTable(points(6), { label, group: burst }) })
    expect(usual.groups).toEqual(found.groups)
    expect(dataset({ vectors: vectorTable(points(6), { label, burst }) }).groups).toBeUndefined()
  })

  test('that hold every row of a class are told', () => {
    const whole = ['x', 'x', 'x', 'y', 'y', 'z']
    const { warnings } = dataset({ vectors: vectorTable(points(6), { label, group: whole }) })
    expect(warnings.find(({ code }) => code === 'no-match-possible')?.message).toContain(
      '6 of 6 rows have no row of their class outside of their group',
    )
  })

  test('that hold every row leave nothing to evaluate, and say so', () => {
    const one = label.map(() => 'x')
    const all = dataset({ vectors: vectorTable(points(6), { label, group: one }) })
    expect(codes(all)).toContain('no-neighbor-possible')
  })

  test('that the manifest names and nobody has are an error', () => {
    const vectors = vectorTable(points(6), { label, burst })
    expect(issues({ vectors }, 'columns: { group: sequence }')).toMatchObject([
      { code: 'group-column-missing' },
    ])
  })
})

describe('a gallery in a file of its own', () => {
  const queries = { ...vectorTable(points(2), { id: ['q0', 'q1'], label: ['a', 'b'] }) }
  const gallery = {
    ...vectorTable(points(3), { id: ['g0', 'g1', 'g2'], label: ['a', 'b', 'c'], size: [1, 2, 3] }),
    source: 'gallery.npz',
  }

  test('is a part of the upload', () => {
    expect(classifyUpload(['embeddings.npz', 'gallery.npz', 'labels.csv'])).toMatchObject({
      parts: { vectors: 'embeddings.npz', gallery: 'gallery.npz', labels: 'labels.csv' },
    })
  })

  test('comes after the queries, with the columns of both', () => {
    const joined = withGallery(queries, gallery, manifest)
    if ('issues' in joined) throw new Error(JSON.stringify(joined.issues))
    const found = dataset({ vectors: joined.table })
    expect(found.ids).toEqual(['q0', 'q1', 'g0', 'g1', 'g2'])
    expect(found.queries).toEqual(Uint8Array.of(1, 1, 0, 0, 0))
    expect(found.metadata.find(({ name }) => name === 'size')?.values).toEqual(
      Float64Array.of(Number.NaN, Number.NaN, 1, 2, 3),
    )
    expect([...found.vectors]).toEqual([...points(2), ...points(3)].flat())
  })

  test('of other dimensions is an error', () => {
    const flat = { ...vectorTable([[1], [2]]), source: 'gallery.npz' }
    expect(withGallery(queries, flat, manifest)).toMatchObject({
      issues: [{ code: 'dimensions-differ', where: 'gallery.npz' }],
    })
  })

  test('beside a split column is an error', () => {
    const split = vectorTable(points(2), { split: ['query', 'gallery'] })
    expect(withGallery(split, gallery, manifest)).toMatchObject({
      issues: [{ code: 'split-twice', where: 'embeddings.npz' }],
    })
  })
})
