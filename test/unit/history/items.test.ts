import { describe, expect, test } from 'vitest'
import { decideItems } from '../../../lib/history/items.ts'
import { baselineOf, errorsOf, finding, indexOf, inputsOf, item, rowsOf } from './made.ts'

const PAIR = 'confusion:a|b'
const sizes = { a: 20, b: 20, c: 20 }
const states = (items: readonly { id: string; state: string }[]) =>
  Object.fromEntries(items.map(({ id, state }) => [id, state]))

/** The pair a|b with `before` errors in the run `then`, and `now` errors in this one. */
function pair(before: number, now: number, { start = 0, raised = now >= 6 } = {}) {
  const current = rowsOf(sizes, errorsOf('a', 'b', now, start))
  return inputsOf(current, {
    findings: raised ? [finding(PAIR, now)] : [],
    recall: (id) => finding(id, now),
    baseline: baselineOf('then', rowsOf(sizes, errorsOf('a', 'b', before)), [item(PAIR, before)]),
    index: indexOf(['then', [item(PAIR, before)]]),
  })
}

test('a finding of the first run is new, with nothing to compare', () => {
  const current = rowsOf(sizes, errorsOf('a', 'b', 8))
  const [only] = decideItems(inputsOf(current, { findings: [finding(PAIR, 8)] }))
  expect(only).toMatchObject({
    id: PAIR,
    state: 'new',
    change: null,
    finding: '8 seen.',
    severity: 'medium',
    evidence: ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'],
    evidenceCount: 8,
    known: null,
  })
  expect(only!.permalink).toMatch(/^items\/confusion-a-b-[0-9a-f]{8}\/$/)
})

