/** A small site on disk with every kind of page, as a reader would open it from a folder. */

import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Item } from '../../lib/core/item.ts'
import type { ProjectIndex } from '../../lib/core/project-index.ts'
import { encodeRows } from '../../lib/publish/rows-parquet.ts'
import { sprintFiles } from '../../lib/site/sprint.ts'
import {
  renderFailure,
  renderItem,
  renderLatest,
  renderProject,
  renderRunPages,
  renderSite,
  runView,
} from '../../reports/render.ts'
import { buildRun, earlierCorrect, type FixtureRun, seededPoints } from '../unit/reports/fixture.ts'
import { withPlanning } from '../unit/reports/fixture-planning.ts'

export interface MiniSite {
  readonly folder: string
  /** Every page, relative to the folder. */
  readonly pages: readonly string[]
  readonly close: () => Promise<void>
}

/** Before anything of the fixtures that is muted comes back. */
const TODAY = '2026-11-21'
const SPRITE = resolve(import.meta.dirname, '../../samples/emoji/sprite.png')

/** Names that are long, of other scripts and directions, and of markup. */
const NAMES = [
  'apple',
  'x'.repeat(200),
  'a very long name of a class that goes on and on, as labels made by people do',
  'تفاح أحمر جدا',
  '苹果和梨的区别是什么呢',
  '<script>document.title = "pwned"</script>',
  '"><img src=x onerror=alert(1)>',
  'quince & medlar',
]

export async function writeMiniSite(): Promise<MiniSite> {
  const folder = await mkdtemp(join(tmpdir(), 'nearmiss-site-'))
  const pages: string[] = []
  const put = async (path: string, body: string | Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), body)
    if (path.endsWith('.html')) pages.push(path)
  }

  const points = seededPoints(500, NAMES.length, 0.9, 3, (index) => NAMES[index]!)
  const images = {
    kind: 'sprite',
    href: 'sprite.png',
    tile: [32, 32],
    sheet: [1600, 1248],
  } as const
  const first = buildRun(points, { run: 'run-1', images })
  const baseline = { run: 'run-1', correct: earlierCorrect(first.rows.correct) }
  const second = withPlanning(buildRun(points, { run: 'run-2', images, baseline }))
  const bare = buildRun(seededPoints(90, 12, 0.4), { run: 'bare' })

  const published: readonly FixtureRun[] = [first, second, bare]
  for (const run of published) {
    const home = `animals/runs/${run.report.run}`
    for (const [path, html] of Object.entries(await renderRunPages(run))) {
      await put(`${home}/${path}`, html)
    }
    await put(`${home}/report.json`, JSON.stringify(run.report))
    await put(`${home}/rows.parquet`, encodeRows(run.rows, run.metadata))
    await copyFile(SPRITE, join(folder, home, 'sprite.png'))
  }
  await put('animals/runs/broken/index.html', await renderFailure(FAILURE))
  const [before, failed] = [...second.index.runs].slice(-3)
  const index = {
    ...second.index,
    runs: [
      { ...before!, run: 'run-1' },
      { ...failed!, run: 'broken' },
      { ...before!, run: 'bare' },
      second.index.runs.at(-1)!,
    ],
    items: Object.fromEntries(
      Object.entries(second.index.items).map(([id, item]) => {
        const now = item.states.at(-1)!
        return [id, { ...item, states: [{ ...now, run: 'run-1', state: 'new' as const }, now] }]
      }),
    ),
  }
  await put('animals/index.html', await renderProject(index))
  await put('animals/index.json', JSON.stringify(index))
  const itemPage = async (run: FixtureRun, index: ProjectIndex, item: Item) => {
    const page = { index, itemId: item.id, run: runView(run), links: null, today: TODAY }
    await put(`animals/${item.permalink}index.html`, await renderItem(page))
  }
  for (const item of second.report.items) await itemPage(second, index, item)
  for (const item of bare.report.items) {
    const history = bare.index.items[item.id]!
    const items = { [item.id]: { ...history, states: history.states.slice(-1) } }
    await itemPage(bare, { ...index, items }, item)
  }
  const files = await sprintFiles('animals', second.report, null, TODAY)
  for (const [path, body] of Object.entries(files)) await put(`animals/sprint/${path}`, body)
  await put('animals/latest/index.html', renderLatest('run-2'))
  const latest = index.runs.at(-1)!
  await put(
    'index.html',
    await renderSite({ schema: 'nearmiss.projects/1', projects: [{ project: 'animals', latest }] }),
  )
  return { folder, pages, close: () => rm(folder, { recursive: true, force: true }) }
}

const FAILURE = {
  schema: 'nearmiss.error/1',
  project: 'animals',
  run: 'broken',
  createdAt: '2026-11-19T08:00:00.000Z',
  contentId: 'ee'.repeat(32),
  files: [{ name: 'embeddings.npz', byteLength: 155_384 }],
  issues: [
    {
      code: 'row-count',
      message: 'embeddings.npz has 899 vectors and labels.csv 900 rows.',
      where: 'labels.csv, row 900',
      hint: 'Remove the extra row, or add an id column to both files.',
    },
  ],
} as const
