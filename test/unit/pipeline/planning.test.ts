/** The life of an item over runs, through the whole pipeline: muted until a day, back, resolved, back again. */

import { beforeAll, expect, test } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import { isOpenItem } from '../../../lib/core/item.ts'
import type { Plan } from '../../../lib/core/planning.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Report } from '../../../lib/core/report.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { planOf } from '../../../lib/planning/plan.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { itemPage } from '../../../reports/view/run-view.ts'

const ITEM = 'confusion:a|b'
const MUTED = `
known:
  - id: "${ITEM}"
    state: muted
    reason: The camera is being replaced.
    until: 2026-06-10
`

/** Day of each run, its manifest, and whether its two classes lie on one another. */
const RUNS = [
  ['r1', '2026-06-01', '', true],
  ['r2', '2026-06-05', MUTED, true],
  ['r3', '2026-06-11', MUTED, true],
  ['r4', '2026-06-12', '', false],
  ['r5', '2026-06-13', '', true],
] as const

/** 120 rows a class, the same ids in each run; `c` lies apart from both others. */
function vectors(areMixed: boolean): string {
  const random = seededRandom(7)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const lines = Array.from({ length: 360 }, (_, row) => {
    const label = 'abc'[row % 3]!
    const place = { a: 0, b: areMixed ? 0.5 : 12, c: 30 }[label]!
    return `row-${row},${label},${place + normal()},${normal()}`
  })
  return ['id,label,embedding_0,embedding_1', ...lines].join('\n')
}

const site = memoryStore('site')
const reports: Record<string, Report> = {}
const attention: Record<string, readonly string[]> = {}
const pages: Record<string, string> = {}
const badges: Record<string, string> = {}

beforeAll(async () => {
  let now = new Date('2026-06-01T12:00:00Z')
  const uploads = memoryStore('uploads', () => now)
  const silent = () => {}
  const context: Context = {
    uploads,
    site,
    vault: memoryStore('vault'),
    log: { info: silent, warn: silent, error: silent },
    clock: () => now,
    random: seededRandom,
    signal: new AbortController().signal,
    progress: silent,
    announcers: [],
  }
  for (const [run, day, manifest, areMixed] of RUNS) {
    now = new Date(`${day}T12:00:00Z`)
    await uploads.put(`uploads/p/${run}/embeddings.csv`, vectors(areMixed))
    await uploads.put(`uploads/p/${run}/nearmiss.yaml`, `model: {version: ${run}}\n${manifest}`)
    const outcome = await evaluateUpload(context, { project: 'p', run, backend: 'wasm' })
    if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
    reports[run] = outcome.report
    attention[run] = (JSON.parse(await read('p/sprint/sprint.json')) as Plan).items.map(
      ({ id }) => id,
    )
    pages[run] = await read(`p/${itemPage(ITEM)}`)
    badges[run] = await read('p/badge.svg')
  }
}, 60_000)

async function read(key: string): Promise<string> {
  return new TextDecoder().decode((await site.get(key))?.body)
}

const itemOf = (run: string) => reports[run]!.items.find(({ id }) => id === ITEM)!

test('each run tells its state from the one before', async () => {
  const states = ['new', 'persisting', 'persisting', 'resolved', 'regressed']
  expect(RUNS.map(([run]) => itemOf(run).state)).toEqual(states)
  const index = JSON.parse(await read('p/index.json')) as ProjectIndex
  expect(index.items[ITEM]?.states.map(({ state }) => state)).toEqual(states)
})

test('muted, it leaves the list, the badge and the sprint, and stays in the history', () => {
  expect(itemOf('r2').known).toEqual({
    state: 'muted',
    reason: 'The camera is being replaced.',
    until: '2026-06-10',
  })
  expect(attention.r1).toContain(ITEM)
  expect(attention.r2).not.toContain(ITEM)
  const openCount = (run: string) => reports[run]!.items.filter(isOpenItem).length
  expect(openCount('r2')).toBe(openCount('r1') - 1)
  for (const run of ['r1', 'r2']) expect(badges[run]).toContain(`${openCount(run)} to fix`)
  expect(pages.r2).toMatch(/<b>Muted<\/b> until 10.Jun.2026: The camera is being replaced\./)
  expect(pages.r2).toContain('From the next day on it is on the list again.')
})

test('the day after the last one it is back, with a run and without', () => {
  expect(itemOf('r3').known).toBeNull()
  expect(attention.r3).toContain(ITEM)
  expect(pages.r3).not.toContain('<b>Muted</b>')
  const standing = (today: string) =>
    planOf(reports.r2!, null, today).items.find(({ id }) => id === ITEM)?.standing
  expect([standing('2026-06-10'), standing('2026-06-11')]).toEqual(['known', 'attention'])
})

test('resolved, it says by which run; back again, it shouts, and comes first', () => {
  expect(pages.r4).toMatch(/<b>Resolved<\/b> by the run <a [^>]*>r4<\/a> \(12.Jun.2026\)/)
  expect(attention.r4).not.toContain(ITEM)
  expect(pages.r5).toContain('<p class="banner bad"><b>It is back.</b>')
  expect(pages.r5).toMatch(/had resolved it \(12.Jun.2026\); <a [^>]*>r5<\/a> \(13.Jun.2026\)/)
  expect(attention.r5?.[0]).toBe(ITEM)
  expect(reports.r5!.items[0]).toMatchObject({ id: ITEM, state: 'regressed' })
})

test('the project counts what came back, and draws it among what each run raised and resolved', async () => {
  const page = (await read('p/index.html')).replace(/<(script|style).*?<\/\1>/gs, '')
  const [said] = /\d+ items? came back after [^:]+:/.exec(page) ?? []
  expect(said).toBe('1 item came back after it was resolved:')
  const [title] = /Open items: [^.]+\./.exec(page) ?? []
  expect(title).toBe('Open items: 1 → 1, 1 resolved on the way.')
})
