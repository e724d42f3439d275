/** Queries that are in the gallery too are held against it without themselves: in two files, and in one with a split. */

import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { candidateCounts } from '../../../lib/core/candidates.ts'
import { type Dataset, groupCount } from '../../../lib/core/dataset.ts'
import type { Table } from '../../../lib/core/table.ts'
import { withGallery } from '../../../lib/dataset/gallery.ts'
import { clustersOf } from '../../../lib/metrics/interval-clusters.ts'
import { dataset, issues, table, vectorTable } from './tables.ts'

interface Rows {
  readonly ids?: readonly string[]
  readonly vectors: readonly (readonly number[])[]
  readonly columns?: Readonly<Record<string, readonly string[]>>
}

/** The tables of the same queries and gallery, and what holds them. */
const LAYOUTS: readonly [string, (queries: Rows, gallery: Rows) => Table][] = [
  [
    'two files',
    (queries, gallery) => {
      const [q, g] = [queries, gallery].map(({ ids, vectors, columns = {} }) =>
        vectorTable(vectors, {
          ...(ids ? { id: ids } : {}),
          label: vectors.map(() => 'x'),
          ...columns,
        }),
      )
      const joined = withGallery(
        { ...q!, source: 'q.npz' },
        { ...g!, source: 'g.npz' },
        parseManifest(null, 'nearmiss.yaml'),
      )
      if ('issues' in joined) throw new Error('not joined')
      return joined.table
    },
  ],
  [
    'one file with a split',
    (queries, gallery) => {
      const both = [queries, gallery]
      const names = new Set(both.flatMap(({ columns = {} }) => Object.keys(columns)))
      const columns = Array.from(names, (name): [string, string[]] => [
        name,
        both.flatMap((one) => one.columns?.[name] ?? one.vectors.map(() => '')),
      ])
      const ids = both.flatMap((one) => one.ids ?? [])
      return vectorTable(
        both.flatMap(({ vectors }) => vectors),
        {
          ...(ids.length > 0 ? { id: ids } : {}),
          label: both.flatMap(({ vectors }) => vectors.map(() => 'x')),
          split: both.flatMap(({ vectors }, at) => vectors.map(() => (at ? 'gallery' : 'query'))),
          ...Object.fromEntries(columns),
        },
      )
    },
  ],
]

const A = [1, 2]
const B = [3, 4]
const C = [5, 6]

const codes = ({ warnings }: Pick<Dataset, 'warnings'>) =>
  warnings.map(({ code }) => code).filter((code) => code.startsWith('queries-'))

