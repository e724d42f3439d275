/** The code that a page shows under a figure gives the figure's numbers. */

import * as aq from 'arquero'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../../../lib/core/report.ts'
import type { Verification } from '../../../../lib/core/verification.ts'
import { encodeRows } from '../../../../lib/publish/rows-parquet.ts'
import { drawnBy, FIGURES_MODULE } from '../../../../reports/charts/drawn-by.ts'
import { drawChart } from '../../../../reports/charts/svg.ts'
import { reportFile } from '../../../../reports/files/report-file.ts'
import { renderRunPages } from '../../../../reports/render.ts'
import { SECTIONS } from '../../../../reports/sections/index.ts'
import { LOADING } from '../../../../reports/sections/method/loading.ts'
import { PALETTE } from '../../../../reports/theme/vega.ts'
import { buildRun, earlierCorrect, seededPoints } from '../fixture.ts'

const points = seededPoints(400, 8, 0.8)
const first = buildRun(points)
const run = buildRun(points, {
  baseline: { run: 'run-1', correct: earlierCorrect(first.rows.correct) },
})
const verification: Verification = {
  samePairs: 3,
  otherPairs: 5,
  roc: [
    [0.2, 0.5, 0.25],
    [1, 1, 1],
  ],
  equalError: { rate: 0.3, threshold: 0.5 },
  operatingPoints: [
    { far: 0.1, threshold: 0.25, tar: 0.5, frr: 0.5, falseAccepts: 1, resolved: false },
  ],
  histogram: { edges: [0, 0.5, 1], same: [2, 1], other: [1, 4], beyond: { same: 0, other: 0 } },
  worst: { threshold: 0.5, far: 0.2, frr: 0.3, classes: [], slices: [] },
}
const report: Report = { ...run.report, verification }
const file = new Uint8Array(encodeRows(run.rows, run.metadata)).buffer

const SNIPPETS = new Map(SECTIONS.flatMap(({ snippets }) => Object.entries(snippets ?? {})))

/** Runs a snippet as a notebook would, with the files as they are published. */
async function result(name: string): Promise<aq.ColumnTable> {
  const rows = aq.from(await parquetReadObjects({ file }))
  const published = JSON.parse(JSON.stringify(report))
  const body = new Function('aq', 'op', 'report', 'rows', `return ${SNIPPETS.get(name)!.code}`)
  return body(aq, aq.op, published, rows)
}

const objects = async (name: string) => (await result(name)).objects() as Record<string, unknown>[]

describe('code under a figure', () => {
  it.each([...SNIPPETS])(
    '%s gives a table, from the file that it names',
    async (name, { data }) => {
      expect(SNIPPETS.get(name)!.code).toContain(data === 'report.json' ? 'report.' : 'rows')
      const table = await result(name)
      expect(table.numRows()).toBeGreaterThan(0)
      expect(table.objects()[0]).not.toEqual({})
    },
  )

  it('has a name of its own', () => {
    const names = SECTIONS.flatMap(({ snippets }) => Object.keys(snippets ?? {}))
    expect([...SNIPPETS.keys()]).toEqual(names)
  })

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

  it('gives the histogram and the curve of verification as they are told', async () => {
    expect(await objects('pairHistogram')).toEqual([
      { from: 0, same: 2, other: 1 },
      { from: 0.5, same: 1, other: 4 },
    ])
    expect((await objects('roc')).map(({ frr }) => frr)).toEqual([0.5, 0])
  })

  it('is loaded by lines that name both files', () => {
    expect(LOADING).toContain("'report.json'")
    expect(LOADING).toContain("'rows.parquet'")
  })
})

const FIGURES: readonly (readonly [name: string, ...rest: string[]])[] = [
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
  const pages = await renderRunPages({ ...run, report })
  const published = JSON.parse(JSON.stringify(report))

  it.each(FIGURES)(
    'draws %s %s as the page has it, from the published report',
    async (...figure) => {
      const [name, ...rest] = figure
      const address = `data:text/javascript;base64,${Buffer.from(pages['figures.js']!).toString('base64')}`
      const figures = await import(/* @vite-ignore */ address)
      const spec = figures[name!]({ aq, report: published }, ...rest)
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
      const { source } = drawnBy<Record<string, unknown>>(report, name, ...rest)
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
