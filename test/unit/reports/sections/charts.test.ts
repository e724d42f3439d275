/** Charts: what their specs are made from, and what becomes of them as SVG. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runTrend } from '../../../../reports/charts/run-trend.ts'
import { drawChart } from '../../../../reports/charts/svg.ts'
import { clusterOrder } from '../../../../reports/sections/confusion/cluster-order.ts'
import { cumulativeErrors } from '../../../../reports/sections/confusion/concentration-curve.ts'
import {
  confusionHeatmap,
  heatSteps,
} from '../../../../reports/sections/confusion/confusion-heatmap.ts'
import { marginHistogram } from '../../../../reports/sections/margins/margin-histogram.ts'
import { axisNames } from '../../../../reports/words/format.ts'

describe('the order of a heatmap', () => {
  it('puts classes that are confused side by side', () => {
    const errors = new Map([
      ['a|d', 9],
      ['b|e', 7],
      ['c|d', 2],
    ])
    const between = (a: string, b: string) =>
      errors.get(`${a}|${b}`) ?? errors.get(`${b}|${a}`) ?? 0
    expect(clusterOrder(['a', 'b', 'c', 'd', 'e'], between)).toEqual(['a', 'd', 'c', 'b', 'e'])
  })

  it('keeps every class once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 12 }), fc.nat(), (classes, seed) => {
        const between = (a: string, b: string) => (a.length * b.length + seed) % 7
        expect(clusterOrder(classes, between).sort()).toEqual([...classes].sort())
      }),
    )
  })
})

describe('shades', () => {
  it('rise, and the darkest holds the largest count', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (counts) => {
        const steps = heatSteps(counts)
        expect(steps).toHaveLength(4)
        for (const [place, step] of steps.entries())
          expect(step).toBeGreaterThan(steps[place - 1] ?? 1)
        if (Math.max(...counts) > 5) expect(Math.max(...counts)).toBeGreaterThanOrEqual(steps[3]!)
      }),
    )
  })
})

describe('the concentration curve', () => {
  it('runs from nothing to all errors', () => {
    expect(cumulativeErrors([6, 3, 1])).toEqual([
      { pairs: 0, held: 0 },
      { pairs: 1, held: 0.6 },
      { pairs: 2, held: 0.9 },
      { pairs: 3, held: 1 },
    ])
  })
})

describe('names on an axis', () => {
  it('stay apart where shortening made them equal', () => {
    const names = axisNames(
      [`${'x'.repeat(50)}a${'y'.repeat(50)}`, `${'x'.repeat(50)}b${'y'.repeat(50)}`],
      22,
    )
    expect(new Set(names).size).toBe(2)
    expect(names[0]!.replaceAll('\u200b', '')).toBe(names[1]!.replaceAll('\u200b', ''))
  })
})

describe('a drawn chart', () => {
  const spec = confusionHeatmap({ classes: ['a<b', 'c&"d'], counts: [['a<b', 'c&"d', 7]] })

  it('has no style of its own, no font and no colour but the theme’s', async () => {
    const trend = runTrend(
      [
        { run: 'a', value: 0.5, interval: [0.4, 0.6] },
        { run: 'b', value: 0.7, interval: null },
      ],
      { title: 'accuracy', format: 'share' },
    )
    for (const svg of [await drawChart(spec), await drawChart(trend)]) {
      expect(svg).not.toMatch(/style=|font-family|#[0-9a-f]{3,6}|aria-|role=/)
      expect(svg).toMatch(/^<svg class="chart" /)
    }
  })

  it('says its labels as text', async () => {
    const svg = await drawChart(spec)
    expect(svg).toContain('>a&lt;b<')
    expect(svg).toContain('>c&amp;"d<')
  })

  it('draws a square for the count at its row and column, and its number on it', async () => {
    const svg = await drawChart(spec, { ownWidth: true })
    // Cells are 34 wide with a gap of 1: the first row's second column starts at 34, 0.
    expect(svg).toContain('class="f-heat5" d="M34,0h33v33h-33"')
    expect(svg).toMatch(/class="f-paper"[^>]*>7</)
  })

  it('is the same twice', async () => {
    expect(await drawChart(spec)).toBe(await drawChart(spec))
  })
})

it('margins far from their threshold fill the picture all the same', async () => {
  const figures = {
    id: 'prediction' as const,
    title: 'Prediction margin',
    edges: [12, 12.5, 13],
    right: [5, 3],
    wrong: [0, 0],
    errorAuc: null,
    predictsErrors: null,
    calibrated: null,
    riskCoverage: [],
    relative: { rows: 0, median: null, errorAuc: null, predictsErrors: null, calibrated: null },
  }
  for (const shown of [figures, { ...figures, id: 'class' as const }]) {
    const svg = await drawChart(marginHistogram(shown, 0.05))
    const [, width] = /viewBox="[^"]*?([\d.]+) [\d.]+"/.exec(svg)!
    // 290 for the bins, the rest for an axis.
    expect(Number(width)).toBeLessThan(400)
  }
})
