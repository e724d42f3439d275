/** Rows fixed and broken in each class, to either side of nothing. */

import type { TopLevelSpec } from 'vega-lite'
import type { ClassChange } from '../../../lib/core/changes.ts'
import { colour } from '../../charts/svg.ts'
import { axisNames } from '../../words/format.ts'

/** Classes that fit into one chart; the table has all. */
const SHOWN_CLASSES = 8

/** Classes where rows changed, most first. */
export function changedClasses(classes: readonly ClassChange[]): ClassChange[] {
  return classes
    .filter(({ fixed, broken }) => fixed + broken > 0)
    .sort((a, b) => b.fixed + b.broken - (a.fixed + a.broken))
}

export function classChanges(classes: readonly ClassChange[]): TopLevelSpec {
  const shown = changedClasses(classes).slice(0, SHOWN_CLASSES)
  const names = axisNames(
    shown.map(({ label }) => label),
    18,
  )
  const values = shown.flatMap(({ fixed, broken, verdict }, place) => [
    {
      label: names[place]!,
      change: fixed,
      side: 'fixed',
      sure: verdict !== 'no evidence of a change',
    },
    {
      label: names[place]!,
      change: -broken,
      side: 'broken',
      sure: verdict !== 'no evidence of a change',
    },
  ])
  return {
    width: 240,
    height: Math.max(60, 17 * shown.length),
    data: { values },
    layer: [
      {
        mark: { type: 'bar', height: 10 },
        encoding: {
          y: {
            field: 'label',
            type: 'nominal',
            scale: { domain: names },
            axis: { title: null, labelLimit: 120 },
          },
          x: {
            field: 'change',
            type: 'quantitative',
            stack: null,
            axis: {
              title: 'rows broken · rows fixed',
              labelExpr: "format(abs(datum.value), 'd')",
              tickCount: 5,
              tickMinStep: 1,
            },
          },
          color: {
            condition: { test: "datum.side === 'broken'", value: colour('bad') },
            value: colour('good'),
          },
          opacity: { condition: { test: 'datum.sure', value: 1 }, value: 0.55 },
        },
      },
      {
        mark: { type: 'rule', strokeWidth: 1, color: colour('muted') },
        encoding: { x: { datum: 0 } },
      },
    ],
  }
}
