/** Items whose kind is compared in its own way: clusters, counts, slices and drifts. */

import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { Item } from '../../../lib/core/item.ts'
import { decideItems } from '../../../lib/history/items.ts'
import { baselineOf, errorsOf, finding, indexOf, inputsOf, item, rowsOf } from './made.ts'

const sizes = { a: 20, b: 20, c: 20 }

describe('errors behind hubs', () => {
  const ID = 'hubs:space'
  const hubs = (now: number, current = rowsOf(sizes)) => {
    const then = [item(ID, 12, 'persisting')]
    return decideItems(
      inputsOf(current, {
        recall: () => finding(ID, now),
        baseline: baselineOf('then', rowsOf(sizes), then),
        index: indexOf(['one', [item(ID, 20)]], ['then', then]),
      }),
    )[0]!
  }

  test('are resolved in small steps once the whole way down is significant', () => {
    // 12 to 5 at its most cautious is p = 0.14, 20 to 5 is 0.0041; 20 to 10 is 0.099.
    expect(hubs(10)).toMatchObject({ state: 'persisting' })
    expect(hubs(5)).toMatchObject({ state: 'resolved', change: { before: 12 } })
    expect(hubs(5).change!.p).toBeCloseTo(0.004077315330505371, 12)
    expect(hubs(5).finding).toContain('(20 in one; paired test at its most cautious')
  })

  test('are not fewer by leaving rows out', () => {
    expect(hubs(5, rowsOf({ ...sizes, c: 15 }))).toMatchObject({ state: 'persisting' })
  })
})

test('a low-margin cluster is judged by the rows of the classes it had in the baseline', () => {
  const ID = 'low-margin:a'
  const before = { ...item(ID, 9), classes: ['a', 'c'] }
  const then = rowsOf(sizes, { ...errorsOf('a', 'b', 9), ...errorsOf('c', 'b', 4) })
  const decide = (left: number, clusters: readonly number[] | null = null) =>
    decideItems(
      inputsOf(
        { ...rowsOf(sizes, errorsOf('c', 'b', left)), clusters },
        {
          recall: () => finding(ID, 0, ['a']),
          baseline: baselineOf('then', then, [before]),
          index: indexOf(['then', [before]]),
        },
      ),
    )[0]
  expect(decide(4)).toMatchObject({
    state: 'resolved',
    change: { before: 9, p: expect.closeTo(0.00390625, 12) },
  })
  expect(decide(4)!.finding).toContain('40 rows of a and c: 9 fixed, 0 broken')
  expect(decide(12)).toMatchObject({ state: 'persisting' })
  // The nine rows are of one group, and the rest of a and c of five.
  const groups = rowsOf(sizes).ids.map((_, row) => Math.floor(row / 10))
  const together = decide(4, groups)!
  expect(together).toMatchObject({ state: 'persisting', change: { p: 1 } })
  expect(together.finding).toContain('40 rows of a and c, rows of a group together: 9 fixed')
})