describe('an open item', () => {
  test('that moved within its noise persists', () => {
    const [only] = decideItems(pair(12, 8))
    // Four fixed, none broken: 2 × 0.5⁴.
    expect(only).toMatchObject({
      state: 'persisting',
      change: { before: 12, p: expect.closeTo(0.125, 12) },
    })
    expect(only!.finding).toContain('In then it was 12: no evidence of a change')
  })

  test('that has significantly fewer errors and is still raised is improved', () => {
    const [only] = decideItems(pair(14, 6))
    expect(only).toMatchObject({
      state: 'improved',
      change: { before: 14, p: expect.closeTo(0.0078125, 12) },
    })
  })

  test('that has significantly more errors is worsened', () => {
    expect(decideItems(pair(6, 14))[0]).toMatchObject({ state: 'worsened' })
  })

  test('that is no longer raised with a significant drop is resolved', () => {
    const [only] = decideItems(pair(13, 1))
    expect(only).toMatchObject({ state: 'resolved', measure: { value: 1 }, change: { before: 13 } })
    expect(only!.finding).toContain('Resolved: 1 now. In then it was 13')
  })

  test('that is no longer raised without evidence of a drop stays open and says so', () => {
    const [only] = decideItems(pair(8, 5))
    expect(only).toMatchObject({
      state: 'persisting',
      measure: { value: 5 },
      change: { p: expect.closeTo(0.25, 12) },
    })
    expect(only!.finding).toContain('stays open until there is evidence')
    expect(only!.doneWhen).toBe('Fewer than the 8 of then.')
  })

  test('is done when there are fewer than in a run that it names, also later', () => {
    expect(decideItems(pair(8, 9))[0]!.doneWhen).toBe('Fewer than the 9 of now.')
    const unknown = decideItems({ ...pair(13, 0), recall: () => null })
    expect(unknown[0]!.doneWhen).toBe('Fewer than the 13 of then.')
  })

  test('whose errors moved to other rows is not taken for unchanged rows', () => {
    // Ten fixed and ten broken: the same count, another set.
    const [only] = decideItems(pair(10, 10, { start: 10 }))
    expect(only).toMatchObject({ state: 'persisting', change: { before: 10, p: 1 } })
  })

  test('that shrinks in small steps is resolved once the whole way down is significant', () => {
    const steps = indexOf(['one', [item(PAIR, 13)]], ['then', [item(PAIR, 5, 'persisting')]])
    const then = (now: number) =>
      decideItems({
        ...pair(5, now),
        baseline: baselineOf('then', rowsOf(sizes, errorsOf('a', 'b', 5)), [
          item(PAIR, 5, 'persisting'),
        ]),
        index: steps,
      })[0]
    // 13 to 5 at its most cautious is p = 0.096, 13 to 2 is 0.0074; 5 to 0 alone is 0.06.
    expect(then(5)).toMatchObject({ state: 'persisting' })
    expect(then(2)).toMatchObject({ state: 'resolved', change: { before: 5 } })
    expect(then(2)!.change!.p).toBeCloseTo(0.00738525390625, 12)
  })

  test('is held against the run that last judged it, not the one that raised it', () => {
    const index = indexOf(
      ['one', [item(PAIR, 20)]],
      ['two', [item(PAIR, 8, 'improved')]],
      ['then', [item(PAIR, 8, 'persisting')]],
    )
    expect(decideItems({ ...pair(8, 7), index })[0]).toMatchObject({ state: 'persisting' })
  })

  test('does not shrink by rows that were left out', () => {
    const then = baselineOf('then', rowsOf(sizes, errorsOf('a', 'b', 18)), [item(PAIR, 18)])
    const index = indexOf(['then', [item(PAIR, 18)]])
    // Rows a0 … a13 are gone and 14 of the errors with them.
    const all = rowsOf(sizes, errorsOf('a', 'b', 18))
    const kept = [...all.ids.keys()].filter((row) => row >= 14)
    const pick = <T>(values: ArrayLike<T>) => kept.map((row) => values[row]!)
    const current = {
      ...all,
      ids: pick(all.ids),
      labels: pick(all.labels),
      correct: pick(all.correct),
      nearestLabel: pick(all.nearestLabel),
    }
    const [only] = decideItems(
      inputsOf(current, { recall: (id) => finding(id, 4), baseline: then, index }),
    )
    expect(only).toMatchObject({ state: 'persisting', change: { before: 18, p: 1 } })
  })

  test('is not evaluated where the run can no longer measure it', () => {
    const [only] = decideItems({ ...pair(13, 0), recall: () => null })
    expect(only).toMatchObject({ state: 'not-evaluated', measure: { value: 13, unit: 'errors' } })
    expect(only!.evidence).toEqual([])
    expect(only!.finding).toContain('now does not have what it measures, so it can’t tell.')
  })

  test('is not evaluated where a class of it is not in this run, which is named', () => {
    const [only] = decideItems({
      ...pair(13, 0),
      ...inputsOf(rowsOf({ a: 20, c: 20 }), {}),
      ...indexed(13),
      recall: () => null,
    })
    expect(only).toMatchObject({
      state: 'not-evaluated',
      certainty: { says: 'now has no rows of b, so it can’t tell.' },
    })
  })

  test('has not worsened where the baseline lacks one of its classes', () => {
    const then = rowsOf({ a: 20, c: 20 })
    const past = [item(PAIR, 12, 'not-evaluated')]
    const [only] = decideItems({
      ...pair(0, 12),
      baseline: baselineOf('then', then, past),
      index: indexOf(['one', [item(PAIR, 12)]], ['then', past]),
    })
    expect(only).toMatchObject({ state: 'persisting', change: null })
    expect(only!.finding).toContain('then has no rows of b.')
  })

  test('is not evaluated where most of its rows are not in this run', () => {
    const current = rowsOf({ a: 9, b: 9, c: 20 })
    const [only] = decideItems({ ...pair(13, 0), ...inputsOf(current, {}), ...indexed(13) })
    expect(only).toMatchObject({ state: 'not-evaluated' })
    expect(only!.finding).toContain('Only 18 of the 40 rows of a and b in then')
  })

  test('is not evaluated without a baseline, and never resolved', () => {
    expect(decideItems({ ...pair(13, 0), baseline: null })[0]).toMatchObject({
      state: 'not-evaluated',
    })
    expect(decideItems({ ...pair(13, 13), baseline: null })[0]).toMatchObject({
      state: 'persisting',
      change: null,
    })
  })

  test('of a baseline from a file is open although the index does not know it', () => {
    expect(decideItems({ ...pair(13, 0), index: null })[0]).toMatchObject({ state: 'resolved' })
  })

  test('stays open after a run that could not evaluate it', () => {
    const index = indexOf(['one', [item(PAIR, 13)]], ['then', [item(PAIR, 13, 'not-evaluated')]])
    expect(states(decideItems({ ...pair(13, 12), index }))).toEqual({ [PAIR]: 'persisting' })
  })
})

