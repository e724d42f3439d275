/** Open items after each run, and how many each run resolved. */

import type { TopLevelSpec } from 'vega-lite'
import { runAxis } from '../../charts/run-trend.ts'
import { colour } from '../../charts/svg.ts'
import type { BurnDown } from './trends.ts'

const WIDTH = 280
/** Two runs make no two walls. */
const WIDEST_BAR = 26

export function burnDownChart(runs: readonly BurnDown[]): TopLevelSpec {
  const { names, axis } = runAxis(runs.map(({ run }) => run))
  const values = runs.flatMap(({ carried, raised, resolved }, place) => [
    { run: names[place]!, kind: 'carried', from: 0, to: carried },
    { run: names[place]!, kind: 'raised', from: carried, to: carried + raised },
    { run: names[place]!, kind: 'resolved', from: 0, to: -resolved },
  ])
  return {
    width: WIDTH,
    height: 150,
    data: { values: values.filter(({ from, to }) => from !== to) },
    layer: [
      {
        mark: { type: 'bar', width: Math.min(WIDEST_BAR, (0.7 * WIDTH) / runs.length) },
        encoding: {
          x: {
            field: 'run',
            type: 'ordinal',
            scale: { domain: names },
            axis,
          },
          y: {
            field: 'from',
            type: 'quantitative',
            axis: {
              title: 'resolved · open',
              tickCount: 4,
              tickMinStep: 1,
              labelExpr: "format(abs(datum.value), 'd')",
            },
          },
          y2: { field: 'to' },
          color: {
            condition: [
              { test: "datum.kind === 'raised'", value: colour('bad') },
              { test: "datum.kind === 'resolved'", value: colour('good') },
            ],
            value: colour('plain'),
          },
        },
      },
      {
        mark: { type: 'rule', strokeWidth: 1, color: colour('muted') },
        encoding: { y: { datum: 0 } },
      },
    ],
  }
}
