/** The order in which groups of equal rows are listed, by hand. */

import { describe, expect, test } from 'vitest'
import { duplicates } from '../../../../lib/metrics/quality/duplicates.ts'

test('groups with two labels stand first, then those of more rows', () => {
  // Rows 0 to 2 are equal and agree, 3 and 4 disagree, 5 and 6 agree, 7 to 9 disagree.
  const firstEqual = Int32Array.of(0, 0, 0, 3, 3, 5, 5, 7, 7, 7)
  const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 0, 1)
  const ids = Array.from(labels, (_, row) => `row-${row}`)
  const { groups, rows, conflicts } = duplicates({
    dataset: { ids, labels, classes: ['a', 'b'] },
    neighborhood: { firstEqual },
  })
  expect(groups.map((group) => group.rows[0])).toEqual(['row-7', 'row-3', 'row-0', 'row-5'])
  expect([rows, conflicts]).toEqual([10, 2])
})

describe('a query and its own row in the gallery', () => {
  // Two queries with their own rows (2, 3), and a row of the gallery that is equal to the second query.
  const dataset = {
    ids: ['q', 'r', 'gallery:q', 'gallery:r', 's'],
    labels: Int32Array.of(0, 0, 0, 0, 0),
    classes: ['a'],
    groups: Int32Array.of(4, 5, 4, 5, -1),
  }
  const neighborhood = { firstEqual: Int32Array.of(0, 1, 0, 1, 1) }
  const named = (ownRows: { readonly ownRows?: { queries: number; firstGroup: number } }) =>
    duplicates({ dataset: { ...dataset, ...ownRows }, neighborhood }).groups.map(({ rows }) => rows)

  test('are no copies of each other, and with a third row they are', () => {
    expect(named({ ownRows: { queries: 2, firstGroup: 4 } })).toEqual([['r', 'gallery:r', 's']])
  })

  test('are told from rows of one group of the upload, which are copies', () => {
    expect(named({ ownRows: { queries: 1, firstGroup: 5 } })).toHaveLength(2)
    expect(named({})).toHaveLength(2)
  })
})
