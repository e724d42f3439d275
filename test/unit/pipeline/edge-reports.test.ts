/** Uploads at the edge of what can be evaluated: each gives a report that is right, and can be read. */

import { beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Report } from '../../../lib/core/report.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'

interface Row {
  readonly label: string
  readonly point: readonly number[]
  readonly columns?: Readonly<Record<string, string | number>>
}

interface Seen {
  readonly report: Report
  /** The page as it is read: without its tags, its styles and what is folded into scripts. */
  readonly page: string
}

async function evaluated(rows: readonly Row[]): Promise<Seen> {
  const silent = () => {}
  const context: Context = {
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
  const extra = Object.keys(rows[0]!.columns ?? {})
  const header = ['id', 'label', ...rows[0]!.point.map((_, d) => `embedding_${d}`), ...extra]
  const lines = rows.map(({ label, point, columns }, at) =>
    [`row-${at}`, label, ...point, ...extra.map((name) => columns![name])].join(','),
  )
  await context.uploads.put('uploads/p/r/embeddings.csv', [header.join(','), ...lines].join('\n'))
  await context.uploads.put('uploads/p/r/nearmiss.yaml', 'maps: [pca]\n')
  const outcome = await evaluateUpload(context, { project: 'p', run: 'r', backend: 'wasm' })
  if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
  const html = new TextDecoder().decode((await context.site.get('p/runs/r/index.html'))!.body)
  const page = html
    .replace(/<(script|style|pre)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/[\s\u00a0]+/g, ' ')
  return { report: outcome.report, page }
}

/** `count` rows of each class about a centre of its own, so many standard deviations apart. */
function clusters(classes: number, count: number, dimensions: number, apart: number): Row[] {
  const random = seededRandom(5)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: dimensions }, () => apart * normal()),
  )
  return centres.flatMap((centre, place) =>
    Array.from({ length: count }, () => ({
      label: `c${place}`,
      point: centre.map((value) => value + normal()),
    })),
  )
}

