/** The rows behind a finding: every confused pair, changed row and outlier has a place, with its neighbours. */

import { describe, expect, it } from 'vitest'
import { renderRunPages } from '../../../../reports/render.ts'
import { pairKey } from '../../../../reports/view/evidence.ts'
import { runView } from '../../../../reports/view/run-view.ts'
import { buildRun, earlierCorrect, type FixtureRun, seededPoints } from '../fixture.ts'

const SPRITE = {
  kind: 'sprite',
  href: '../../assets/s.png',
  tile: [32, 32],
  sheet: [320, 3200],
} as const
const points = seededPoints(600, 12, 0.9)
const correct = earlierCorrect(buildRun(points).rows.correct)
const run = buildRun(points, { images: SPRITE, baseline: { run: 'run-1', correct } })
const view = runView(run)
const pages = await renderRunPages(run)

/** The part of a page that an address points at. */
function partAt(address: string): string {
  const [file, anchor] = address.split('#')
  const html = pages[file!] ?? ''
  const start = html.indexOf(`id="${anchor}"`)
  expect(start, address).toBeGreaterThan(0)
  return html.slice(start, html.indexOf('</section>', start))
}

describe('evidence', () => {
  it('shows every error of every confused pair', () => {
    for (const { a, b, count } of run.report.confusion.pairs) {
      const part = partAt(view.evidence.href(pairKey(b, a))!)
      expect(part.match(/<div class="self">/g), `${a} and ${b}`).toHaveLength(Math.min(60, count))
    }
  })

  it('leads from every open item, from what changed and from the outliers to their rows', () => {
    const { report } = run
    for (const item of report.items.filter(({ known }) => known === null)) {
      const part = partAt(view.evidence.href(`item:${item.id}`)!)
      for (const id of item.evidence.slice(0, 3)) expect(part).toContain(`<bdi>${id}</bdi>`)
    }
    for (const key of ['broken', 'fixed', 'outliers'] as const) {
      const href = view.evidence.href(key)!
      expect(pages['index.html']).toContain(`href="${href}"`)
      partAt(href)
    }
  })

  it('puts a row beside its nearest rows, with their distances and labels', () => {
    const { rows } = run
    const row = rows.id.indexOf(run.report.items[0]!.evidence[0]!)
    const part = partAt(view.evidence.href(`item:${run.report.items[0]!.id}`)!)
    const entry = part.split('<li>\n').find((text) => text.includes(`<bdi>${rows.id[row]}</bdi>`))!
    const shown = [...entry.matchAll(/<span>([\d.]+)<\/span><small><bdi>([^<]*)/g)]
    const expected = [0, 1, 2, 3, 4].map((place) => {
      const at = row * rows.neighborCount + place
      return [Number(rows.distances[at]!.toPrecision(3)), rows.id[rows.neighbors[at]!]]
    })
    expect(shown.map(([, distance, id]) => [Number(distance), id])).toEqual(expected)
  })

  it('tells what the baseline said of a row that was there', () => {
    const broken = run.report.comparison!.broken
    const part = partAt(view.evidence.href('broken')!)
    expect(part.match(/run-1: right, next to its own class/g)).toHaveLength(broken.length)
  })

  it('reaches pictures from its folder, and shows metadata where there are none', async () => {
    expect(pages['evidence/1.html']).toContain('href="../../../assets/s.png"')
    const bare = buildRun(points)
    const text = await renderRunPages({
      ...bare,
      metadata: [
        { name: 'camera', type: 'text', values: points.ids.map(() => 'left') },
        { name: 'price', type: 'number', values: new Float64Array(points.ids.length).fill(10 / 3) },
      ],
    })
    expect(text['evidence/1.html']).toContain('camera left · price 3.333')
    expect(text['evidence/1.html']).not.toContain('3.3333')
    expect(text['evidence/1.html']).not.toContain('<use')
  })

  it('has no page where nothing is to be shown', async () => {
    const clean: FixtureRun = buildRun(seededPoints(60, 3, 0))
    const outliers = clean.report.outliers.length
    expect(Object.keys(await renderRunPages(clean))).toEqual(
      outliers === 0
        ? ['index.html', 'figures.js', 'map.js']
        : ['index.html', 'evidence/1.html', 'figures.js', 'map.js'],
    )
  })
})
