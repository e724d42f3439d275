/** Which class is taken for which: a square for every direction that has errors. */

import type { TopLevelSpec } from 'vega-lite'
import type { Report } from '../../../lib/core/report.ts'
import { colour, type Role } from '../../theme/vega.ts'
import { axisNames } from '../../words/format.ts'
import { clusterOrder } from './cluster-order.ts'

/** Above so many classes the heatmap shows the most confused ones only. */
export const HEATMAP_CLASSES = 60
const HEATMAP_PART = 40

export interface HeatmapData {
  /** Shown classes, in their order. */
  readonly classes: readonly string[]
  /** Errors only: the diagonal isn't drawn. */
  readonly counts: readonly (readonly [actual: string, predicted: string, count: number])[]
}

const STEPS: readonly Role[] = ['heat1', 'heat2', 'heat3', 'heat4', 'heat5']

/** Upper ends of the first four steps: equal in ratio, since a few pairs hold most errors. */
export function heatSteps(counts: readonly number[]): number[] {
  const most = Math.max(1, ...counts)
  if (most <= 5) return [2, 3, 4, 5]
  const ratio = most ** (1 / 5)
  const steps: number[] = []
  for (let step = 1; step < 5; step++) {
    steps.push(Math.max((steps.at(-1) ?? 1) + 1, Math.round(ratio ** step)))
  }
  return steps
}

export function confusionHeatmap({ classes, counts }: HeatmapData): TopLevelSpec {
  const cell = classes.length <= 12 ? 34 : classes.length <= 30 ? 17 : 11
  const names = axisNames(classes, 22)
  const shown = new Map(classes.map((label, index) => [label, names[index]!]))
  const cells = counts
    .filter(([actual, predicted]) => shown.has(actual) && shown.has(predicted))
    .map(([actual, predicted, count]) => ({
      actual: shown.get(actual),
      predicted: shown.get(predicted),
      count,
    }))
  const side = {
    type: 'ordinal' as const,
    scale: { domain: names, paddingInner: 1 / cell, paddingOuter: 0 },
  }
  const axis = {
    labelFontSize: cell > 11 ? 11 : 9,
    labelPadding: 4,
    labelOverlap: false,
    labelLimit: 120,
  }
  const position = {
    x: {
      field: 'predicted',
      ...side,
      axis: {
        ...axis,
        orient: 'top' as const,
        title: 'nearest neighbour’s class',
        labelAngle: cell > 30 && names.every((name) => name.length < 5) ? 0 : -90,
      },
    },
    y: { field: 'actual', ...side, axis: { ...axis, title: 'true class' } },
  }
  const numbers =
    cell < 17
      ? []
      : [
          {
            mark: { type: 'text' as const, fontSize: cell > 30 ? 12 : 9 },
            encoding: {
              ...position,
              text: { field: 'count', type: 'quantitative' as const },
              color: {
                condition: {
                  test: `datum.count >= ${heatSteps(counts.map(([, , n]) => n))[2]}`,
                  value: colour('paper'),
                },
                value: colour('ink'),
              },
            },
          },
        ]
  return {
    view: { fill: colour('raised') },
    // Whole numbers for every square: they weigh a third less.
    width: cell * classes.length - 1,
    height: cell * classes.length - 1,
    data: { values: cells },
    layer: [
      {
        data: { values: names.map((name) => ({ actual: name, predicted: name })) },
        mark: { type: 'rect', fill: colour('line') },
        encoding: position,
      },
      {
        mark: { type: 'rect' },
        encoding: {
          ...position,
          color: {
            field: 'count',
            type: 'quantitative',
            scale: {
              type: 'threshold',
              domain: heatSteps(counts.map(([, , count]) => count)),
              range: STEPS.map(colour),
            },
            legend: null,
          },
        },
      },
      ...numbers,
    ],
  }
}

/** Classes with errors; those of the worst pairs where there are too many to read. */
export function heatmapClasses(report: Report): string[] {
  const limit = report.classes.length > HEATMAP_CLASSES ? HEATMAP_PART : HEATMAP_CLASSES
  const between = new Map<string, number>()
  const classes = new Set<string>()
  for (const pair of report.confusion.pairs) {
    between.set(`${pair.a}\0${pair.b}`, pair.count)
    if (classes.size + 2 <= limit) classes.add(pair.a).add(pair.b)
  }
  return clusterOrder(
    [...classes],
    (a, b) => between.get(`${a}\0${b}`) ?? between.get(`${b}\0${a}`) ?? 0,
  )
}
