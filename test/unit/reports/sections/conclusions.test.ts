/** The sentences at the head of each part say what the figures say, and no more. */

import { describe, expect, it } from 'vitest'
import { openItems } from '../../../../lib/core/item.ts'
import type { Report } from '../../../../lib/core/report.ts'
import { confusionConclusion } from '../../../../reports/sections/confusion/conclusion.ts'
import { itemsConclusion } from '../../../../reports/sections/items/conclusion.ts'
import { marginsConclusion } from '../../../../reports/sections/margins/conclusion.ts'
import { classSpread } from '../../../../reports/sections/spread/class-spread.ts'
import { spreadConclusion } from '../../../../reports/sections/spread/conclusion.ts'
import { structureConclusion } from '../../../../reports/sections/structure/conclusion.ts'
import { itemOf, readingOf } from '../../../../reports/words/reading.ts'
import { verdict } from '../../../../reports/words/verdict.ts'
import { buildRun, seededPoints } from '../fixture.ts'

const { report } = buildRun(seededPoints(120, 6, 0.7))
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const ids = (size: number) => Array.from({ length: size }, (_, place) => `row-${place}`)

function compared(fixed: number, broken: number, p: number, matchedRows = 899): Report {
  const verdict = p >= 0.05 ? 'no evidence of a change' : fixed > broken ? 'better' : 'worse'
  return {
    ...report,
    comparisonNote: null,
    confusion: {
      ...report.confusion,
      pairs: [{ a: '1', b: '8', count: 8, aAsB: 5, bAsA: 3, rate: 0.04, gain: 0.9 }],
    },
    comparison: {
      baseline: 'pca-8',
      matchedRows,
      fixed: ids(fixed),
      broken: ids(broken),
      p,
      verdict,
      metrics: {},
      baselineModel: null,
    },
  }
}

describe('the shape of the space', () => {
  const hubby = (items: Report['items']): Report => ({
    ...report,
    items,
    metrics: {
      hub_share_k10: {
        ...report.metrics.nearest_neighbor_accuracy!,
        title: 'Hubs (k = 10)',
        reading: 'A problem: such rows take 60 % of all places.',
      },
    },
  })
  const hubs = { ...report.items[0]!, id: 'hubs:space', kind: 'hubs' as const }

  it('is a problem only where something to do says so', () => {
    expect(structureConclusion(hubby([hubs]))).toBe('One thing about the space is a problem: hubs.')
    expect(itemOf(hubby([hubs]), 'hub_share_k10')).toBe(hubs)
    const quiet = hubby(report.items.filter(({ kind }) => kind !== 'hubs'))
    expect(structureConclusion(quiet)).toBe(
      'Nothing about the space is a problem; one thing is worth watching: hubs.',
    )
    expect(readingOf(quiet, 'hub_share_k10')).toBe(
      'Worth watching: such rows take 60 % of all places.',
    )
  })

  it('is worth watching where the item is accepted', () => {
    const known = { state: 'accepted', reason: 'by design', until: null } as const
    expect(structureConclusion(hubby([{ ...hubs, known }]))).toContain('worth watching')
  })
})

