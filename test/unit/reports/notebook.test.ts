/** The code that a page shows under a figure gives the figure's numbers. */

import * as aq from 'arquero'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { encodeRows } from '../../../lib/publish/rows-parquet.ts'
import { LOADING, SNIPPETS, type SnippetName } from '../../../reports/notebook.ts'
import { buildRun, earlierCorrect, seededPoints } from './fixture.ts'

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

  it('adds up to all errors in the heatmap', async () => {
    const cells = await objects('heatmap')
    const errors = run.rows.correct.filter((value) => value === 0).length
    expect(cells.reduce((sum, { count }) => sum + Number(count), 0)).toBe(errors)
  })

  it('ends the concentration curve at all errors', async () => {
    const curve = await objects('concentration')
    expect(curve.at(-1)?.share).toBeCloseTo(1)
    expect(Number(curve[0]?.held)).toBe(report.confusion.pairs[0]!.count)
  })

  it('counts every row once among the margins', async () => {
    const bins = await objects('margins')
    expect(bins.reduce((sum, { count }) => sum + Number(count), 0)).toBe(400)
  })

  it('ends the risk-coverage curve at the accuracy of the rows that have a margin', async () => {
    const curve = await objects('riskCoverage')
    const known = [...run.rows.predictionMargin.keys()].filter((row) =>
      Number.isFinite(run.rows.predictionMargin[row]!),
    )
    const right = known.filter((row) => run.rows.correct[row] === 1).length
    expect(curve).toHaveLength(known.length)
    expect(curve.at(-1)?.kept).toBe(1)
    expect(Number(curve.at(-1)?.accuracy)).toBeCloseTo(right / known.length)
  })

  it('gives each class its accuracy', async () => {
    for (const { label, accuracy } of await objects('classes')) {
      const expected = report.classes.find((figures) => figures.label === label)?.accuracy
      expect(Number(accuracy)).toBeCloseTo(expected!)
    }
  })

  it('orders classes by separation', async () => {
    const values = (await objects('spread')).map(({ separation }) => Number(separation))
    expect(values).toEqual([...values].sort((a, b) => a - b))
    expect(values).toHaveLength(report.classes.length)
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
