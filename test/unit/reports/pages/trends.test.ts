/** A project over its runs: what is joined, what burns down, and what comes back. */

import { describe, expect, it } from 'vitest'
import type { ItemState } from '../../../../lib/core/item.ts'
import type { ProjectIndex, RunEntry } from '../../../../lib/core/project-index.ts'
import { burnDown, resolutionOf, trendRuns } from '../../../../reports/pages/project/trends.ts'
import { renderProject } from '../../../../reports/render.ts'
import { isOpen } from '../../../../reports/view/project-view.ts'
import { buildRun, seededPoints } from '../fixture.ts'

const { index: made } = buildRun(seededPoints(60, 3))
const summary = made.runs.findLast((entry) => entry.summary !== null)!.summary!

const STATES: Record<string, readonly (ItemState | null)[]> = {
  one: ['new', 'persisting', 'resolved', null],
  two: ['new', 'resolved', 'regressed', 'resolved'],
  three: [null, 'new', 'not-evaluated', 'persisting'],
  four: [null, null, 'new', 'resolved'],
}

function indexWith(change: (at: number) => Partial<typeof summary> = () => ({})): ProjectIndex {
  const names = ['v1', 'v2', 'v3', 'v4']
  const runs = names.map(
    (run, at): RunEntry => ({
      run,
      createdAt: `2026-03-0${at + 1}T09:00:00.000Z`,
      status: 'published',
      contentId: run,
      error: null,
      summary: { ...summary, accuracy: 0.8 + at / 100, ...change(at) },
    }),
  )
  const failed: RunEntry = { ...runs[0]!, run: 'broken', status: 'failed', summary: null }
  const items = Object.fromEntries(
    Object.entries(STATES).map(([id, states]) => [
      id,
      {
        id,
        kind: 'confusion' as const,
        title: `Item ${id}`,
        owner: 'Someone',
        states: states.flatMap((state, at) =>
          state === null ? [] : [{ run: names[at]!, state, measure: 3, gain: 0.1 }],
        ),
      },
    ]),
  )
  return { ...made, runs: [...runs.slice(0, 2), failed, ...runs.slice(2)], items }
}

describe('runs over time', () => {
  it('are of one segment where each can be compared with the one before, failed ones aside', () => {
    expect(trendRuns(indexWith()).map(({ run, segment }) => [run, segment])).toEqual([
      ['v1', 0],
      ['v2', 0],
      ['v3', 0],
      ['v4', 0],
    ])
  })

  it('start anew with another distance, and again where it goes back', () => {
    const index = indexWith((at) => (at === 2 ? { metric: 'cosine' } : {}))
    expect(trendRuns(index).map(({ segment, apart }) => [segment, apart])).toEqual([
      [0, null],
      [0, null],
      [1, 'another distance'],
      [2, 'another distance'],
    ])
  })
})

describe('items over time', () => {
  it('are carried, raised or resolved in each run; what can’t be told is not counted', () => {
    expect(burnDown(indexWith())).toEqual([
      { run: 'v1', carried: 0, raised: 2, resolved: 0 },
      { run: 'v2', carried: 1, raised: 1, resolved: 1 },
      { run: 'v3', carried: 0, raised: 2, resolved: 1 },
      { run: 'v4', carried: 1, raised: 0, resolved: 2 },
    ])
  })

  it('are not counted while they are accepted, and raised where they came back within noise', () => {
    const index = indexWith()
    const [two, four] = [index.items.two!, index.items.four!]
    const known = four.states.map((entry) => ({ ...entry, known: true as const }))
    const states = two.states.map((entry) =>
      entry.state === 'regressed' ? { ...entry, state: 'persisting' as const } : entry,
    )
    const items = {
      ...index.items,
      two: { ...two, states },
      four: { ...four, states: known.slice(0, 1) },
    }
    expect(burnDown({ ...index, items })[2]).toEqual({
      run: 'v3',
      carried: 0,
      raised: 1,
      resolved: 1,
    })
    expect(isOpen(items.four)).toBe(false)
    expect(isOpen({ ...four, states: four.states.slice(0, 1) })).toBe(true)
  })

  it('take a median of runs and days, by hand: spans of 3, 4 and 1 entries', () => {
    const { resolved, medianRuns, medianDays, returning } = resolutionOf(indexWith())
    // One: v1 to v3 (with the failed run 3 on, 2 days); two: v1 to v4 (4, 3 days); four: v3 to v4.
    expect({ resolved, medianRuns, medianDays }).toEqual({
      resolved: 3,
      medianRuns: 3,
      medianDays: 2,
    })
    expect(returning.map(({ item, times }) => [item.id, times])).toEqual([['two', 1]])
  })
})

describe('the project’s page', () => {
  const lines = (page: string) => {
    const chart = page.split('Nearest-neighbour accuracy:').at(-1)!.split('</figure>')[0]!
    return chart.match(/<path[^>]* d="M[^"]*L[^"]*"/g)?.length ?? 0
  }

  it('joins no runs that can’t be compared, and says why', async () => {
    const joined = await renderProject(indexWith())
    const apart = await renderProject(indexWith((at) => (at < 2 ? {} : { metric: 'cosine' })))
    expect(lines(apart)).toBeGreaterThan(lines(joined))
    expect(joined).not.toContain('no line joins')
    expect(apart).toContain(
      'v3 has another distance than the run before it, so no line joins the two, and earlier runs are grey.',
    )
    expect(apart).toContain('2 runs that can be compared, accuracy from')
  })

  it('says how long items take and which came back', async () => {
    const page = await renderProject(indexWith())
    expect(page).toContain('Half of the 3 resolved items took 3 runs, 2 days or less.')
    expect(page).toContain('1 item came back after it was resolved')
    expect(page).toContain('Open items: 2 → 1, 4 resolved on the way.')
  })
})
