/** What rounding to float32 changed, from rows' neighbours. Cases by hand: rows on a line, a unit apart. */

import { describe, expect, it } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { narrowingLoss } from '../../../lib/metrics/narrowing-loss.ts'
import { bruteNeighborhood, datasetOf } from '../../brute-neighborhood.ts'

const ROWS = 24

/** Row r at r; `moved` and `identities` as given. */
function loss(
  moved: (row: number) => number,
  settings: {
    places?: (row: number) => number
    identities?: (row: number) => number
    firstEqual?: (row: number) => number
  } = {},
) {
  const { places = (row) => row, identities = (row) => row, firstEqual = (row) => row } = settings
  const rows = [...Array(ROWS).keys()]
  const dataset = datasetOf({
    vectors: rows.map((row) => [places(row)]),
    labels: rows.map(() => 'a'),
  })
  const neighborhood = {
    ...bruteNeighborhood(dataset, 'euclidean'),
    firstEqual: Int32Array.from(rows, firstEqual),
  }
  const narrowing = {
    origin: null,
    moved: Float64Array.from(rows, moved),
    identities: Float64Array.from(rows, identities),
  }
  return narrowingLoss({ ...dataset, narrowing }, neighborhood, 'a.npz')
}

it('nothing is told of float32, nor where rounding moved little', () => {
  const dataset = datasetOf({ vectors: [[0], [1], [2]], labels: ['a', 'a', 'b'] })
  expect(narrowingLoss(dataset, bruteNeighborhood(dataset, 'euclidean'), 'a.npz')).toEqual([])
  expect(loss(() => 0.07)).toEqual([])
})

describe('rows whose tenth neighbour lies near', () => {
  // The tenth neighbour of a row in the middle lies 5 off, that of the first and the last row 10.
  it('are told from 32 times what rounding moved both', () => {
    expect(loss(() => 5 / 64 - 1e-9)).toEqual([])
    const [warning, ...others] = loss(() => 5 / 64 + 1e-9)
    expect(others).toEqual([])
    expect(warning!.code).toBe('neighbors-rounded')
    expect(warning!.message).toContain('14 of 24 rows')
    expect(warning!.message).toContain('float32')
    expect(warning!.message).toContain('rows 5, 6, 7, 8, 9 and 9 more, counted from 0')
    expect(warning!.headline).toBeDefined()
  })

  it('of most rows nearer than rounding moved them are an error', () => {
    // Rounding of both is 5 or more of 14 rows, which are most of 24; of 12 it isn't.
    const error = (() => {
      try {
        loss(() => 2.5)
      } catch (caught) {
        return caught
      }
    })() as InputError
    expect(error).toBeInstanceOf(InputError)
    expect(error.code).toBe('vectors-float32')
    expect(error.issues[0]).toMatchObject({ where: 'a.npz' })
    expect(error.message).toContain('14 of 24 rows')
    expect(error.message).toContain('float32')
    expect(() => loss((row) => (row >= 5 && row < 17 ? 2.5 : 0))).not.toThrow()
  })

  it('don’t count where that neighbour is the same row again', () => {
    expect(loss(() => 1, { places: () => 0, identities: () => 7, firstEqual: () => 0 })).toEqual([])
  })
})

it('rows that became equal to another are told, and copies are not', () => {
  const firstEqual = (row: number) => (row === 3 || row === 9 ? 2 : row)
  const identities = (row: number) => (row === 3 ? 2 : row)
  const [warning] = loss(() => 1e-9, { firstEqual, identities })
  expect(warning!.code).toBe('rows-became-equal')
  expect(warning!.message).toContain('1 of 24 rows')
  expect(warning!.message).toContain('(row 9, counted from 0)')
})