function indexed(before: number) {
  const { baseline, index } = pair(before, 0)
  return { baseline, index }
}

describe('items that are tested together', () => {
  /** a|b loses 7 of 8 errors; each other pair, of a class and its prime, loses 1 of 8. */
  const together = (others: readonly string[]) => {
    const labels = ['a', 'b', ...others.flatMap((name) => [name, `${name}'`])]
    const many = Object.fromEntries(labels.map((label) => [label, 20]))
    const taken = (first: number, rest: number) => ({
      ...errorsOf('a', 'b', first),
      ...Object.assign({}, ...others.map((name) => errorsOf(name, `${name}'`, rest))),
    })
    const classesOf = (name: string) => [name, `${name}'`]
    const past = [item(PAIR, 8), ...others.map((name) => item(`confusion:${name}|${name}'`, 8))]
    const items = decideItems(
      inputsOf(rowsOf(many, taken(1, 7)), {
        findings: others.map((name) => finding(`confusion:${name}|${name}'`, 7, classesOf(name))),
        recall: (id) => finding(id, 1),
        baseline: baselineOf('then', rowsOf(many, taken(8, 8)), past),
        index: indexOf(['then', past]),
      }),
    )
    return items.find(({ id }) => id === PAIR)!
  }

  test('change only where the test stands after the correction for all of them', () => {
    // Seven fixed, none broken: 2 × 0.5⁷ alone, and three times and seven times that.
    expect(together([])).toMatchObject({
      state: 'resolved',
      change: { p: expect.closeTo(0.015625, 12) },
    })
    expect(together(['c', 'd'])).toMatchObject({
      state: 'resolved',
      change: { p: expect.closeTo(0.046875, 12) },
    })
    const among = together(['c', 'd', 'e', 'f', 'g', 'h'])
    expect(among).toMatchObject({
      state: 'persisting',
      change: { p: expect.closeTo(0.109375, 12) },
    })
    expect(among.finding).toContain('7 fixed, 0 broken, corrected for 7 tests, p = 0.11')
  })
})

