import { expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { heldByGroup } from '../../../lib/findings/by-group.ts'
import { fisherExact } from '../../../lib/stats/fisher.ts'

const SIZE = 10
/** Twelve groups of ten rows; of the first six, three are wrong as a whole, of the others none. */
const correct = Uint8Array.from({ length: 120 }, (_, row) => (row < 3 * SIZE ? 0 : 1))
const some = [...Array(60).keys()]
const all = [...Array(120).keys()]
const p = fisherExact(30, 60, 0, 60)
const evaluation = (clusters: Int32Array | null) =>
  ({ rows: { correct }, clusters }) as unknown as Evaluation

test('errors of whole groups are as likely as the groups make them', () => {
  expect(p).toBeLessThan(1e-9)
  const groups = Int32Array.from(all, (row) => Math.floor(row / SIZE))
  expect(heldByGroup(evaluation(groups), p, some, all)).toBeGreaterThan(0.05)
})

test('rows that count by themselves keep their p', () => {
  expect(heldByGroup(evaluation(null), p, some, all)).toBe(p)
  expect(heldByGroup(evaluation(Int32Array.from(all)), p, some, all)).toBeLessThan(1e-6)
})

test('what is likely anyway stays so', () => {
  expect(heldByGroup(evaluation(Int32Array.from(all)), 1, some, all)).toBe(1)
})
