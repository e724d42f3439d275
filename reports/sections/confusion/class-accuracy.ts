/** The classes that do worst, each with its interval. */

import type { TopLevelSpec } from 'vega-lite'
import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import { colour, PERCENT } from '../../theme/vega.ts'
import { axisNames } from '../../words/format.ts'

export function classAccuracy(
  classes: readonly ClassFigures[],
  overall: number | null,
): TopLevelSpec {
  const names = axisNames(
    classes.map((figures) => figures.label),
    22,
  )
  const values = classes.map((figures, place) => ({
    name: names[place]!,
    accuracy: figures.accuracy,
    low: figures.accuracyInterval[0],
    high: figures.accuracyInterval[1],
  }))
  const y = {
    field: 'name',
    scale: { domain: names },
    type: 'ordinal' as const,
    axis: {
      title: null,
      labelOverlap: false,
      labelColor: colour('ink'),
      grid: true,
    },
  }
  const x = {
    field: 'accuracy',
    type: 'quantitative' as const,
    scale: { domain: [0, 1] },
    axis: {
      title: 'accuracy, with its 95 % interval',
      labelExpr: PERCENT,
      values: [0, 0.25, 0.5, 0.75, 1],
      grid: false,
    },
  }
  return {
    width: 230,
    height: { step: 18 },
    layer: [
      ...(overall === null
        ? []
        : [
            {
              data: { values: [{ accuracy: overall }] },
              mark: { type: 'rule' as const, strokeDash: [3, 3], color: colour('muted') },
              encoding: { x },
            },
          ]),
      {
        data: { values },
        mark: {
          type: 'rule',
          strokeWidth: 5,
          color: colour('first'),
          opacity: 0.3,
          strokeCap: 'round',
        },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 42, opacity: 1, color: colour('first') },
        encoding: { x, y },
      },
    ],
  }
}
