/** How far the classes' centroids moved since the baseline, beside what chance alone gives. */

import type { TopLevelSpec } from 'vega-lite'
import type { ClassDrift } from '../../../lib/core/drift.ts'
import { colour } from '../../charts/svg.ts'
import { axisNames } from '../../words/format.ts'

/** Classes that fit into one chart; the table has more. */
const SHOWN_CLASSES = 8

/** Where axes differ there is no shift, and the distances to the centroid are drawn instead. */
export function driftChart(classes: readonly ClassDrift[], isShift: boolean): TopLevelSpec {
  const shown = classes.slice(0, SHOWN_CLASSES)
  const names = axisNames(
    shown.map(({ label }) => label ?? 'all rows'),
    18,
  )
  const values = shown.map(({ shift, noise, ks, drifted }, place) => ({
    label: names[place]!,
    moved: isShift ? (shift ?? 0) : ks,
    noise,
    drifted,
  }))
  const y = {
    field: 'label',
    type: 'nominal' as const,
    scale: { domain: names },
    axis: { title: null, labelLimit: 120 },
  }
  const title = isShift
    ? 'centroid moved, in spreads of the class'
    : 'distances to the centroid differ by'
  const x = { type: 'quantitative' as const, axis: { title, tickCount: 5 } }
  return {
    width: 240,
    height: Math.max(60, 17 * shown.length),
    data: { values },
    layer: [
      {
        mark: { type: 'bar', height: 10 },
        encoding: {
          y,
          x: { ...x, field: 'moved' },
          color: {
            condition: { test: 'datum.drifted', value: colour('bad') },
            value: colour('plain'),
          },
        },
      },
      ...(isShift
        ? [
            {
              mark: { type: 'tick' as const, thickness: 2, height: 14, color: colour('ink') },
              encoding: { y, x: { ...x, field: 'noise' } },
            },
          ]
        : []),
    ],
  }
}