describe('a slice with more errors than the rest', () => {
  const GAP = 'slice-gap:camera=left'
  const many = { a: 98, b: 98 }
  /** The rows of a are the slice; the first so many of either class are wrong in the two runs. */
  const slice = (
    [before, now]: readonly [number, number],
    [othersBefore, othersNow]: readonly [number, number] = [0, 0],
    {
      of = many,
      before: had = of,
      raised = true,
      burst = 0,
    }: { of?: typeof many; before?: typeof many; raised?: boolean; burst?: number } = {},
  ) => {
    const errors = (a: number, b: number) => ({
      ...errorsOf('a', 'b', a),
      ...errorsOf('b', 'a', b),
    })
    const rows = rowsOf(of, errors(now, othersNow))
    const clusters = burst ? rows.ids.map((_, row) => Math.floor(row / burst)) : null
    const current = { ...rows, clusters }
    const left = [...current.ids.keys()].filter((row) => current.labels[row] === 'a')
    const gap = (a: number, b: number) => (100 * a) / of.a - (100 * b) / of.b
    const past = { ...item(GAP, 0), measure: { value: gap(before, othersBefore), unit: 'points' } }
    const found = { ...finding(GAP, 0), measure: { value: gap(now, othersNow), unit: 'points' } }
    const inputs = inputsOf(current, {
      findings: raised ? [found] : [],
      recall: () => found,
      baseline: baselineOf('then', rowsOf(had, errors(before, othersBefore)), [past]),
      index: indexOf(['then', [past]]),
    })
    const figures = { rate: now / of.a, restRate: othersNow / of.b }
    const sliced = { rows: left, slice: figures } as unknown
    const sliceOf = (id: string) =>
      id === 'camera=left' ? (sliced as ReturnType<Evaluation['sliceOf']>) : null
    return decideItems({ ...inputs, evaluation: { ...inputs.evaluation, sliceOf } })[0]!
  }

  test('is improved where its gap closed by more than chance', () => {
    // 18 of 98 fixed and none of the others: −0.18 ± √((0.19 − 0.0324) / 100 + 0.01 / 100).
    const improved = slice([40, 22], [10, 10])
    expect(improved).toMatchObject({ state: 'improved', change: { before: 40 / 0.98 - 10 / 0.98 } })
    expect(improved.finding).toContain(
      'errors of its 98 rows −18.4 points, of 98 others 0.0 points: difference of paired changes, p < 0.001',
    )
  })

  test('persists where what closed its gap is a burst or two', () => {
    // 18 of 98 rows, and of 14 bursts of seven rows three.
    const improved = slice([40, 22], [10, 10], { burst: 7 })
    expect(improved).toMatchObject({ state: 'persisting' })
    expect(improved.change!.p).toBeGreaterThan(0.05)
    expect(improved.finding).toContain('difference of paired changes, rows of a group together')
  })

  test('persists where all rows improved alike, or worsened', () => {
    // 18 fixed in either: the slice alone would pass for improved, 2 × 0.5¹⁸.
    expect(slice([40, 22], [20, 2])).toMatchObject({ state: 'persisting', change: { p: 1 } })
    expect(slice([30, 48], [2, 20])).toMatchObject({ state: 'persisting', change: { p: 1 } })
  })

  test('is worsened where the others improved and it did not', () => {
    expect(slice([40, 40], [20, 2])).toMatchObject({ state: 'worsened' })
  })

  test('persists where fewer rows changed than a test can tell', () => {
    expect(slice([20, 17])).toMatchObject({ state: 'persisting' })
  })

  test('is resolved in small steps once no gap is left', () => {
    // 4 to 2 of 98 is no evidence, and 2 of 98 beside 1 is still a gap.
    expect(slice([4, 2], [1, 1], { raised: false })).toMatchObject({ state: 'persisting' })
    const gone = slice([4, 2], [2, 2], { raised: false })
    expect(gone).toMatchObject({ state: 'resolved', change: { p: null } })
    expect(gone.finding).toContain(
      'In then it was 2.04 points (no gap is left: 2.0 % of its rows are errors, 2.0 % of the others; errors of its 98 rows −2.0 points, of 98 others 0.0 points',
    )
  })

  test('is not resolved by leaving rows out', () => {
    const less = slice([4, 2], [2, 2], { of: { a: 80, b: 98 }, before: many, raised: false })
    expect(less).toMatchObject({ state: 'persisting' })
    expect(less.finding).toContain('stays open until there is evidence')
  })

  test('can’t be judged where the baseline has few of its rows', () => {
    const few = slice([6, 8], [0, 0], { of: { a: 20, b: 20 }, before: { a: 6, b: 20 } })
    expect(few).toMatchObject({ state: 'persisting', change: null })
    expect(few.finding).toContain('Only 6 of the 20 rows of the slice are in then.')
  })
})

describe('a drift', () => {
  const ID = 'drift:run'
  const drift = (now: number, steps: readonly Item[], current = rowsOf(sizes)) => {
    const runs = steps.map((one, at) => [`r${at}`, [one]] as const)
    const last = steps.at(-1)!
    const baseline = last.state === 'resolved' ? [] : [last]
    return decideItems(
      inputsOf(current, {
        findings: now > 0 ? [finding(ID, now)] : [],
        recall: () => finding(ID, now),
        baseline: baselineOf(`r${steps.length - 1}`, rowsOf(sizes), baseline),
        index: indexOf(...runs),
      }),
    )[0]!
  }

  test('neither improves nor worsens by what moved in another step', () => {
    for (const now of [1, 7, 30]) {
      const only = drift(now, [item(ID, 7)])
      expect(only).toMatchObject({ state: 'persisting', change: null })
      expect(only.finding).toContain(
        'An earlier step showed some too; this is about the step from r0 to this run.',
      )
    }
  })

  test('is resolved by a step that shows none, and says so', () => {
    const only = drift(0, [item(ID, 7)])
    expect(only).toMatchObject({ state: 'resolved' })
    expect(only.finding).toContain('Resolved: the step from r0 to this run shows none (each class')
  })

  test('is new after a step without', () => {
    expect(drift(1, [item(ID, 7), item(ID, 0, 'resolved')])).toMatchObject({ state: 'new' })
  })

  test('is judged between other rows as well', () => {
    const others = { ...rowsOf(sizes), ids: rowsOf(sizes).ids.map((id) => `new-${id}`) }
    expect(drift(0, [item(ID, 7)], others)).toMatchObject({ state: 'resolved' })
  })
})