describe('a resolved item', () => {
  const index = indexOf(['one', [item(PAIR, 13)]], ['then', [item(PAIR, 1, 'resolved')]])

  test('leaves the list after the run that resolved it', () => {
    const resolved = [item(PAIR, 1, 'resolved')]
    const baseline = baselineOf('then', rowsOf(sizes, errorsOf('a', 'b', 1)), resolved)
    expect(decideItems({ ...pair(1, 0), index, baseline })).toEqual([])
  })

  test('that is raised again with significantly more errors has regressed', () => {
    // Eight broken, none fixed: 2 × 0.5⁸.
    const [only] = decideItems({ ...pair(1, 9), index })
    expect(only).toMatchObject({
      state: 'regressed',
      change: { before: 1, p: expect.closeTo(0.0078125, 12) },
    })
    expect(only!.finding).toContain('It was resolved once and is back. In then it was 1 (paired')
  })

  test('that is raised again without evidence of a rise persists, and says so', () => {
    const resolved = indexOf(['one', [item(PAIR, 13)]], ['then', [item(PAIR, 4, 'resolved')]])
    const [only] = decideItems({ ...pair(4, 7), index: resolved })
    // Three broken, none fixed: 2 × 0.5³.
    expect(only).toMatchObject({
      state: 'persisting',
      change: { before: 4, p: expect.closeTo(0.25, 12) },
    })
    expect(only!.finding).toContain(
      'It was resolved once (4 in then) and is back within its noise: in then it was 4, no evidence of a rise (paired',
    )
    const alone = decideItems({ ...pair(1, 9), index, baseline: null })[0]!
    expect(alone).toMatchObject({ state: 'persisting', change: null })
    expect(alone.finding).toContain('is back. Whether it changed can')
  })

  describe('that came back within its noise', () => {
    const back = (before: number, now: number) => {
      const states = [item(PAIR, before, 'persisting')]
      const rows = rowsOf(sizes, errorsOf('a', 'b', before))
      return decideItems({
        ...pair(before, now),
        index: indexOf(
          ['one', [item(PAIR, 20)]],
          ['two', [item(PAIR, 1, 'resolved')]],
          ['then', states],
        ),
        baseline: baselineOf('then', rows, states),
      })[0]!
    }

    test('has regressed once the whole way up is significant', () => {
      // 6 to 8 is two rows; 1 to 8 at its most cautious is 2 × (1 + 9) × 0.5⁹ = 0.039, 1 to 7 0.07.
      expect(back(6, 7)).toMatchObject({ state: 'persisting' })
      expect(back(6, 8)).toMatchObject({ state: 'regressed', change: { before: 6 } })
      expect(back(6, 8).change!.p).toBeCloseTo(0.0390625, 12)
    })

    test('is resolved again once it is no longer raised', () => {
      expect(back(6, 3)).toMatchObject({ state: 'resolved' })
      expect(back(6, 3).finding).toContain('Resolved again: 3 now. It had come back (1 in two)')
    })
  })

  test('that is a fact is back as soon as there is one', () => {
    const ID = 'duplicates:exact'
    const [only] = decideItems(
      inputsOf(rowsOf(sizes), {
        findings: [finding(ID, 2, ['a'])],
        baseline: baselineOf('then', rowsOf(sizes), []),
        index: indexOf(['one', [item(ID, 4)]], ['two', [item(ID, 0, 'resolved')]], ['then', []]),
      }),
    )
    expect(only).toMatchObject({ state: 'regressed', change: { before: 0, p: null } })
  })

  test('that is back stands where its weight puts it', () => {
    const other = finding('confusion:a|c', 30, ['a', 'c'])
    const items = decideItems({
      ...pair(1, 9),
      index,
      findings: [{ ...finding(PAIR, 9), gain: 0, stake: 0 }, other],
    })
    expect(items.map(({ id, state, rank }) => [id, state, rank])).toEqual([
      ['confusion:a|c', 'new', 1],
      [PAIR, 'regressed', 2],
    ])
  })
})

test('states of runs that were created later, or of this run itself, do not count', () => {
  const index = indexOf(
    ['then', [item(PAIR, 13)]],
    ['now', [item(PAIR, 1, 'resolved')]],
    ['later', [item(PAIR, 1, 'resolved')]],
  )
  const inputs = { ...pair(13, 1), index, createdAt: '2026-03-02T09:00:00.000Z' }
  expect(states(decideItems(inputs))).toEqual({ [PAIR]: 'resolved' })
})

describe('identical vectors', () => {
  const ID = 'duplicates:exact'
  const facts = (before: number, now: number, current = rowsOf(sizes)) =>
    decideItems(
      inputsOf(current, {
        findings: now > 0 ? [finding(ID, now, ['a'])] : [],
        recall: () => finding(ID, now, ['a']),
        baseline: baselineOf('then', rowsOf(sizes), [item(ID, before)]),
        index: indexOf(['then', [item(ID, before)]]),
      }),
    )[0]

  test('are counted, so that every change of their number is one', () => {
    expect(facts(4, 4)).toMatchObject({ state: 'persisting', change: { before: 4, p: null } })
    expect(facts(4, 2)).toMatchObject({ state: 'improved' })
    expect(facts(4, 6)).toMatchObject({ state: 'worsened' })
    expect(facts(4, 0)).toMatchObject({ state: 'resolved' })
  })

  test('are not repaired by leaving their rows out', () => {
    expect(facts(4, 0, rowsOf({ b: 20, c: 20 }))).toMatchObject({ state: 'not-evaluated' })
  })
})

describe('an item that the manifest knows', () => {
  const known = (until: string | null, today: string) =>
    decideItems({
      ...pair(8, 8),
      manifest: { known: [{ id: PAIR, state: 'accepted', reason: 'Twins.', until }] },
      today,
    })[0]!.known

  test('is marked to the last day, that day included', () => {
    const accepted = { state: 'accepted', reason: 'Twins.', until: '2026-03-20' }
    expect(known('2026-03-20', '2026-03-20')).toEqual(accepted)
    expect(known('2026-03-20', '2026-03-21')).toBeNull()
    expect(known(null, '2099-01-01')).toMatchObject({ until: null })
  })
})

