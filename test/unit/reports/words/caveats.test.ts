/** What stands under a run's headline: only what qualifies it, never more than three lines. */

import { describe, expect, it } from 'vitest'
import { runCaveats, tieCaveats } from '../../../../lib/core/caveats.ts'
import type { Report } from '../../../../lib/core/report.ts'
import type { Warning } from '../../../../lib/core/warning.ts'
import { renderRun } from '../../../../reports/render.ts'
import {
  adviceText,
  caveats,
  foldedWarnings,
  warningsOf,
} from '../../../../reports/words/caveats.ts'
import { buildRun, seededPoints } from '../fixture.ts'

const run = buildRun(seededPoints(120, 6, 0.7))

function warned(warnings: readonly Warning[], labelChangingTies = 0): Report {
  const { report } = run
  return {
    ...report,
    input: { ...report.input, warnings },
    confusion: { ...report.confusion, labelChangingTies },
  }
}
const telling = (headline: string): Warning => ({ code: 'one-class', message: 'long', headline })

describe('a gate', () => {
  it('tells its reason after its limit, a sentence as a sentence of its own', async () => {
    const [gate] = run.report.gate.results
    const page = (reason: string) => {
      const results = [{ ...gate!, passed: null, requirement: 'at least 1 point', reason }]
      return renderRun({ ...run, report: { ...run.report, gate: { ...run.report.gate, results } } })
    }
    const plain = (text: string) => text.replaceAll('\u00a0', ' ')
    expect(plain(await page('With these'))).toContain('at least 1 point. With these')
    expect(plain(await page('interval'))).toContain('at least 1 point; interval')
  })
})

describe('under the headline', () => {
  it('nothing stands where no warning qualifies it', async () => {
    const report = warned([{ code: 'column-twice', message: 'A column is left out' }])
    expect(caveats(report)).toEqual([])
    expect(await renderRun({ ...run, report })).not.toContain('class="caveats"')
  })

  it('each line leads to its warning, which is found by its place', async () => {
    const report = warned([{ code: 'column-twice', message: 'no' }, telling('4 are zeros')])
    expect(caveats(report)).toEqual([{ says: '4 are zeros', href: '#warning-2' }])
    const page = await renderRun({ ...run, report })
    expect(page).toContain('4 are zeros. <a href="#warning-2">')
    expect(page).toContain('<li id="warning-2">')
  })

  it('three lines stand, and the rest is linked', async () => {
    const report = warned(['a', 'b', 'c', 'd', 'e'].map(telling))
    const page = await renderRun({ ...run, report })
    const list = /<ul class="caveats"[\s\S]*?<\/ul>/.exec(page)![0]
    expect(list.match(/<li>/g)).toHaveLength(3)
    expect(list).toContain('<a href="#input">2 more</a>')
  })

  it('ties are told where they could move the accuracy by a point', () => {
    expect(caveats(warned([], 1))).toEqual([])
    expect(caveats(warned([], 2))).toMatchObject([{ href: '#confusion' }])
    // A report that warns of them itself tells them once.
    const [ties] = tieCaveats(2, 120)
    expect(caveats(warned([ties!], 2))).toEqual(caveats(warned([], 2)))
    expect(warningsOf(warned([ties!], 2))).toEqual([ties])
  })

  it('nothing repeats a headline that says itself that no figure tells anything', () => {
    const report = warned([telling('2 of 2 classes have one row')])
    const { hit_at_1: hit } = report.metrics
    const none = { ...report.metrics, hit_at_1: { ...hit!, value: null } }
    expect(caveats({ ...report, metrics: none })).toEqual([])
  })
})

describe('what a run says against itself', () => {
  const codes = (figures: Partial<Parameters<typeof runCaveats>[0]>) =>
    runCaveats({ evaluatedRows: 200, labelChangingTies: 0, rows: 200, copies: [], ...figures }).map(
      ({ code }) => code,
    )

  it('is from a row in a hundred on', () => {
    expect(codes({})).toEqual([])
    expect(codes({ labelChangingTies: 1 })).toEqual([])
    expect(codes({ labelChangingTies: 2 })).toEqual(['tied-neighbors'])
    expect(codes({ copies: [2], rows: 201 })).toEqual([])
    expect(codes({ copies: [2] })).toEqual(['exact-duplicates'])
  })

  it('counts copies of many vectors, and leaves it at that where all rows are equal', () => {
    expect(codes({ copies: Array.from({ length: 100 }, () => 2) })).toEqual(['exact-duplicates'])
    expect(codes({ copies: [200] })).toEqual([])
  })
})

describe('warnings as texts', () => {
  const ignored = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ code: 'array-ignored', message: `array ${at}` }))
  const texts = (warnings: Parameters<typeof foldedWarnings>[0]) =>
    foldedWarnings(warnings).map(({ text }) => text)

  it('are told one by one up to four of a kind, and counted past three where there are more', () => {
    expect(texts(ignored(4))).toEqual(['array 0', 'array 1', 'array 2', 'array 3'])
    expect(texts(ignored(5))).toEqual([
      'array 0',
      'array 1',
      'array 2',
      '2 more like these (array-ignored)',
    ])
  })

  it('keep those of other kinds whole', () => {
    const other = { code: 'one-class', message: 'one' }
    expect(texts([...ignored(30), other, ...ignored(20)])).toHaveLength(5)
    expect(texts([...ignored(30), other, ...ignored(20)]).at(-1)).toBe('one')
  })

  it('end with what to do, but not where the message says it or nothing is to be done', () => {
    const hint = 'Do this.'
    expect(adviceText({ code: 'zero-vectors', message: 'zeros', hint })).toBe('zeros. Do this.')
    expect(adviceText({ code: 'zero-vectors', message: 'zeros.', hint })).toBe('zeros. Do this.')
    expect(adviceText({ code: 'zero-vectors', message: 'zeros' })).toBe('zeros')
    expect(adviceText({ code: 'labels-alike', message: 'alike', hint })).toBe('alike')
    expect(adviceText({ code: 'array-ignored', message: 'left out', hint })).toBe('left out')
    expect(adviceText({ code: 'of-another-version', message: 'm', hint })).toBe('m')
  })
})
