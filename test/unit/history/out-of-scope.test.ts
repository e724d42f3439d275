/** Items whose subject is gone: they end, and may come back. */

import { describe, expect, test } from 'vitest'
import { RUNS_UNTIL_OUT_OF_SCOPE } from '../../../lib/core/item.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { decideItems } from '../../../lib/history/items.ts'
import { appendRun } from '../../../lib/history/project-index.ts'
import {
  baselineOf,
  day,
  entry,
  errorsOf,
  finding,
  indexOf,
  inputsOf,
  item,
  rowsOf,
} from './made.ts'

const PAIR = 'confusion:a|b'
const WITHOUT = { a: 20, c: 20 }
const WITH = { a: 20, b: 20, c: 20 }

interface Made {
  readonly sizes: Readonly<Record<string, number>>
  /** Errors within the pair; null where the run has no such class. */
  readonly errors: number | null
  /** Where its rows can't be matched with those of the run before. */
  readonly strangers?: boolean
}

/** Runs one after another, each compared with the one before it; the pair's state in each, null: not listed. */
function statesOver(runs: readonly Made[]) {
  let index: ProjectIndex = indexOf(['0', [item(PAIR, 13)]])
  let before = baselineOf('0', rowsOf(WITH, errorsOf('a', 'b', 13)), [item(PAIR, 13)])
  return runs.map(({ sizes, errors, strangers }, at) => {
    const run = String(at + 1)
    const rows = rowsOf(sizes, errorsOf('a', 'b', errors ?? 0))
    const current = strangers ? { ...rows, ids: rows.ids.map((id) => `${run}-${id}`) } : rows
    const items = decideItems(
      inputsOf(current, {
        run,
        createdAt: day(at + 2),
        index,
        baseline: before,
        findings: errors !== null && errors >= 6 ? [finding(PAIR, errors)] : [],
        recall: (id) => (errors === null ? null : finding(id, errors)),
      }),
    )
    index = appendRun(index, entry(run, day(at + 2)), items)
    before = baselineOf(run, current, items)
    return items.find(({ id }) => id === PAIR) ?? null
  })
}

const gone = (count: number): Made[] => Array(count).fill({ sizes: WITHOUT, errors: null })
const stateNames = (runs: readonly Made[]) => statesOver(runs).map((told) => told?.state ?? null)
const unknown = (count: number) => Array(count).fill('not-evaluated') as string[]

describe('an item whose class is gone', () => {
  test('ends as out of scope in the fifth run in a row that can’t tell, and is in no later one', () => {
    expect(RUNS_UNTIL_OUT_OF_SCOPE).toBe(5)
    expect(stateNames(gone(8))).toEqual([...unknown(4), 'out-of-scope', null, null, null])
    const ended = statesOver(gone(5))[4]!
    expect(ended.finding).toContain('5 runs in a row could not tell, so it is out of scope')
    expect(ended).toMatchObject({ rank: null, evidence: [], evidenceCount: 0 })
  })

  test('has its runs again after a run that could tell', () => {
    const back: Made = { sizes: WITH, errors: 12 }
    expect(stateNames([...gone(4), back, ...gone(5)])).toEqual([
      ...unknown(4),
      'persisting',
      ...unknown(4),
      'out-of-scope',
    ])
  })

  test('comes back where it is raised again, and says so', () => {
    const told = statesOver([...gone(6), { sizes: WITH, errors: 12 }])
    expect(told.at(-1)).toMatchObject({ state: 'persisting', rank: 1 })
    expect(told.at(-1)!.finding).toContain('It was out of scope and is back.')
  })

  test('comes back with its class although it isn’t raised, and is judged by the next run', () => {
    const quiet: Made = { sizes: WITH, errors: 5 }
    expect(stateNames([...gone(6), quiet, quiet, ...gone(5)])).toEqual([
      ...unknown(4),
      'out-of-scope',
      null,
      'not-evaluated',
      'persisting',
      ...unknown(4),
      'out-of-scope',
    ])
  })
})

test('an item whose rows are never those of the run before ends too, and stays ended', () => {
  const strangers: Made = { sizes: WITH, errors: 2, strangers: true }
  expect(stateNames(Array(7).fill(strangers))).toEqual([...unknown(4), 'out-of-scope', null, null])
})
