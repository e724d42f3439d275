/** An item's page says what became of it, shows the rows, and links to each run and each sibling. */

import { describe, expect, it } from 'vitest'
import type { ItemState } from '../../../../lib/core/item.ts'
import { itemSlug } from '../../../../lib/core/names.ts'
import type { ProjectIndex } from '../../../../lib/core/project-index.ts'
import { renderItem, runView } from '../../../../reports/render.ts'
import { lifeOf } from '../../../../reports/view/item-life.ts'
import { buildRun, seededPoints } from '../fixture.ts'
import { withPlanning } from '../fixture-planning.ts'

const run = withPlanning(buildRun(seededPoints(300, 6, 0.9)))
const { report, index } = run
const [item] = report.items
const TODAY = '2026-11-21'

function withStates(states: readonly (readonly [run: string, state: ItemState])[]): ProjectIndex {
  const history = index.items[item!.id]!
  const made = states.map(([name, state]) => ({ run: name, state, measure: 7, gain: 1 }))
  const runs = states.map(([name], at) => ({
    ...index.runs[0]!,
    run: name,
    createdAt: `2026-11-0${at + 1}T00:00:00Z`,
  }))
  return { ...index, runs, items: { [item!.id]: { ...history, states: made } } }
}

const page = (of: ProjectIndex, changes: Partial<Parameters<typeof renderItem>[0]> = {}) =>
  renderItem({
    index: of,
    itemId: item!.id,
    run: runView(run),
    links: null,
    today: TODAY,
    ...changes,
  })

