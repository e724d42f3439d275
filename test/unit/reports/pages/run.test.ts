/** A run's page: complete, light, strict about what it loads, and safe from what an upload says. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { itemSlug } from '../../../../lib/core/names.ts'
import { renderRun } from '../../../../reports/render.ts'
import { SECTIONS } from '../../../../reports/sections/index.ts'
import { buildRun, earlierCorrect, type FixtureRun, seededPoints } from '../fixture.ts'

const SPRITE = { kind: 'sprite', href: 'sprite.png', tile: [32, 32], sheet: [320, 320] } as const

function comparedRun(rows: number, classes: number, noise = 0.5): FixtureRun {
  const points = seededPoints(rows, classes, noise)
  const correct = earlierCorrect(buildRun(points).rows.correct)
  return buildRun(points, { images: SPRITE, baseline: { run: 'run-1', correct } })
}

const run = comparedRun(300, 10)
const page = await renderRun(run)

/** Text of the page as a reader sees it. */
const words = (html: string) =>
  html
    .replace(/<(style|script|pre)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')

describe('a run’s page', () => {
  it('says whether rows of a group turn together', async () => {
    const { report } = run
    const grouped = { ...report, intervals: { cluster: 'group' as const, clusters: 40 } }
    expect(words(page)).not.toContain('turn together')
    expect(words(await renderRun({ ...run, report: grouped }))).toContain(
      'if neither run were better, where rows of a group turn together',
    )
  })

  it('has every part in its order, each opening with a sentence', () => {
    const parts = [...page.matchAll(/<section class="part" id="(\w+)"/g)].map(([, id]) => id)
    expect(parts).toEqual(SECTIONS.map(({ id }) => id))
    const headings = [...page.matchAll(/<h2 id="\w+-says">([^<]*)<\/h2>/g)].map(([, text]) => text!)
    expect(headings).toHaveLength(parts.length)
    for (const heading of headings) expect(heading).toMatch(/^.{8,}\.$/)
  })

  it('tells which rows of a class don’t count, beside a class that one run lacks', async () => {
    const changes = run.report.changes!
    const classes = changes.classes.map((part, at) =>
      at === 0 ? { ...part, fixed: 0, broken: 0, absentNeighbors: 15 } : part,
    )
    const report = { ...run.report, changes: { ...changes, classes } }
    const html = await renderRun({ ...run, report })
    expect(words(html)).toContain('15 rows left out, beside a class that one run lacks')
    expect(words(page)).not.toContain('left out, beside')
  })

  it('gives every open item an anchor, a permalink and its words', () => {
    const open = run.report.items.filter((item) => item.known === null)
    expect(open.length).toBeGreaterThan(3)
    for (const item of open) {
      const slug = itemSlug(item.id)
      expect(page).toContain(`id="${slug}"`)
      expect(page).toContain(`href="../../items/${slug}/index.html"`)
      expect(words(page)).toContain(item.doneWhen)
    }
  })

  it('shows a row’s own tile beside its neighbour’s', () => {
    const row = run.rows.id.indexOf(run.report.items[0]!.evidence[0]!)
    const neighbor = run.rows.neighbors[row * run.rows.neighborCount]!
    const box = (place: number) =>
      `viewBox="${(place % 10) * 32} ${Math.floor(place / 10) * 32} 32 32"`
    expect(page).toMatch(new RegExp(`${box(row)}><use href="#sheet"/></svg><svg ${box(neighbor)}`))
  })

  it('folds a table and the code behind every chart, and describes it', () => {
    const charts = page.match(/<svg class="chart"/g)?.length ?? 0
    expect(charts).toBeGreaterThanOrEqual(8)
    const described = page.match(/role="img" aria-label="[^"]{30,}"><svg class="chart"/g)
    expect(described).toHaveLength(charts)
    const figures = page.split('<figure').slice(1)
    for (const figure of figures) {
      expect(figure).toContain('<summary>Code</summary>')
      if (!figure.startsWith(' class="figure map"')) {
        expect(figure).toContain('<summary>Numbers</summary>')
      }
    }
  })

  it('is the same for the same report', async () => {
    expect(await renderRun(comparedRun(300, 10))).toBe(page)
  })

  it('links to nothing outside the site', () => {
    for (const [, address] of page.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      expect(address).toMatch(
        /^(#|\.\.\/|evidence\/\d+\.html#|report\.json$|rows\.parquet$|figures\.js$|sprite\.png$|data:image\/svg)/,
      )
    }
  })

  it('allows only its own style and script, by their hashes, and scripts of the site', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!
    const directives = policy.replaceAll('&#39;', "'").split('; ')
    const hash = (tag: string) => {
      const bodies = [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))]
      expect(bodies).toHaveLength(1)
      return `'sha256-${createHash('sha256').update(bodies[0]![1]!).digest('base64')}'`
    }
    expect(directives).toEqual([
      "default-src 'none'",
      `style-src ${hash('style')}`,
      `script-src 'self' ${hash('script')}`,
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(page).not.toMatch(/<[a-z][^>]*\s(?:style|on\w+)=/i)
  })

  it('allows pictures from elsewhere only where the run links to them', async () => {
    const hosts = ['pictures.example', 'b.example:8443']
    const image = run.rows.id.map((_, row) => `https://${hosts[row % 2]}/${row}.jpg`)
    const linked = await renderRun({
      ...run,
      report: { ...run.report, images: { kind: 'links' } },
      rows: { ...run.rows, image },
    })
    const policy = 'img-src &#39;self&#39; data: https://b.example:8443 https://pictures.example;'
    expect(linked).toContain(policy)
    expect(linked).toContain(
      'loads pictures from b.example:8443 and pictures.example, nothing else',
    )
    expect(linked).not.toContain('loads nothing')
    expect(await renderRun(run)).toContain('loads nothing from elsewhere and holds no vectors')
    // Pictures that were uploaded lie in the site.
    const beside = { ...run.rows, image: run.rows.id.map(() => '../../assets/x.png') }
    const local = { ...run, report: { ...run.report, images: { kind: 'links' } as const } }
    const own = await renderRun({ ...local, rows: beside })
    expect(own).toContain('loads nothing from elsewhere')
    expect(own).not.toContain('https:;')
    expect(linked).toMatch(
      /<img loading="lazy"[^>]* src="https:\/\/(pictures|b)\.example(:8443)?\/\d+\.jpg" alt=""/,
    )
  })

  it('stays under 250 KB for 10,000 rows of 50 classes', async () => {
    const big = await renderRun(comparedRun(10_000, 50, 0.5))
    expect(Buffer.byteLength(big)).toBeLessThan(250_000)
  })
})

describe('names that an upload makes up', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '</style><img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '{props.report} `x`',
    '&lt;b&gt; & ]]> -->',
    '\u202eevil\u0000name',
    '',
    'x'.repeat(200),
    'تفاح أحمر جدا',
    '苹果和梨的区别是什么呢',
    'constructor',
    '__proto__',
  ]

  it('are shown as text, in words and in charts', async () => {
    const points = seededPoints(400, hostile.length, 1.2, 5, (index) => hostile[index]!)
    const ids = points.ids.map((id, row) => `${id}${hostile[row % hostile.length]}`)
    const wild = buildRun({ ...points, ids }, { images: SPRITE })
    const html = await renderRun(wild)
    const tags = new Set([...html.matchAll(/<([a-zA-Z!/][^\s>/]*)/g)].map(([, name]) => name))
    const known = new Set([...page.matchAll(/<([a-zA-Z!/][^\s>/]*)/g)].map(([, name]) => name))
    expect([...tags].filter((tag) => !known.has(tag))).toEqual([])
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html.match(/<style/g)).toHaveLength(1)
    const attributes = html.replace(/="[^"]*"/g, '=""')
    expect(attributes).not.toMatch(/<[a-z][^<>]*\son\w+\s*=/i)
    expect(html).toContain('&lt;script&gt;')
    expect(words(html)).toContain('{props.report} `x`')
  })
})

