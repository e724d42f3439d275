/** Pages over runs tell the newest first, keep what failed, and link only to what is there. */

import { describe, expect, it } from 'vitest'
import { itemSlug } from '../../../../lib/core/names.ts'
import {
  renderFailure,
  renderLatest,
  renderProject,
  renderSite,
} from '../../../../reports/render.ts'
import { buildRun, seededPoints } from '../fixture.ts'
import { indexOf } from '../fixture-parts.ts'

const { report, index } = buildRun(seededPoints(120, 6, 0.7))

describe('a project’s page', () => {
  it('lists runs newest first, a failed one with its reason', async () => {
    const page = await renderProject(index)
    const runs = [...page.matchAll(/<div class="run-head"><a href="runs\/([^/]+)\//g)].map(
      ([, run]) => run,
    )
    expect(runs).toEqual([...index.runs].reverse().map((entry) => entry.run))
    expect(page).toContain('embeddings.npz has 899 vectors and labels.csv 900 rows.')
  })

  it('links every item to its page', async () => {
    const page = await renderProject(index)
    for (const id of Object.keys(index.items)) {
      expect(page).toContain(`href="items/${itemSlug(id)}/index.html"`)
    }
  })

  it('gives the items the width of the page', async () => {
    const page = await renderProject(index)
    expect(page).toMatch(/<section class="scroll wide" aria-label="Items of this project/)
    expect(page).toContain('.wide table{width:100%}')
  })

  it('says how many of a long history it leaves out', async () => {
    const page = await renderProject(indexOf(report, 300))
    expect(page).toContain('252 earlier runs')
    expect(Buffer.byteLength(page)).toBeLessThan(150_000)
  })

  it('stands with one run, and with none that could be evaluated', async () => {
    const published = index.runs.at(-1)!
    const failed = index.runs.at(-2)!
    expect(await renderProject({ ...index, runs: [published] })).toContain(
      'A trend needs a second run',
    )
    const none = await renderProject({ ...index, runs: [failed], items: {} })
    expect(none).toContain('No run could be evaluated yet.')
    expect(none).toContain('No item was ever raised.')
  })
})

describe('the other pages', () => {
  it('the site lists projects, the last to change first', async () => {
    const latest = index.runs.at(-1)!
    const page = await renderSite({
      schema: 'nearmiss.projects/1',
      projects: [
        { project: 'a', latest: { ...latest, createdAt: '2026-01-01T00:00:00Z' } },
        { project: 'b', latest: { ...latest, createdAt: '2026-02-01T00:00:00Z' } },
      ],
    })
    const order = [...page.matchAll(/href="([ab])\/index\.html"/g)].map(([, project]) => project)
    expect(order).toEqual(['b', 'a'])
  })

  it('a failure says what is wrong, where, and how to fix it, as text', async () => {
    const page = await renderFailure({
      schema: 'nearmiss.error/1',
      project: 'digits',
      run: 'bad',
      createdAt: '2026-11-19T08:00:00.000Z',
      contentId: 'x',
      files: [{ name: '<b>.npz', byteLength: 12 }],
      issues: [
        { code: 'row-count', message: '899 and <900>', where: 'row 900', hint: 'Remove it.' },
      ],
    })
    expect(page).toContain('899 and &lt;900&gt;')
    expect(page).toContain('row 900')
    expect(page).toContain('Remove it.')
    expect(page).toContain('&lt;b&gt;.npz')
  })

  it('a failure of more than can be listed says no smaller number', async () => {
    const issue = (code: string) => ({ code, message: 'm', where: 'nearmiss.yaml', hint: 'h' })
    const page = async (codes: readonly string[]) =>
      renderFailure({
        schema: 'nearmiss.error/1',
        project: 'digits',
        run: 'bad',
        createdAt: '2026-11-19T08:00:00.000Z',
        contentId: 'x',
        files: [],
        issues: codes.map(issue),
      })
    expect(await page(['a', 'b'])).toContain('2 things to correct.')
    expect(await page(['a', 'b', 'manifest-more'])).toContain('More than 2 things to correct.')
  })

  it('the latest page sends its reader to the run, with and without a refresh', () => {
    const page = renderLatest('nca-32')
    expect(page).toContain('http-equiv="refresh" content="0; url=../runs/nca-32/index.html"')
    expect(page).toContain('<a href="../runs/nca-32/index.html">nca-32</a>')
    expect(page.length).toBeLessThan(1000)
  })
})