describe('an item’s page', () => {
  it('links each run’s report at the item’s anchor', async () => {
    const html = await page(index)
    for (const { run: name } of index.items[item!.id]!.states) {
      expect(html).toContain(`href="../../runs/${name}/index.html#${itemSlug(item!.id)}"`)
    }
  })

  it('says what to do, shows the rows, and links to items of the same classes', async () => {
    const html = await page(index)
    expect(html).toContain('Asked the camera team.')
    expect(html).toContain(`<bdi>${item!.evidence[0]}</bdi>`)
    expect(html).toMatch(/<ul class="related"><li><a href="\.\.\/confusion-/)
    expect(html).toContain('https://github.com/example/project/issues/new?title=')
    expect(html).toContain(`sprint/index.html#pick=${itemSlug(item!.id).slice(-8)}`)
  })

  it('shows the ticket that it has, by the manifest or the API, and proposes none', async () => {
    const url = 'https://github.com/example/project/issues/77'
    const tickets = { [item!.id]: { url, linkedAt: '2026-11-20T00:00:00Z' } }
    const links = { schema: 'nearmiss.tickets/1', project: 'animals', tickets } as const
    const html = await page(index, { links })
    expect(html).toContain(`<a class="ticket-link" href="${url}">Ticket #77</a>`)
    expect(html).not.toContain('issues/new')
  })

  it('draws its counts on an axis of whole numbers', async () => {
    const html = await page(
      withStates([
        ['a', 'new'],
        ['b', 'persisting'],
        ['c', 'improved'],
      ]),
    )
    const labels = [...html.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!)
    expect(labels).toEqual(expect.arrayContaining(['0', '2', '4', '6']))
    expect(labels.some((label) => /e\+/.test(label))).toBe(false)
  })

  it('shouts where it is back', async () => {
    const html = await page(
      withStates([
        ['a', 'new'],
        ['b', 'resolved'],
        ['c', 'regressed'],
        ['d', 'persisting'],
      ]),
    )
    expect(html).toMatch(/class="banner bad"><b>It is back\.<\/b>.*runs\/b\/.*runs\/c\//)
  })

  it('does not shout where it came back within its noise', async () => {
    const html = await page(
      withStates([
        ['a', 'new'],
        ['b', 'resolved'],
        ['c', 'persisting'],
      ]),
    )
    expect(html).toMatch(/class="banner"><b>It may be back\.<\/b>.*by no more than its noise\./)
    expect(html).toContain('Back in c, within its noise, after b had resolved it')
    expect(html).not.toContain('It is back.')
  })

  it('says which run resolved it, and when', async () => {
    const items = report.items.map((one) =>
      one === item ? { ...one, state: 'resolved' as const } : one,
    )
    const done = runView({ ...run, report: { ...report, items } })
    const html = await page(
      withStates([
        ['a', 'new'],
        ['b', 'resolved'],
      ]),
      { run: done },
    )
    expect(html).toMatch(
      /<b>Resolved<\/b> by the run <a href="..\/..\/runs\/b\/index.html">b<\/a> \(2 Nov 2026\)/,
    )
    expect(html).not.toContain('issues/new')
    // What was seen stays, nothing of what it asked for.
    expect(html).toContain('<dt>Seen</dt>')
    for (const gone of [' severity</span>', '<dt>How sure</dt>', '<dt>Costs</dt>', '<dt>Do</dt>']) {
      expect(html).not.toContain(gone)
    }
    expect(html).not.toContain('id="evidence"')
  })

  it('says why a run can’t tell, and nothing of what it would gain', async () => {
    const says = 'b has no rows of c03, so it can’t tell.'
    const unknown = {
      ...item!,
      state: 'not-evaluated' as const,
      certainty: { level: 'possible' as const, says },
      evidence: [],
      evidenceCount: 0,
    }
    const items = report.items.map((one) => (one === item ? unknown : one))
    const html = await page(
      withStates([
        ['a', 'new'],
        ['b', 'not-evaluated'],
      ]),
      { run: runView({ ...run, report: { ...report, items } }) },
    )
    expect(html).toContain(`<h2 id="evidence-says">${says}</h2>`)
    expect(html).toContain('<h2 id="orders-says">It stays open as it was.</h2>')
    expect(html).toContain('<dt>Done when</dt>')
    for (const gone of ['No row of', 'is worth up to', ' severity</span>', '<dt>Costs</dt>']) {
      expect(html).not.toContain(gone)
    }
  })

  it('says since when it is out of scope, and asks for nothing', async () => {
    const items = report.items.map((one) =>
      one === item
        ? { ...item, state: 'out-of-scope' as const, evidence: [], evidenceCount: 0 }
        : one,
    )
    const html = await page(
      withStates([
        ['a', 'new'],
        ['b', 'not-evaluated'],
        ['c', 'out-of-scope'],
      ]),
      { run: runView({ ...run, report: { ...report, items } }) },
    )
    expect(html).toContain('<span class="chip out-of-scope">out of scope</span>')
    expect(html).toMatch(/<b>Out of scope<\/b> since the run/)
    expect(html).toContain('Raised in a; out of scope since c (3 Nov 2026).')
    for (const gone of ['<dt>Done when</dt>', 'is worth up to', ' severity</span>', 'New ticket']) {
      expect(html).not.toContain(gone)
    }
  })

  it('says until when it is muted, and that the day is past', async () => {
    const known = { state: 'muted' as const, reason: 'later', until: '2026-12-31' }
    const items = report.items.map((one) => (one === item ? { ...one, known } : one))
    const muted = runView({ ...run, report: { ...report, items } })
    expect(await page(index, { run: muted })).toContain(
      'From the next day on it is on the list again.',
    )
    const later = await page(index, { run: muted, today: '2027-01-01' })
    expect(later).toContain('That day is past: it is on the list again.')
    expect(later).toContain('issues/new')
  })

  it('stands where the report of its run is gone', async () => {
    expect(await page(index, { run: null })).toContain('The report of its last run is gone.')
  })

  it('refuses an item that was never raised', () => {
    expect(() => page(index, { itemId: 'confusion:x|y' })).toThrow(RangeError)
    expect(() => page(index, { itemId: 'constructor' })).toThrow(RangeError)
  })
})

describe('an item’s life', () => {
  const life = (states: readonly ItemState[]) =>
    lifeOf({ states: states.map((state, at) => ({ run: `${at}`, state, measure: 1, gain: 0 })) })

  it('is resolved by the first of the runs in which it stays so', () => {
    const told = life(['new', 'persisting', 'resolved', 'not-evaluated'])
    expect(told.resolved?.run).toBe('2')
    expect(told.back).toBeNull()
  })

  it('is back since the run after the last that had resolved it', () => {
    const told = life(['new', 'resolved', 'regressed', 'resolved', 'regressed', 'improved'])
    expect(told.back).toMatchObject({ in: { run: '4' }, after: { run: '3' } })
    expect(told.runs).toBe(2)
    expect(told.resolved).toBeNull()
  })

  it('starts anew where it is new once more', () => {
    const told = life(['new', 'resolved', 'new', 'persisting'])
    expect(told).toMatchObject({ raised: { run: '2' }, back: null, resolved: null, runs: 2 })
  })

  it('has neither before anything happened', () => {
    expect(life(['new', 'persisting'])).toMatchObject({ resolved: null, back: null, runs: 2 })
    expect(life([])).toMatchObject({ raised: null, last: null })
  })
})