test('an item names 60 rows and counts them all', () => {
  const current = rowsOf({ a: 200, b: 20 })
  const [only] = decideItems(inputsOf(current, { findings: [finding(PAIR, 130)] }))
  expect(only!.evidence).toHaveLength(60)
  expect(only!.evidenceCount).toBe(130)
})

test('severity follows what is at stake', () => {
  const severity = (stake: number) =>
    decideItems(inputsOf(rowsOf(sizes), { findings: [{ ...finding(PAIR, 1), stake }] }))[0]!
      .severity
  expect([1, 0.99, 0.25, 0.24, 0].map(severity)).toEqual(['high', 'medium', 'medium', 'low', 'low'])
})

test('items come by gain, and those that are done or unknown come last', () => {
  const inputs = pair(13, 0)
  const index = indexOf(['then', [item(PAIR, 13), item('spread:gone', 3)]])
  const findings = [
    finding('confusion:a|c', 7, ['a', 'c']),
    finding('confusion:b|c', 9, ['b', 'c']),
  ]
  const recall = (id: string) => (id === 'spread:gone' ? null : finding(id, 0))
  expect(Object.entries(states(decideItems({ ...inputs, index, findings, recall })))).toEqual([
    ['confusion:b|c', 'new'],
    ['confusion:a|c', 'new'],
    ['spread:gone', 'not-evaluated'],
    [PAIR, 'resolved'],
  ])
})

test('an item that grew in steps too small for a test has not become better', () => {
  // 3 to 12 at its most cautious is p = 0.035, in the wrong direction.
  const index = indexOf(['one', [item(PAIR, 3)]], ['then', [item(PAIR, 12, 'persisting')]])
  expect(decideItems({ ...pair(12, 12), index })[0]).toMatchObject({
    state: 'persisting',
    change: { before: 12, p: 1 },
  })
})

test('half of the rows that showed identical vectors are enough to tell', () => {
  const ID = 'duplicates:exact'
  const left = (rows: number) =>
    decideItems(
      inputsOf(rowsOf({ a: rows, b: 20 }), {
        recall: () => finding(ID, 0, ['a']),
        baseline: baselineOf('then', rowsOf(sizes), [item(ID, 4)]),
        index: indexOf(['then', [item(ID, 4)]]),
      }),
    )[0]!.state
  expect([2, 1].map(left)).toEqual(['resolved', 'not-evaluated'])
})

test('contradicted labels are resolved where none is left, however few there were', () => {
  const ID = 'label-issue:a|b'
  const left = (now: number) =>
    decideItems(
      inputsOf(rowsOf(sizes), {
        recall: () => finding(ID, now),
        baseline: baselineOf('then', rowsOf(sizes), [item(ID, 4)]),
        index: indexOf(['then', [item(ID, 4)]]),
      }),
    )[0]!.state
  expect([0, 1].map(left)).toEqual(['resolved', 'persisting'])
})

test('a finding that another one covers has no state of its own', () => {
  const covering = { ...finding(PAIR, 13), covers: ['label-issue:a|b'] }
  const index = indexOf(['then', [item(PAIR, 13), item('label-issue:a|b', 9)]])
  const items = decideItems({ ...pair(13, 13), index, findings: [covering] })
  expect(states(items)).toEqual({ [PAIR]: 'persisting' })
})

test('what was resolved once and is back comes where its stake puts it', () => {
  const index = indexOf(['one', [item(PAIR, 13)]], ['then', [item(PAIR, 1, 'resolved')]])
  const findings = [finding('confusion:a|c', 12, ['a', 'c']), finding(PAIR, 9)]
  expect(Object.entries(states(decideItems({ ...pair(1, 9), index, findings })))).toEqual([
    ['confusion:a|c', 'new'],
    [PAIR, 'regressed'],
  ])
})

test('ten open items are listed, and the rest is folded', () => {
  const findings = Array.from({ length: 12 }, (_, at) => finding(`confusion:a|${at}`, 20 - at))
  const items = decideItems(inputsOf(rowsOf(sizes), { findings }))
  expect(items.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(items.map(({ folded }) => folded)).toEqual([...Array(10).fill(false), true, true])
})
