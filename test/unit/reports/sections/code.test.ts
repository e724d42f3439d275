/** The code that a page shows under a figure gives the figure's numbers. */

import * as aq from 'arquero'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { encodeRows } from '../../../../lib/publish/rows-parquet.ts'
import { drawnBy, FIGURES_MODULE, type FigureName } from '../../../../reports/charts/figure-code.ts'
import { drawChart } from '../../../../reports/charts/svg.ts'
import { reportFile } from '../../../../reports/files/report-file.ts'
import { renderRunPages } from '../../../../reports/render.ts'
import { LOADING, SNIPPETS, type SnippetName } from '../../../../reports/sections/notebook.ts'
import { PALETTE } from '../../../../reports/theme/vega.ts'
import { buildRun, earlierCorrect, seededPoints } from '../fixture.ts'

const points = seededPoints(400, 8, 0.8)
const first = buildRun(points)
const run = buildRun(points, {
  baseline: { run: 'run-1', correct: earlierCorrect(first.rows.correct) },
})
const { report } = run
const file = new Uint8Array(encodeRows(run.rows, run.metadata)).buffer

/** Runs a snippet as a notebook would, with the files as they are published. */
async function result(name: SnippetName): Promise<aq.ColumnTable> {
  const rows = aq.from(await parquetReadObjects({ file }))
  const published = JSON.parse(JSON.stringify(report))
  const body = new Function('aq', 'op', 'report', 'rows', `return ${SNIPPETS[name].code}`)
  return body(aq, aq.op, published, rows)
}

const objects = async (name: SnippetName) =>
  (await result(name)).objects() as Record<string, unknown>[]

describe('code under a figure', () => {
  it('lists the confused pairs as the table does', async () => {
    const table = await objects('pairs')
    expect(table.map(({ a, b, count }) => [a, b, count])).toEqual(
      report.confusion.pairs.slice(0, 20).map(({ a, b, count }) => [a, b, count]),
    )
  })

  it('counts what turned in each class', async () => {
    for (const { label, fixed, broken } of await objects('classChanges')) {
      const expected = report.changes?.classes.find((part) => part.label === label)
      expect([Number(fixed), Number(broken)]).toEqual([expected?.fixed, expected?.broken])
    }
  })

  it('gives every row a place on the map', async () => {
    const places = await objects('map')
    expect(places).toHaveLength(400)
    expect(places.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
  })

  it('finds the rows that were fixed and broken', async () => {
    const changed = (await objects('changes')).map(({ id }) => String(id)).sort()
    const { fixed, broken } = report.comparison!
    expect(changed).toEqual([...fixed, ...broken].sort())
  })

  it('is loaded by lines that name both files', () => {
    expect(LOADING).toContain("'report.json'")
    expect(LOADING).toContain("'rows.parquet'")
  })
})

const FIGURES: readonly (readonly [FigureName, ...string[]])[] = [
  ['heatmap'],
  ['concentration'],
  ['classes'],
  ['spread'],
  ['margins', 'neighbor'],
  ['margins', 'prediction'],
  ['margins', 'class'],
  ['riskCoverage'],
]

describe('figures.js', async () => {
  const pages = await renderRunPages(run)
  const published = JSON.parse(JSON.stringify(report))

  it.each(FIGURES)(
    'draws %s %s as the page has it, from the published report',
    async (...figure) => {
      const [name, ...rest] = figure
      const address = `data:text/javascript;base64,${Buffer.from(pages['figures.js']!).toString('base64')}`
      const figures = await import(/* @vite-ignore */ address)
      const spec = figures[name as FigureName]({ aq, report: published }, ...rest)
      const svg = await drawChart(spec, { ownWidth: name === 'heatmap' })
      expect(pages['index.html']).toContain(svg)
      const drawn = JSON.stringify(figures.themed(spec))
      expect(drawn).not.toContain('#fe00')
      expect(JSON.parse(drawn).config.axis).toBeDefined()
    },
  )

  it('is shown function by function under the charts', () => {
    expect(pages['figures.js']).toBe(FIGURES_MODULE)
    const text = pages['index.html']!.replaceAll('&gt;', '>').replaceAll('&#39;', "'")
    for (const [name, ...rest] of FIGURES) {
      const { source } = drawnBy(report, name, ...rest)
      const shown = source
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('"', '&quot;')
      expect(text).toContain(shown)
      const [, body] = source.split('called:\n')
      expect(FIGURES_MODULE).toContain((body ?? source).split('\n')[1]!)
    }
  })

  it('has the colours of the page in light', () => {
    const style = reportFile('theme/base.css') + reportFile('theme/charts.css')
    const names = { heat1: '--h1', heat2: '--h2', heat3: '--h3', heat4: '--h4', heat5: '--h5' }
    for (const [role, colour] of Object.entries(PALETTE)) {
      if (role === 'good') continue
      const plain = ['ink', 'muted', 'line', 'paper', 'raised'].includes(role)
      const token = names[role as keyof typeof names] ?? (plain ? `--${role}` : `--c-${role}`)
      expect(style, role).toContain(`${token}: light-dark(${colour},`)
    }
  })
})
