/** The published reference and JSON Schema hold for a real report; `npm run docs` writes them. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { reportSchema, typeSchema } from '../../../infra/json-schema.mjs'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Report } from '../../../lib/core/report.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { REFERENCE, referencePage } from '../../../lib/reference/metrics.ts'
import { sampleFile } from '../../evaluate-sample.ts'
import { schemaText } from '../../schema-text.ts'

let report: Report
beforeAll(async () => {
  const silent = () => {}
  const context = {
    uploads: memoryStore('uploads'),
    site: memoryStore('site'),
    vault: memoryStore('vault'),
    log: { info: silent, warn: silent, error: silent },
    clock: () => new Date('2026-06-01T12:00:00Z'),
    random: seededRandom,
    signal: new AbortController().signal,
    progress: silent,
    announcers: [],
  }
  for (const run of ['pca-8', 'nca-16-small']) {
    const bytes = readFileSync(sampleFile(`digits/${run}.npz`))
    await context.uploads.put(`uploads/digits/${run}/embeddings.npz`, bytes)
    const metadata = readFileSync(sampleFile('digits/metadata.csv'))
    await context.uploads.put(`uploads/digits/${run}/metadata.csv`, metadata)
    const outcome = await evaluateUpload(context, { project: 'digits', run, backend: 'wasm' })
    if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
    report = outcome.report
  }
})

it('docs/metrics.md is what the registry gives', async () => {
  await expect(referencePage(REFERENCE)).toMatchFileSnapshot('../../../docs/metrics.md')
})

describe('docs/schema/report.schema.json', () => {
  const types = fileURLToPath(new URL('../../../lib/core/report.ts', import.meta.url))
  const figures = REFERENCE.flatMap(({ metrics }) => metrics)
  const schema = reportSchema(types, 'Report', figures)
  const check = z.fromJSONSchema(schema)

  it('is what the types and the registry give', async () => {
    await expect(schemaText(schema)).toMatchFileSnapshot('../../../docs/schema/report.schema.json')
  })

  it('holds for a real report as it is read from its file', () => {
    expect(check.safeParse(JSON.parse(JSON.stringify(report))).error).toBeUndefined()
  })

  it('does not hold where a figure has text for a value', () => {
    const wrong = { ...report, metrics: { hit_at_1: { ...report.metrics.hit_at_1, value: '1' } } }
    expect(check.safeParse(wrong).success).toBe(false)
  })
})

describe('what else the site publishes has its schema in docs/schema', () => {
  it.each([
    [
      'index',
      'project-index.ts',
      'ProjectIndex',
      '<project>/index.json',
      'The runs and items of a project.',
    ],
    ['projects', 'project-index.ts', 'ProjectsIndex', 'projects.json', 'The projects of a site.'],
    ['run', 'run-record.ts', 'RunRecord', 'run.json', 'Written last: the run is complete.'],
    ['error', 'run-record.ts', 'FailedRun', 'error.json', 'Why an upload was not evaluated.'],
    ['tickets', 'planning.ts', 'TicketLinks', '<project>/tickets.json', 'The tickets of items.'],
  ])('%s', async (name, file, type, title, description) => {
    const path = fileURLToPath(new URL(`../../../lib/core/${file}`, import.meta.url))
    const schema = typeSchema(path, type, title, `${description} It changes only by addition.`)
    const snapshot = `../../../docs/schema/${name}.schema.json`
    await expect(schemaText(schema)).toMatchFileSnapshot(snapshot)
  })
})

it('no two figures or tables have one name', () => {
  const ids = REFERENCE.flatMap(({ metrics, tables }) =>
    [...metrics, ...tables].map(({ id }) => id),
  )
  expect(ids.length).toBe(new Set(ids).size)
})

it('the figures of a report are those that the page defines', () => {
  const defined = REFERENCE.flatMap(({ metrics }) => metrics.map(({ id }) => id))
  expect(defined).toEqual(expect.arrayContaining(Object.keys(report.metrics)))
})

describe('the columns that the page defines are those of the report', () => {
  const tables = REFERENCE.flatMap((family) => family.tables)
  it.each(tables)('$title', ({ path, columns }) => {
    const found = path.split('.').reduce<unknown>(propertyOf, report)
    const entry: unknown = Array.isArray(found) ? found[0] : found
    if (entry === undefined || entry === null) return
    const names = columns.filter((column) => !column.optional).map(({ name }) => name)
    if (Array.isArray(entry)) expect(entry.length).toBe(names.length)
    else expect(Object.keys(entry)).toEqual(expect.arrayContaining(names))
    const all = columns.map(({ name }) => name)
    if (!Array.isArray(entry)) expect(all).toEqual(expect.arrayContaining(Object.keys(entry)))
  })
})

function propertyOf(value: unknown, name: string): unknown {
  expect(value, `${name} has nothing to be in`).toBeTypeOf('object')
  expect(Object.keys(value as object)).toContain(name)
  return (value as Record<string, unknown>)[name]
}
