/** A team's own pages: the same parts, the rows as a notebook has them, and a fault that stays on its page. */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as aq from 'arquero'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { encodeRows } from '../../../../lib/publish/rows-parquet.ts'
import { rowsTable } from '../../../../reports/pages/own/rows-table.ts'
import { pagesOf, renderRunPages } from '../../../../reports/render.ts'
import { SECTIONS } from '../../../../reports/sections/index.ts'
import { buildRun, earlierCorrect, seededPoints } from '../fixture.ts'

const points = seededPoints(300, 6, 0.8)
const correct = earlierCorrect(buildRun(points).rows.correct)
const colours = points.ids.map((_, row) => (row % 3 === 0 ? 'red' : 'blue'))
const run = {
  ...buildRun(points, { baseline: { run: 'run-1', correct } }),
  metadata: [{ name: 'colour', type: 'text' as const, values: colours }],
}
const PAGES = resolve(import.meta.dirname, '../../../../docs/pages.md')
const SAMPLES = resolve(import.meta.dirname, '../../../../samples/pages')

describe('own pages', () => {
  it('have rows as rows.parquet has them', async () => {
    const file = new Uint8Array(encodeRows(run.rows, run.metadata)).buffer
    const published = (await parquetReadObjects({ file })) as Record<string, unknown>[]
    const table = rowsTable(run.rows, run.metadata)
    expect(table.columnNames().sort()).toEqual(Object.keys(published[0]!).sort())
    expect(table.objects()).toEqual(aq.from(published).objects())
  })

  it('show the example with a chart, a table and rows, and are linked from the run’s page', async () => {
    const pages = await renderRunPages({ ...run, pages: pagesOf(SAMPLES) })
    expect(pages['index.html']).toContain('<a href="pages/by-colour.html">by-colour</a>')
    const page = pages['pages/by-colour.html']!
    expect(page).toContain('<h1>Errors by colour</h1>')
    expect(page).toMatch(/(red|blue) does worst\./)
    expect(page).toContain('<svg class="chart"')
    const red = colours.flatMap((colour, row) => (colour === 'red' ? [run.rows.correct[row]!] : []))
    const share = ((100 * red.reduce((a, b) => a + b, 0)) / red.length).toFixed(1)
    expect(page).toMatch(new RegExp(`red</th><td>${red.length}</td><td>${share}`))
    expect(page.match(/<div class="self">/g)?.length).toBe(
      Math.min(10, run.report.comparison!.broken.length),
    )
    expect(page).toContain('href="../../../../index.html"')
  })

  it('may show every figure and table of the report, with links that lead where the report’s do', async () => {
    const names = SECTIONS.flatMap(({ parts }) => Object.keys(parts))
    const text = names.map((name) => `<${name} />`).join('\n\n')
    const pages = await renderRunPages({ ...run, pages: [{ name: 'all', text }] })
    const page = pages['pages/all.html']!
    const body = page.slice(page.indexOf('<main'), page.indexOf('</main>'))
    for (const chart of pages['index.html']!.match(/<svg class="chart".*?<\/svg>/g)!) {
      expect(body).toContain(chart)
    }
    // Such a page loads and runs nothing.
    expect(body).not.toMatch(/ data-(map|heat|search|code)=/)
    const published = new Set([...Object.keys(pages), 'report.json', 'rows.parquet'])
    const idsOf = (html: string) =>
      new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const links = [...body.matchAll(/ href="([^"]+)"/g)].map(([, href]) => href!)
    expect(links.length).toBeGreaterThan(20)
    for (const href of links) {
      const { pathname, hash } = new URL(href, 'https://site/p/runs/r/pages/all.html')
      if (!pathname.startsWith('/p/runs/r/')) {
        expect(pathname).toMatch(/^\/p\/(sprint|items\/[^/]+)\/index\.html$/)
        continue
      }
      const file = pathname.slice('/p/runs/r/'.length)
      expect(published, href).toContain(file)
      if (hash !== '')
        expect(idsOf(pages[file]!), href).toContain(decodeURIComponent(hash.slice(1)))
    }
  })

  it('are told of every figure and table, by its section', () => {
    const table = readFileSync(PAGES, 'utf8').matchAll(/^\| ([^|]+) \| ((?:`<\w+>`(?:, )?)+) \|$/gm)
    const told = Array.from(table, ([, topic, names]) => [
      topic,
      [...names!.matchAll(/<(\w+)>/g)].map(([, name]) => name).sort(),
    ])
    expect(told).toEqual(SECTIONS.map(({ topic, parts }) => [topic, Object.keys(parts).sort()]))
  })

  it('say why in place of a figure that says nothing of these data', async () => {
    const { report } = run
    const collapsed = {
      ...report.metrics.nearest_neighbor_accuracy!,
      value: report.input.dimensions,
    }
    const equal = { ...report, metrics: { ...report.metrics, collapsed_dimensions: collapsed } }
    const own = { name: 'equal', text: '<MarginCharts />\n\n<ClassSizes />' }
    const pages = await renderRunPages({ ...run, report: equal, pages: [own] })
    expect(pages['pages/equal.html']).toContain(
      '<p class="note">All rows are equal, so every margin is 0.</p>',
    )
  })

  it('that stop say why in their place, and leave the others alone', async () => {
    const pages = await renderRunPages({
      ...run,
      pages: [
        { name: 'broken', text: '{props.nothing.here}' },
        { name: 'no-mdx', text: '<Section' },
        { name: 'fine', text: '# {props.report.run}' },
      ],
    })
    expect(pages['pages/broken.html']).toMatch(/broken\.mdx stopped with: .*undefined/)
    expect(pages['pages/no-mdx.html']).toContain('This page can’t be made.')
    expect(pages['pages/fine.html']).toContain('<h1>run-2</h1>')
  })
})
