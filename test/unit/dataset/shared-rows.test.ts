/** Queries that are in the gallery too are held against it without themselves. */

import { describe, expect, test } from 'vitest'
import { withDefaults } from '../../../lib/config/completion.ts'
import type { ManifestInput } from '../../../lib/config/schema.ts'
import type { Column, Table } from '../../../lib/core/table.ts'
import { withGallery } from '../../../lib/dataset/gallery.ts'

const text = (name: string, values: readonly string[]): Column => ({ name, type: 'text', values })

function table(
  source: string,
  ids: readonly string[] | null,
  vectors: readonly (readonly number[])[],
  ...columns: readonly Column[]
): Table {
  const rows = vectors.length
  const values = Float32Array.from(vectors.flat())
  return {
    source,
    vectors: { values, rows, dimensions: 2 },
    columns: [...(ids ? [text('id', ids)] : []), ...columns],
    rows,
    warnings: [],
  }
}

const joined = (queries: Table, gallery: Table, settings: ManifestInput = {}) => {
  const result = withGallery(queries, gallery, withDefaults(settings))
  if ('issues' in result) return { issues: result.issues }
  const column = (name: string) => result.table.columns.find((one) => one.name === name)?.values
  return { column, codes: result.table.warnings.map(({ code }) => code), table: result.table }
}

const A = [1, 2]
const B = [3, 4]
const C = [5, 6]

describe('one id in both files', () => {
  test('with one vector is one row: a group keeps it from itself', () => {
    const { column, codes } = joined(table('q', ['a'], [A]), table('g', ['b', 'a', 'c'], [B, A, C]))
    expect(codes).toEqual(['queries-in-gallery'])
    expect(column!('id')).toEqual(['a', 'b', 'gallery:a', 'c'])
    expect(column!('group')).toEqual(['same:0', '', 'same:0', ''])
    expect(column!('split')).toEqual(['query', 'gallery', 'gallery', 'gallery'])
  })

  test('with two vectors is an error that names it', () => {
    const { issues } = joined(table('q', ['a'], [A]), table('g', ['a', 'c'], [[1, 2.0001], C]))
    expect(issues![0]).toMatchObject({ code: 'queries-differ-in-gallery', where: 'g' })
    expect(issues![0]!.message).toContain('"a"')
  })

  test('with its own group keeps that, and with two is an error', () => {
    const gallery = table('g', ['a', 'c'], [A, C], text('group', ['p1', 'p2']))
    const same = joined(table('q', ['a'], [A], text('group', ['p1'])), gallery)
    expect(same.column!('group')).toEqual(['p1', 'p1', 'p2'])
    const other = joined(table('q', ['a'], [A], text('group', ['p3'])), gallery)
    expect(other.issues![0]!.message).toContain('"p3"')
  })
})

test('what is told and made of ids that are hashed has no id in it', () => {
  const hashed: ManifestInput = { privacy: { ids: 'hashed' } }
  const gallery = table('g', ['b', 'jo@x.org'], [B, A])
  const same = joined(table('q', ['jo@x.org'], [A]), gallery, hashed)
  expect(JSON.stringify(same.column!('group'))).not.toContain('jo@x.org')
  expect(JSON.stringify(same.table!.warnings)).not.toContain('jo@x.org')
  const other = joined(table('q', ['jo@x.org'], [C]), gallery, hashed)
  expect(other.issues![0]!.message).toContain('that of row 0 there and 1 here (counted from 0)')
  expect(JSON.stringify(other.issues)).not.toContain('jo@x.org')
})

describe('other ids', () => {
  test('with one vector are told as copies, with what to do', () => {
    const { codes, table: whole } = joined(
      table('q', ['q/a', 'q/b'], [A, [9, 9]]),
      table('g', ['g/a'], [A]),
    )
    expect(codes).toEqual(['queries-copied-in-gallery'])
    expect(whole!.warnings[0]!.message).toContain('1 of 2 queries has an identical vector')
    expect(whole!.columns.some(({ name }) => name === 'group')).toBe(false)
  })

  test('with other vectors are said nothing of', () => {
    expect(joined(table('q', ['a'], [A]), table('g', ['b'], [B])).codes).toEqual([])
    expect(joined(table('q', null, [A]), table('g', null, [B])).codes).toEqual([])
  })
})