describe('a report out of the ordinary', () => {
  const cases: readonly (readonly [string, FixtureRun])[] = [
    ['one class', buildRun(seededPoints(40, 1))],
    ['everything wrong', buildRun(seededPoints(40, 40, 3))],
    ['two rows', buildRun(seededPoints(2, 2))],
    ['a thousand classes', buildRun(seededPoints(1500, 1000, 0.4))],
    [
      'no pictures and a comparison',
      buildRun(seededPoints(60, 4), { baseline: { run: 'a', correct: new Uint8Array(60) } }),
    ],
  ]

  it.each(cases)('renders: %s', async (_name, odd) => {
    const html = await renderRun(odd)
    expect(html).toMatch(/^<!doctype html><html lang="en">/)
    expect(
      /.{40}(\bNaN\b|undefined|Infinity|\[object|\bnull\b)/.exec(words(html))?.[0],
    ).toBeUndefined()
    expect(Buffer.byteLength(html)).toBeLessThan(250_000)
  })

  it('says so where there is nothing to fix', async () => {
    const html = await renderRun({ ...run, report: { ...run.report, items: [] } })
    expect(words(html)).toContain('Nothing stands out to be fixed first among 28 errors')
  })

  it('says so where no row is in both runs', async () => {
    const comparison = {
      ...run.report.comparison!,
      matchedRows: 0,
      fixed: [],
      broken: [],
      metrics: {},
    }
    const html = await renderRun({ ...run, report: { ...run.report, comparison } })
    expect(words(html)).toContain("Can't be compared with run-1: no row is in both.")
  })

  it('calls no class worse than others where all are alike', async () => {
    const one = run.report.classes[0]!
    const classes = Array.from({ length: 30 }, (_, at) => ({
      ...one,
      label: `c${at}`,
      errors: 0,
      accuracy: 1,
    }))
    const html = words(await renderRun({ ...run, report: { ...run.report, classes } }))
    expect(html).toContain('20 of 30 classes, all alike.')
    expect(html).not.toContain('The 20 worst')
    const unmatched = [...classes, { ...one, label: 'lone', errors: 3, hitAt10: null }]
    const partly = words(await renderRun({ ...run, report: { ...run.report, classes: unmatched } }))
    expect(partly).toContain('No class has an error, of those that can match.')
  })

  it('tells why a figure has no interval where the interval would stand', async () => {
    const { nearest_neighbor_accuracy: figure, ...others } = run.report.metrics
    const without = { ...figure!, interval: null, intervalNote: 'pairs share rows' }
    const metrics = { ...others, nearest_neighbor_accuracy: without }
    const html = await renderRun({ ...run, report: { ...run.report, metrics } })
    expect(html).toContain('<small>pairs share rows</small>')
    expect(words(html)).toContain('no interval: pairs share rows.')
  })

  it('says of classes of one row that they have one', async () => {
    const { quality } = run.report
    const one = { label: 'a', rows: 1 }
    const imbalance = { ...quality.imbalance, largest: one, smallest: one, ratio: 1 }
    const report = { ...run.report, quality: { ...quality, imbalance } }
    expect(words(await renderRun({ ...run, report }))).toContain('Every class has one row.')
  })
})