describe.each(LAYOUTS)('in %s', (_, tableOf) => {
  test('one id with one vector is one row, kept from itself without a column', () => {
    const found = dataset({
      vectors: tableOf({ ids: ['a'], vectors: [A] }, { ids: ['b', 'a', 'c'], vectors: [B, A, C] }),
    })
    expect(codes(found)).toEqual(['queries-in-gallery'])
    expect(found.ids).toEqual(['a', 'b', 'gallery:a', 'c'])
    expect(found.metadata.map(({ name }) => name)).toEqual(['split'])
    expect(found.groups).toEqual(Int32Array.of(0, -1, 0, -1))
    expect(found.ownRows).toEqual({ queries: 1, firstGroup: 0 })
    // Of three rows of the gallery the query's own is none of its neighbours.
    expect(candidateCounts(found).candidates[0]).toBe(2)
    expect(groupCount(found)).toBe(0)
    expect(clustersOf(found, 'group')).toBeNull()
  })

  test('one id with two vectors is an error that names it', () => {
    const wrong = issues({
      vectors: tableOf(
        { ids: ['a'], vectors: [A] },
        { ids: ['a', 'c'], vectors: [[1, 2.0001], C] },
      ),
    })
    expect(wrong).toMatchObject([{ code: 'queries-differ-in-gallery', rowCount: 1, rows: ['a'] }])
    expect(wrong[0]!.message).toContain('"a"')
  })

  test('groups of the upload stay, and others are numbered after them', () => {
    const group = { group: ['p1', 'p2', ''] }
    const found = dataset({
      vectors: tableOf(
        { ids: ['a', 'c'], vectors: [A, C], columns: { group: ['p1', ''] } },
        { ids: ['a', 'b', 'c'], vectors: [A, B, C], columns: group },
      ),
    })
    expect(found.groups).toEqual(Int32Array.of(0, 2, 0, 1, 2))
    expect(found.ownRows).toEqual({ queries: 2, firstGroup: 2 })
    expect(groupCount(found)).toBe(2)
    expect(found.metadata.map(({ name }) => name).sort()).toEqual(['group', 'split'])
  })

  test('a row of two groups is an error that says both', () => {
    const [wrong] = issues({
      vectors: tableOf(
        { ids: ['a'], vectors: [A], columns: { group: ['p3'] } },
        { ids: ['a', 'c'], vectors: [A, C], columns: { group: ['p1', 'p2'] } },
      ),
    })
    expect(wrong!.code).toBe('queries-differ-in-gallery')
    expect(wrong!.message).toContain('of group "p3" as a query and of "p1" in the gallery')
  })

  test('an id that two queries have is still a repeat', () => {
    const [wrong] = issues({
      vectors: tableOf({ ids: ['a', 'a'], vectors: [A, A] }, { ids: ['a', 'c'], vectors: [A, C] }),
    })
    expect(wrong).toMatchObject({ code: 'duplicate-id', rowCount: 1, rows: ['a'] })
  })

  test('what is told and made of ids that are hashed has no id in it', () => {
    const hashed = 'privacy: { ids: hashed }'
    const gallery = { ids: ['b', 'jo@x.org'], vectors: [B, A] }
    const same = dataset({ vectors: tableOf({ ids: ['jo@x.org'], vectors: [A] }, gallery) }, hashed)
    expect(codes(same)).toEqual(['queries-in-gallery'])
    expect(JSON.stringify([same.ids, same.metadata, same.warnings])).not.toContain('jo@x.org')
    const other = issues({ vectors: tableOf({ ids: ['jo@x.org'], vectors: [C] }, gallery) }, hashed)
    expect(other[0]!.message).toContain('those of rows 0 and 2 (counted from 0')
    expect(JSON.stringify(other)).not.toContain('jo@x.org')
  })

  test('other ids with one vector are told as copies, with what to do', () => {
    const found = dataset({
      vectors: tableOf(
        { ids: ['q/a', 'q/b'], vectors: [A, [9, 9]] },
        { ids: ['g/a'], vectors: [A] },
      ),
    })
    expect(codes(found)).toEqual(['queries-copied-in-gallery'])
    expect(found.warnings.map(({ message }) => message).join()).toContain(
      '1 of 2 queries has an identical vector',
    )
    expect(found.groups).toBeUndefined()
  })

  test('other ids with other vectors are said nothing of', () => {
    const other = { vectors: [B] }
    expect(codes(dataset({ vectors: tableOf({ vectors: [A] }, other) }))).toEqual([])
    const named = tableOf({ ids: ['a'], vectors: [A] }, { ...other, ids: ['b'] })
    expect(codes(dataset({ vectors: named }))).toEqual([])
  })

  test('labels by id are those of both', () => {
    const vectors = tableOf({ ids: ['a'], vectors: [A] }, { ids: ['a', 'c'], vectors: [A, C] })
    const unlabelled = {
      ...vectors,
      columns: vectors.columns.filter(({ name }) => name !== 'label'),
    }
    const found = dataset({
      vectors: unlabelled,
      labels: table('labels.csv', { id: ['a', 'c'], label: ['cat', 'dog'] }),
    })
    expect(Array.from(found.labels, (label) => found.classes[label])).toEqual(['cat', 'cat', 'dog'])
  })

  test('the column may have another usual name of ids', () => {
    const vectors = tableOf({ ids: ['a'], vectors: [A] }, { ids: ['a', 'c'], vectors: [A, C] })
    const columns = vectors.columns.map((column) =>
      column.name === 'id' ? { ...column, name: 'uid' } : column,
    )
    expect(dataset({ vectors: { ...vectors, columns } }).ids).toEqual(['a', 'gallery:a', 'c'])
  })
})

test('ids and split of metadata that is joined by row tell as well', () => {
  const found = dataset({
    vectors: vectorTable([A, A, C]),
    metadata: table('metadata.csv', {
      id: ['a', 'a', 'c'],
      label: ['x', 'x', 'y'],
      split: ['query', 'gallery', 'gallery'],
    }),
  })
  expect(found.ids).toEqual(['a', 'gallery:a', 'c'])
  expect(found.groups).toEqual(Int32Array.of(0, 0, -1))
})

test('an id that is twice without a split is an error', () => {
  const vectors = vectorTable([A, A, C], { id: ['a', 'a', 'c'], label: ['x', 'x', 'y'] })
  expect(issues({ vectors })).toMatchObject([{ code: 'duplicate-id', rows: ['a'] }])
})
