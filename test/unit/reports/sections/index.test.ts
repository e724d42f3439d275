/** A section is a folder: each is in the index, says what it comes to, and shows its parts in its words. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../../../lib/core/report.ts'
import { FIGURES_MODULE } from '../../../../reports/charts/drawn-by.ts'
import { renderRun } from '../../../../reports/render.ts'
import { bareSentence, headingOf, SECTIONS } from '../../../../reports/sections/index.ts'
import { buildRun, earlierCorrect, seededPoints } from '../fixture.ts'

const folder = fileURLToPath(new URL('../../../../reports/sections/', import.meta.url))
const folders = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)
const wordsOf = (id: string) => readFileSync(`${folder}${id}/section.mdx`, 'utf8')

const points = seededPoints(300, 6, 0.8)
const first = buildRun(points)
const second = buildRun(points, {
  baseline: { run: 'run-1', correct: earlierCorrect(first.rows.correct) },
})
const { report } = first
const value = (figure: string, number: number | null): Report => ({
  ...report,
  metrics: {
    ...report.metrics,
    [figure]: { ...report.metrics.nearest_neighbor_accuracy!, value: number },
  },
})
const cases: readonly (readonly [string, Report])[] = [
  ['first run', report],
  ['later run', second.report],
  ['run of equal rows', value('collapsed_dimensions', report.input.dimensions)],
  ['run without a match', value('hit_at_1', null)],
  ['run of one class', { ...report, input: { ...report.input, classes: 1 } }],
  [
    'run without errors',
    {
      ...report,
      confusion: {
        ...report.confusion,
        pairs: [],
        concentration: { ...report.confusion.concentration, errors: 0, pairs: 0 },
      },
    },
  ],
]

describe('sections', () => {
  it('are the folders beside their index, each once and under its name', () => {
    expect(SECTIONS.map(({ id }) => id).sort()).toEqual(folders.sort())
    const topics = SECTIONS.map(({ topic }) => topic)
    expect(new Set(topics).size).toBe(topics.length)
  })

  it.each(SECTIONS)('$id puts each of its parts into its words, and no other', ({ id, parts }) => {
    const used = [...wordsOf(id).matchAll(/<([A-Z]\w*)/g)].map(([, name]) => name!)
    const layout = new Set(['Section', 'Intro', 'Figures', 'Abreast'])
    expect(used.filter((name) => !layout.has(name)).sort()).toEqual(Object.keys(parts).sort())
  })

  it('introduce nothing where they have nothing: who says so has an introduction', () => {
    for (const { id, some } of SECTIONS) {
      expect(wordsOf(id).includes('<Intro>'), id).toBe(some !== undefined)
    }
  })

  it('call no two parts by one name', () => {
    const names = SECTIONS.flatMap(({ parts }) => Object.keys(parts))
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(folders.filter((id) => existsSync(`${folder}${id}/figures.ts`)))(
    '%s has all of its figures.ts in figures.js',
    async (id) => {
      const own = await import(`${folder}${id}/figures.ts`)
      const address = `data:text/javascript;base64,${Buffer.from(FIGURES_MODULE).toString('base64')}`
      const published = await import(/* @vite-ignore */ address)
      expect(Object.keys(published)).toEqual(expect.arrayContaining(Object.keys(own)))
    },
  )
})

describe.each(cases)('of a %s', (_name, of) => {
  it.each(SECTIONS)('$id says what it comes to', (section) => {
    expect(headingOf(section, of)).toMatch(/^[^\s].{8,}[.!]$/)
    expect(headingOf(section, of)).not.toMatch(/undefined|NaN|null|\[object/)
  })
})

it('say what stands for them where figures mislead, and show nothing below it', async () => {
  const equal = cases[2]![1]
  const bare = SECTIONS.filter((section) => bareSentence(section, equal) !== null)
  expect(bare.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'confusion',
      'slices',
      'margins',
      'verification',
      'spread',
      'labels',
      'map',
    ]),
  )
  const page = await renderRun({ ...first, report: equal })
  for (const section of bare) {
    expect(page).toContain(
      `<h2 id="${section.id}-says">${bareSentence(section, equal)}</h2></section>`,
    )
  }
})

it('stand on the page and in its contents in the order of the index', async () => {
  const page = await renderRun(second)
  const headings = [...page.matchAll(/<h2 id="(\w+)-says">([^<]*)</g)].map(([, id]) => id)
  expect(headings).toEqual(SECTIONS.map(({ id }) => id))
  const contents = page.slice(
    page.indexOf('class="contents"'),
    page.indexOf('</nav>', page.indexOf('class="contents"')),
  )
  expect([...contents.matchAll(/href="#(\w+)"/g)].map(([, id]) => id)).toEqual(headings)
})
