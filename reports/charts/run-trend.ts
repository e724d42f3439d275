/** A figure over the runs of a project, with its interval where there is one. */

import type { TopLevelSpec } from 'vega-lite'
import { axisNames } from '../words/format.ts'
import { colour, PERCENT } from './svg.ts'

export interface TrendPoint {
  readonly run: string
  readonly value: number | null
  readonly interval: readonly [low: number, high: number] | null
  /**
   * Only points of one segment are joined; all are of one unless told. Those before the last segment
   * are grey: they can't be compared with the latest run.
   */
  readonly segment?: number
}

/** Runs whose names all stand under the axis, and letters of a name that stand level beside others. */
const NAMED_RUNS = 8
const LEVEL_LETTERS = 14

/** Names of runs under a chart: all where they are few, tilted where they are long. */
export function runAxis(runs: readonly string[]) {
  const names = axisNames(runs, 26)
  const few = runs.length <= NAMED_RUNS
  const tilted =
    few && (runs.length > 3 || (runs.length > 1 && runs.some((run) => run.length > LEVEL_LETTERS)))
  const axis = {
    title: null,
    values: few ? names : [names[0]!, names.at(-1)!],
    labelAngle: tilted ? -35 : 0,
    labelAlign: tilted ? ('right' as const) : ('center' as const),
    labelLimit: 170,
    labelOverlap: false,
  }
  return { names, axis }
}

export function runTrend(
  points: readonly TrendPoint[],
  options: {
    readonly title: string
    readonly format: string
    readonly zero?: boolean
    /** Whether they are counts: nothing is between 0 and 1. */
    readonly whole?: boolean
  },
): TopLevelSpec {
  const { names, axis } = runAxis(points.map((point) => point.run))
  const values = points.flatMap((point, place) =>
    point.value === null
      ? []
      : [
          {
            run: names[place]!,
            segment: point.segment ?? 0,
            value: point.value,
            low: point.interval?.[0] ?? point.value,
            high: point.interval?.[1] ?? point.value,
          },
        ],
  )
  const latest = points.at(-1)?.segment ?? 0
  const color = {
    condition: { test: `datum.segment === ${latest}`, value: colour('first') },
    value: colour('muted'),
  }
  const x = {
    field: 'run',
    type: 'ordinal' as const,
    scale: { domain: names, type: 'point' as const, padding: 0.5 },
    axis,
  }
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    scale: { zero: options.zero ?? false, nice: true },
    axis: {
      title: options.title,
      tickCount: 4,
      ...(options.whole ? { tickMinStep: 1 } : {}),
      ...(options.format === 'share' ? { labelExpr: PERCENT } : { format: options.format }),
    },
  }
  return {
    width: 280,
    height: 150,
    data: { values },
    layer: [
      {
        mark: {
          type: 'rule',
          strokeWidth: 5,
          opacity: 0.3,
          strokeCap: 'round',
        },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'line', strokeWidth: 1.5 },
        encoding: { x, y, detail: { field: 'segment', type: 'nominal' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 40, opacity: 1 },
        encoding: { x, y, color },
      },
    ],
  }
}
