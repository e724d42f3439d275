/** What the item on moved classes says: each p behind its own difference, and causes as likely ones. */

import { expect, test } from 'vitest'
import type { ClassDrift, Drift } from '../../../lib/core/drift.ts'
import { drift } from '../../../lib/findings/drift.ts'
import { raise } from './asked.ts'
import { manifest } from './brute-force.ts'
import { evaluationWith } from './made.ts'

const MOVED: ClassDrift = {
  label: 'a',
  rowsBefore: 40,
  rows: 40,
  shift: 0.31,
  noise: 0.2,
  shiftP: 0.0001,
  spreadRatio: 1,
  ks: 0.05,
  ksP: 0.5,
  shiftAdjustedP: 0.0004,
  ksAdjustedP: 0.8,
  adjustedP: 0.0004,
  drifted: true,
}

function found(entry: Partial<ClassDrift>, given: Partial<Drift> = {}) {
  const run: Drift = {
    baseline: 'then',
    space: { relation: 'same', reason: 'One model.', fit: null, common: null },
    classes: [{ ...MOVED, ...entry }],
    overall: null,
    relabelled: 0,
    separation: null,
    separationNote: 'Nobody asked.',
    note: null,
    ...given,
  }
  const [draft] = raise(drift, { ...evaluationWith({ a: 40, b: 40 }, []), drift: run }, manifest)
  return draft!
}

test('each p stands behind the difference that it is of', () => {
  expect(found({}).finding).toContain(
    'a (its centroid moved by 0.31 of its spread, p < 0.001, and distances to the centroid differ by 0.05, p = 0.80)',
  )
  expect(
    found({ shift: null, shiftAdjustedP: null, ks: 0.3, ksAdjustedP: 0.01 }).finding,
  ).toContain('a (distances to the centroid differ by 0.30, p = 0.010)')
})

test('both limits are told, and causes are no facts', () => {
  const { finding, certainty } = found({})
  expect(certainty.says).toMatch(/under 0\.25 of the class’s spread .* under 0\.1 are left out/)
  expect(finding).toMatch(/Likely causes are new sources/)
  expect(finding).not.toContain('has changed')
})

test('rows with another label are named as a cause, with their number', () => {
  expect(found({}, { relabelled: 12 }).finding).toContain(
    'labels (12 rows have another one than in then)',
  )
})
