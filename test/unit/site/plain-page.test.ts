/** A page that can't be made: a plain one takes its place, the others are published, and the log says so. */

import { expect, test } from 'vitest'
import { CancelledError, StoreError } from '../../../lib/core/errors.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { encodeRows } from '../../../lib/publish/rows-parquet.ts'
import { writeProjectPages } from '../../../lib/site/pages.ts'
import { drawPreview, pageOrPlain } from '../../../lib/site/plain-page.ts'
import { memoryContext } from '../functions/memory-context.ts'
import { buildRun, seededPoints } from '../reports/fixture.ts'

const { report, rows, index, metadata } = buildRun(seededPoints(120, 6, 0.7))

async function published(changed: Partial<ProjectIndex>) {
  const { context, lines } = memoryContext()
  const home = `animals/runs/${report.run}`
  const { project, run, createdAt } = report
  const record = { schema: 'nearmiss.run/1', project, run, status: 'published', createdAt }
  await context.site.put(`${home}/report.json`, JSON.stringify(report))
  await context.site.put(`${home}/rows.parquet`, encodeRows(rows, metadata))
  await context.site.put(`${home}/run.json`, JSON.stringify({ ...record, contentId: 'x' }))
  await context.site.put('animals/index.json', JSON.stringify({ ...index, ...changed }))
  const text = async (key: string) =>
    new TextDecoder().decode((await context.site.get(key))?.body ?? new Uint8Array())
  return { context, lines, text }
}

test('an item that no page can be made of gets a plain one, and the other items theirs', async () => {
  const [bad, good] = Object.keys(index.items)
  // The run that told it last has a report that can't be read.
  const state = { ...index.items[bad!]!.states.at(-1)!, run: 'torn' }
  const broken = { ...index.items[bad!]!, states: [state] }
  const { context, lines, text } = await published({ items: { ...index.items, [bad!]: broken } })
  const record = { schema: 'nearmiss.run/1', project: 'animals', run: 'torn', status: 'published' }
  const home = 'animals/runs/torn'
  await context.site.put(
    `${home}/run.json`,
    JSON.stringify({ ...record, createdAt: '', contentId: '' }),
  )
  await context.site.put(`${home}/report.json`, '{"schema": "nearmiss.report/1"}')
  await writeProjectPages(context, 'animals', [bad!, good!], null)
  const pageOf = (id: string) => text(`animals/items/${itemSlug(id)}/index.html`)
  expect(await pageOf(bad!)).toContain('This page can’t be made.')
  expect(await pageOf(bad!)).toContain('href="../../index.html"')
  expect(await pageOf(good!)).toContain(index.items[good!]!.title)
  expect(await text('animals/sprint/index.html')).toContain('</html>')
  expect(lines.filter(({ level }) => level === 'error').map(({ key }) => key)).toContain(
    `animals/items/${itemSlug(bad!)}/index.html`,
  )
})

test('a report that can’t be read leaves the project its page', async () => {
  const { context, lines, text } = await published({})
  await context.site.put(
    `animals/runs/${report.run}/report.json`,
    '{"schema": "nearmiss.report/1"}',
  )
  await writeProjectPages(context, 'animals', Object.keys(index.items).slice(0, 1), null)
  expect(await text('animals/index.html')).toContain('latest run')
  expect(await text('animals/badge.svg')).toContain('<svg')
  expect(await text('animals/sprint/index.html')).toContain('This page can’t be made.')
  expect(lines.some(({ level }) => level === 'error')).toBe(true)
})

test('trouble that may pass, and a stop, are no reason for a plain page', async () => {
  const { context, lines } = memoryContext()
  for (const error of [new StoreError('x', 'no answer'), new CancelledError()]) {
    const page = pageOrPlain(context, 'p/index.html', () => Promise.reject(error))
    await expect(page).rejects.toBe(error)
  }
  expect(lines).toEqual([])
})

test('a picture that can’t be drawn is a plain one', async () => {
  const { context, lines } = memoryContext()
  const png = await drawPreview(context, 'p/runs/r/preview.png', () => '<svg')
  expect(Buffer.from(png!).toString('latin1', 1, 4)).toBe('PNG')
  expect(lines).toMatchObject([{ level: 'error', key: 'p/runs/r/preview.png' }])
})