/** What no page may show. */
function expectReadable({ page }: Seen): void {
  expect(page).not.toMatch(/\b(NaN|undefined|Infinity|null|\[object)\b/)
  expect(page).not.toMatch(/\b1 (rows|errors|classes|dimensions|neighbours|pairs|warnings)\b/)
}

describe('rows that are all equal', () => {
  let seen: Seen
  beforeAll(async () => {
    const rows = ['a', 'b', 'c'].flatMap((label) =>
      Array.from({ length: 30 }, (_, at) => ({
        label,
        point: [0.3, -1.7, 0.3, 5],
        columns: { camera: at % 2 ? 'left' : 'right' },
      })),
    )
    seen = await evaluated(rows)
  }, 60_000)

  it('are said to be equal before any figure', () => {
    expectReadable(seen)
    expect(seen.page).toContain(
      'All 90 vectors are equal: no figure tells anything about the model.',
    )
  })

  it('ask for one thing, to find out why', () => {
    expect(seen.report.items.map(({ title }) => title)).toEqual(['Find out why all rows are equal'])
  })

  it('have no hubs, no silhouette and no direction, and no section that claims any', () => {
    const { metrics, structure, projection } = seen.report
    for (const id of ['silhouette', 'anti_hub_share_k10', 'hub_share_k10', 'robin_hood_k10']) {
      expect(metrics[id]).toMatchObject({ value: null, note: 'all rows are equal' })
    }
    expect(structure.hubs.rows).toBe(0)
    expect(projection.explained).toEqual([0, 0])
    expect(seen.page).toContain('All rows are equal, so every margin is 0.')
    expect(seen.page).not.toMatch(/Tell a and b apart|Settle|near to 20 rows|closer to itself/)
  })
})

describe('classes of one row each', () => {
  let seen: Seen
  beforeAll(async () => {
    seen = await evaluated(
      clusters(1, 60, 4, 0).map((row, at) => ({ ...row, label: `person-${at}` })),
    )
  }, 60_000)

  it('are said to have nothing to find, and blame no pair of them', () => {
    expectReadable(seen)
    expect(seen.page).toContain('No row has another of its class to find')
    expect(seen.page).not.toMatch(/worst pair|Confused pairs, most errors|spread out: it takes/)
    expect(seen.report.items.map(({ id }) => id)).toEqual(['unmatched:rows'])
  })

  it('have no figure of retrieval, and leave every gate on a match unjudged', () => {
    const { metrics, gate } = seen.report
    expect(metrics.hit_at_10).toMatchObject({ value: null, chance: null })
    expect(metrics.nearest_neighbor_accuracy).toMatchObject({ value: 0, chance: 0 })
    expect(gate.results.filter(({ passed }) => passed === null)).toHaveLength(3)
    expect(seen.report.verification).toBeNull()
  })
})

describe('classes of one row among others', () => {
  it('do not pass for classes that the model gets wrong', async () => {
    const rows = [
      ...clusters(3, 20, 4, 6),
      ...clusters(1, 30, 4, 0).map((row, at) => ({ ...row, label: `alone-${at}` })),
    ]
    const seen = await evaluated(rows)
    expectReadable(seen)
    expect(seen.page).toMatch(/[\d.]+ % of those that have another row of it\./)
    expect(seen.page).toContain('30 of these errors are rows with no other of their class')
    expect(seen.page).toContain('30 classes are left out: their rows have no other of the class')
    expect(seen.page).not.toContain('classes have no row right')
  }, 60_000)
})

describe('one class', () => {
  it('has nothing that could be wrong, and no chart of it', async () => {
    const rows = clusters(1, 60, 4, 0).map((row, at) => ({
      ...row,
      columns: { camera: at % 2 ? 'left' : 'right' },
    }))
    const seen = await evaluated(rows)
    expectReadable(seen)
    expect(seen.page).toContain('All rows have one label: there is nothing to confuse.')
    expect(seen.page).toContain('With one class no row can be wrong, so no slice can do worse')
    expect(seen.page).toContain('With one class there are no pairs of two classes to tell apart.')
    expect(seen.page).not.toMatch(/slices were tested|smallest .* margin leaves/)
    expect(seen.report.gate.results.map(({ passed }) => passed)).toEqual([null, null, null])
  }, 60_000)
})

describe('a thousand classes', () => {
  it('are shown by their worst, and all of them are in report.json', async () => {
    const seen = await evaluated(clusters(1000, 3, 6, 2))
    expectReadable(seen)
    expect(seen.report.classes).toHaveLength(1000)
    expect(seen.page).toContain('The 20 worst of 1,000 classes.')
    expect(seen.page).toMatch(/Shown are the \d+ classes of the worst pairs, of 1,000/)
    expect(seen.page).toContain('Find one of all 1,000 classes')
    expect(seen.page.length).toBeLessThan(60_000)
  }, 120_000)
})

describe('200 columns of metadata', () => {
  let seen: Seen
  beforeAll(async () => {
    const random = seededRandom(9)
    const rows = clusters(4, 150, 4, 1.2).map((row, at) => ({
      ...row,
      columns: Object.fromEntries(
        Array.from({ length: 200 }, (_, column) => {
          if (column % 4 === 0) return [`same${column}`, 'x']
          if (column % 4 === 1) return [`own${column}`, `${column}-${at}`]
          // Numbered at their end they would be taken for a vector, and left out.
          if (column % 4 === 2) return [`number${column} mm`, random().toFixed(6)]
          return [`kind${column}`, `k${Math.floor(3 * random())}`]
        }),
      ),
    }))
    seen = await evaluated(rows)
  }, 120_000)

  it('are grouped where they can be, and those that cannot be say why', () => {
    expectReadable(seen)
    const { columns, skipped, pairs } = seen.report.slices
    expect(columns).toHaveLength(100)
    expect(skipped).toHaveLength(100)
    expect(pairs).toEqual({ tested: 190, possible: 4950 })
    expect(seen.page).toContain('190 of 4,950 pairs of columns.')
    expect(seen.page).toMatch(/own1 \(more than 50 values\)/)
  })

  it('of chance alone name no slice, of errors or of pairs', () => {
    expect(seen.report.slices.different).toBe(0)
    expect(seen.page).not.toContain('Slices that verify worst')
  })
})

describe('so few rows that a figure would be luck', () => {
  it('two of two classes say nothing of hubs, lengths or margins', async () => {
    const seen = await evaluated([
      { label: 'a', point: [1, 2, 3] },
      { label: 'b', point: [2, 3, 4] },
    ])
    expectReadable(seen)
    for (const id of ['hub_share_k10', 'anti_hub_share_k10', 'norm_outlier_share']) {
      expect(seen.report.metrics[id]!.value).toBeNull()
    }
    expect(seen.report.gate.results.every(({ passed }) => passed === null)).toBe(true)
  }, 60_000)

  it('three with one error test no margin', async () => {
    const seen = await evaluated([
      { label: 'a', point: [1, 2, 3] },
      { label: 'a', point: [2, 3, 4] },
      { label: 'b', point: [9, 9, 9] },
    ])
    expectReadable(seen)
    expect(seen.report.margins.rankedBy).toBeNull()
    expect(seen.page).toContain('There are too few errors, or too few right rows, to tell')
    expect(seen.page).toContain('too few to say how far they overlap')
  }, 60_000)

  it('fewer than the neighbours that are asked for keep those that there are', async () => {
    const seen = await evaluated(clusters(2, 4, 3, 5))
    expectReadable(seen)
    expect(seen.report.k).toBe(7)
    expect(seen.page).not.toMatch(/worst pair|leaves no better accuracy/)
  }, 60_000)
})

describe('two classes of which every row is nearest to the other', () => {
  it('have no right answer for a margin, or a smaller form, to keep', async () => {
    const pairs = clusters(1, 60, 4, 0).flatMap(({ point }) => [
      { label: 'a', point: point.map((value) => 10 * value) },
      { label: 'b', point: point.map((value) => 10 * value + 0.01) },
    ])
    const seen = await evaluated(pairs)
    expectReadable(seen)
    expect(seen.report.metrics.nearest_neighbor_accuracy!.value).toBe(0)
    expect(seen.page).toContain('Every row is an error, so whether a margin predicts errors')
    expect(seen.page).not.toContain('no errors to predict')
    expect(seen.report.tradeOff).toMatchObject({ smallest: null, variants: [] })
    expect(seen.report.tradeOff.note).toMatch(/no better than chance/)
  }, 60_000)
})