describe('the verdict', () => {
  it('says better or worse with the counts and the test', () => {
    expect(plain(verdict(compared(50, 16, 0.00003)))).toBe(
      'Better than pca-8: 50 rows fixed, 16 broken (p < 0.001). 1/8 is the worst pair.',
    )
    expect(plain(verdict(compared(1, 12, 0.003)))).toMatch(/^Worse than pca-8: 1 row fixed, 12/)
  })

  it('claims no change that the test does not support', () => {
    expect(plain(verdict(compared(19, 13, 0.377)))).toBe(
      'No evidence of a change since pca-8: 19 rows fixed, 13 broken (p = 0.38). 1/8 is the worst pair.',
    )
  })

  it('calls no pair the worst that another one equals', () => {
    const one = compared(50, 16, 0.00003)
    const [pair] = one.confusion.pairs
    const pairs = [pair!, { ...pair!, a: '3', b: '9' }]
    const tied = { ...one, confusion: { ...one.confusion, pairs } }
    expect(plain(verdict(tied))).toMatch(/1\/8 is among the worst pairs\.$/)
  })

  it('says when there is nothing to compare', () => {
    expect(verdict(compared(0, 0, 1))).toMatch(/^The same as pca-8: not one row/)
    expect(verdict(compared(0, 0, 1, 0))).toMatch(/^Can't be compared with pca-8/)
    expect(plain(verdict(report))).toMatch(/% of rows sit next to their own class\./)
  })
})

describe('the margins', () => {
  const margins = (neighbor: number | null, prediction: number | null): Report => ({
    ...report,
    margins: {
      ...report.margins,
      figures: report.margins.figures.map((figures) => ({
        ...figures,
        errorAuc:
          figures.id === 'neighbor' ? neighbor : figures.id === 'prediction' ? prediction : null,
      })),
    },
  })

  it('say plainly when a margin does not predict errors', () => {
    expect(marginsConclusion(margins(0.52, 0.95))).toMatch(
      /prediction margin warns.*0\.95.*neighbour margin does not.*0\.52/,
    )
    expect(marginsConclusion(margins(0.5, 0.55))).toMatch(/^No margin predicts errors/)
    expect(marginsConclusion(margins(null, null))).toMatch(/can’t be told/)
  })
})

describe('the confusion', () => {
  const spread = (errors: number, pairs: number, pairsForHalf: number): Report => ({
    ...report,
    confusion: {
      ...report.confusion,
      pairs: report.confusion.pairs.map((pair) => ({ ...pair, count: 1 })),
      concentration: { ...report.confusion.concentration, errors, pairs, pairsForHalf },
    },
  })

  it('names a pair that holds a quarter of the errors or more', () => {
    const one = compared(19, 13, 0.38)
    const concentration = { ...spread(21, 14, 4).confusion.concentration }
    const told = { ...one, confusion: { ...one.confusion, concentration } }
    expect(confusionConclusion(told)).toBe(
      '1/8 alone holds 8 of the 21 errors; the rest lie between 13 other pairs.',
    )
  })

  it('tells an isolated problem from a spread one', () => {
    expect(confusionConclusion(spread(42, 45, 3))).toMatch(/^A few pairs carry the problem/)
    expect(confusionConclusion(spread(886, 569, 158))).toMatch(/^The 886 errors are spread out/)
    expect(confusionConclusion(spread(0, 0, 0))).toMatch(/^No row's nearest/)
    expect(confusionConclusion(spread(1, 1, 1))).toBe('One error in all.')
    expect(confusionConclusion(spread(4, 1, 1))).toMatch(/^All 4 errors are between one pair/)
  })
})

describe('the items', () => {
  it('count neither what is known, resolved nor not evaluated', () => {
    const [first, second, third, fourth] = report.items
    const items = [
      { ...first!, state: 'resolved' as const },
      { ...second!, state: 'not-evaluated' as const },
      { ...third!, known: { state: 'muted' as const, reason: 'x', until: null } },
      fourth!,
    ]
    expect(openItems({ ...report, items })).toEqual([fourth])
    expect(itemsConclusion({ ...report, items: [] })).toBe(
      'Nothing stands out to be fixed first among 24 errors in 6 pairs of classes.',
    )
  })
})

describe('the spread of classes', () => {
  // The wide class lies under the line, though its distance is above the mean of both spreads.
  const wide = { ...report.classes[0]!, intraClassDistance: 4, interClassDistance: 3 }
  const narrow = { ...report.classes[1]!, intraClassDistance: 1, interClassDistance: 3 }
  const classes = [
    { ...wide, rows: 9, separation: 1.2 },
    { ...narrow, rows: 9, separation: 1.2 },
  ]

  it('calls a class nearer to another by its own rows, as the picture draws it', () => {
    const input = { ...report.input, classes: 2 }
    expect(spreadConclusion({ ...report, items: [], classes, input })).toMatch(
      /1 of 2 is closer to another class than to itself\.$/,
    )
    const dots = JSON.stringify(classSpread(classes, new Set()))
    expect(dots).toContain('"intra":4,"inter":3,"close":true')
    expect(dots).toContain('"intra":1,"inter":3,"close":false')
  })
})
