/** The families are all that is measured: each section is in one of them, and each figure has its own id. */

import { expect, it } from 'vitest'
import type { MeasuredSections } from '../../../lib/core/sections.ts'
import { METRICS, SECTIONS } from '../../../lib/metrics/registry.ts'

/** The compiler holds it to the type. */
const IDS: Readonly<Record<keyof MeasuredSections, true>> = {
  confusion: true,
  classes: true,
  margins: true,
  outliers: true,
  duplicates: true,
  quality: true,
  slices: true,
  structure: true,
  tradeOff: true,
  verification: true,
}

it('each section is of one family', () => {
  expect(SECTIONS.map(({ id }) => id).sort()).toEqual(Object.keys(IDS).sort())
})

it('no two figures have one id', () => {
  expect(new Set(METRICS.map(({ id }) => id)).size).toBe(METRICS.length)
})
