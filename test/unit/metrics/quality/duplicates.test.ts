/** The order in which groups of equal rows are listed, by hand. */

import { expect, test } from 'vitest'
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
