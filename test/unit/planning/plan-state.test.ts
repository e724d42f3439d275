/** The sprint page's address: what was ticked comes back, whatever else stands there. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressState, planState } from '../../../reports/client/plan-state.ts'

const keys = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{8}$/))

test('a selection and a view come back from the address', () => {
  fc.assert(
    fc.property(keys, fc.constantFrom('attention', 'ticket', 'known', 'all'), (picked, show) => {
      expect(planState(addressState({ show, picked }))).toEqual({ show, picked })
    }),
  )
})

test('an address from anywhere is read without harm', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(planState(`#pick=${text}`).picked.every((key) => /^[0-9a-f]{8}$/.test(key))).toBe(true)
    }),
  )
  expect(planState('')).toEqual({ show: 'attention', picked: [] })
  expect(planState('#pick=0a1b2c3d,0a1b2c3d,x').picked).toEqual(['0a1b2c3d'])
})
