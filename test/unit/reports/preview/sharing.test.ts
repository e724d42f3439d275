/** What is shown where a link is shared: a picture, a badge and a feed that say what the run says. */

import { Resvg } from '@resvg/resvg-wasm'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { reportBytes } from '../../../../reports/files/report-file.ts'
import { fitted, isDrawable, textWidth, wrapped } from '../../../../reports/preview/text.ts'
import {
  drawPng,
  failurePreviewSvg,
  previewSvg,
  renderBadge,
  renderFeed,
  renderRun,
} from '../../../../reports/render.ts'
import { xmlProblem } from '../../../attack/markup.ts'
import { buildRun, seededPoints } from '../fixture.ts'
import { withPlanning } from '../fixture-planning.ts'

const run = buildRun(seededPoints(120, 6, 0.7))
const { report, index } = run

describe('the text of the preview picture', () => {
  // resvg draws the text, so its own boxes are the oracle of the widths.
  beforeAll(() => drawPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'))

  it.each(['regular', 'semibold'] as const)('is as wide as it is drawn, %s', (weight) => {
    const family = weight === 'regular' ? 'Inter' : 'Inter SemiBold'
    for (const words of ['Better than v11: 50 rows fixed', 'WWWmmm', 'illi.l', 'Ωμέγα Жук']) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="100"><text x="50" y="60" font-family="${family}" font-weight="${weight === 'regular' ? 400 : 600}" font-size="50">${words}</text></svg>`
      const fontBuffers = [reportBytes(`fonts/inter-${weight}.ttf`)]
      const drawn = new Resvg(svg, { font: { fontBuffers, loadSystemFonts: false } }).getBBox()!
      const told = textWidth(words, 50, weight)
      expect(told).toBeGreaterThan(drawn.width - 2)
      expect(told).toBeLessThan(drawn.width * 1.05 + 6)
    }
  })

  it('never gets wider than its room, whatever the words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (words) => {
        expect(textWidth(fitted(words, 40, 'semibold', 300), 40, 'semibold')).toBeLessThanOrEqual(
          300,
        )
        for (const line of wrapped(words, 40, 'semibold', 300)) {
          expect(textWidth(line, 40, 'semibold')).toBeLessThanOrEqual(300)
        }
      }),
    )
  })

  it('knows which scripts it has', () => {
    expect(isDrawable('Straße Ωμέγα Жук – “x” …')).toBe(true)
    expect(isDrawable('苹果')).toBe(false)
    expect(isDrawable('تفاح')).toBe(false)
  })
})

describe('the preview picture', () => {
  it('is a PNG of 1200 × 630, the same bytes each time', async () => {
    const svg = previewSvg(report)
    const png = await drawPng(svg)
    const view = new DataView(png.buffer, png.byteOffset)
    expect(view.getUint32(0)).toBe(0x89504e47)
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([1200, 630])
    expect(Buffer.from(await drawPng(svg)).equals(png)).toBe(true)
    expect(png.byteLength).toBeLessThan(100_000)
  })

  it('says the verdict and the worst pair', () => {
    const { a, b, count } = report.confusion.pairs[0]!
    const words = previewSvg(report).replace(/<[^>]+>/g, ' ')
    expect(words).toContain(`${a} / ${b}`)
    expect(words).toContain(`${count} errors`)
    expect(words).toContain('of rows sit next to')
  })

  it('leaves out names that its font can’t draw, and markup in those it can', () => {
    const named = (a: string) => {
      const pairs = [{ ...report.confusion.pairs[0]!, a }]
      return previewSvg({ ...report, confusion: { ...report.confusion, pairs } })
    }
    expect(named('苹果')).toContain('Two classes')
    expect(named('<b>')).toContain('&lt;b&gt;')
  })

  it.each([
    [']]>'],
    ['a\u0000b\ud800c\ufffe\uffff'],
    ['-- <!-- &#0; &amp; <![CDATA['],
    ['\u202eשלום e\u0301\u0301 👩‍👩‍👧‍👦 苹果'],
    ['W'.repeat(1_000_000)],
    ['a '.repeat(500_000)],
  ])('is drawn whatever the names and the message are', async (text) => {
    const pairs = [{ ...report.confusion.pairs[0]!, a: text, b: text }]
    const comparison = report.comparison && { ...report.comparison, baseline: text }
    const named = { ...report, run: text, comparison, confusion: { ...report.confusion, pairs } }
    expect((await drawPng(previewSvg(named))).byteLength).toBeGreaterThan(1000)
    const issue = { code: 'x', message: text, where: 'a', hint: 'b' }
    const failed = { project: text, run: 'r', createdAt: '', contentId: 'x', files: [] }
    const svg = failurePreviewSvg({ schema: 'nearmiss.error/1', ...failed, issues: [issue] })
    expect((await drawPng(svg)).byteLength).toBeGreaterThan(1000)
    expect(xmlProblem(svg)).toBeNull()
    const latest = { ...index.runs.at(-1)!, run: text, error: text, summary: null }
    expect(xmlProblem(renderFeed({ ...index, runs: [latest] }, null))).toBeNull()
    expect(xmlProblem(renderBadge(index))).toBeNull()
  })

  it('of a failed upload says so', () => {
    const issue = { code: 'x', message: '899 vectors and <900> labels.', where: 'a', hint: 'b' }
    const failed = {
      schema: 'nearmiss.error/1',
      project: 'p',
      run: 'r',
      createdAt: '2026-11-19T08:00:00.000Z',
      contentId: 'x',
      files: [],
      issues: [issue],
    } as const
    expect(failurePreviewSvg(failed)).toContain('899 vectors and &lt;900&gt; labels.')
  })
})

describe('tags for chats', () => {
  it('hold full addresses where the site’s is known, and the picture beside the page otherwise', async () => {
    const near = await renderRun(run)
    expect(near).toContain('<meta property="og:image" content="preview.png"/>')
    const far = await renderRun(withPlanning(run, { siteUrl: 'https://reports.example.org/s/' }))
    const home = 'https://reports.example.org/s/animals/runs/run-2/'
    expect(far).toContain(`<meta property="og:image" content="${home}preview.png"/>`)
    expect(far).toContain(`<meta property="og:url" content="${home}"/>`)
    expect(far).toContain('<meta name="twitter:card" content="summary_large_image"/>')
  })
})

describe('the badge', () => {
  it('says the accuracy, what is left to do, and a failed gate', () => {
    const latest = index.runs.at(-1)!
    const summary = { ...latest.summary!, accuracy: 0.9321, openItems: 5, gatePassed: false }
    const badge = renderBadge({ ...index, runs: [{ ...latest, summary }] })
    expect(badge).toContain('>93.2 %, 5 to fix, gate failed<')
    expect(badge).toContain('aria-label="nearmiss: 93.2 %, 5 to fix, gate failed"')
    expect(renderBadge({ ...index, runs: [] })).toContain('no report yet')
  })
})

describe('the feed', () => {
  it('tells how many items went out of scope', () => {
    const entry = index.runs.at(-1)!
    const summary = { ...entry.summary!, openItems: 2, outOfScope: 3 }
    const feed = renderFeed({ ...index, runs: [{ ...entry, summary }] }, null)
    expect(feed).toContain('2 open items, 3 out of scope since this run.')
  })

  it('has an entry a run, the newest first, under ids that stay', () => {
    const feed = renderFeed(index, null)
    const ids = [...feed.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(Math.min(index.runs.length, 30) + 1)
    expect(
      ids.every((id) =>
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id!),
      ),
    ).toBe(true)
    const hrefs = [...feed.matchAll(/href="runs\/([^/]+)\//g)].map(([, name]) => name)
    expect(hrefs).toEqual(
      [...index.runs]
        .reverse()
        .slice(0, 30)
        .map((entry) => entry.run),
    )
    const moved = renderFeed(index, 'https://x.example.org/')
    expect([...moved.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id)).toEqual(ids)
    expect(moved).toContain('href="https://x.example.org/animals/runs/')
  })

  it('holds text as text', () => {
    const latest = index.runs.at(-1)!
    const entry = {
      ...latest,
      summary: { ...latest.summary!, verdict: 'a <b> & "c" \u0000\ud800.' },
    }
    const feed = renderFeed({ ...index, runs: [entry] }, null)
    expect(feed).toContain('a &lt;b&gt; &amp; &quot;c&quot; \ufffd\ufffd.')
  })
})
