/** All figures and sections of a run, from its rows and their neighbours. */

import type { Dataset } from '../core/dataset.ts'
import type { Evaluation, Neighborhood } from '../core/evaluation.ts'
import type { Figure } from '../core/figure.ts'
import type { Manifest } from '../core/manifest.ts'
import type { MeasuredSections } from '../core/sections.ts'
import type { TradeOff } from '../core/trade-off.ts'
import { meanInterval, spanning } from '../stats/interval.ts'
import { mean } from '../stats/summary.ts'
import { clustering, clustersOf } from './interval-clusters.ts'
import type { MetricInput, Section } from './metric.ts'
import { outliers } from './quality/outliers.ts'
import { METRICS, SECTIONS } from './registry.ts'
import { rowFigures } from './row-figures.ts'
import { slices } from './slices/slices.ts'
import type { Space } from './structure/space.ts'

/** The scatter of fewer classes is too little known for an interval of their mean. */
const FEWEST_CLASSES = 20

/** What is known of a run before its figures are made. */
export interface Measurements {
  readonly dataset: Dataset
  readonly neighborhood: Neighborhood
  readonly manifest: Manifest
  readonly space: Space
  readonly tradeOff: TradeOff
  readonly random: (seed: number) => () => number
}

export function evaluate(measurements: Measurements): Evaluation {
  const { dataset, neighborhood, manifest } = measurements
  const rows = rowFigures(dataset, neighborhood)
  const { cluster } = manifest.intervals
  const clusters = clustersOf(dataset, cluster)
  const input: MetricInput = {
    ...measurements,
    rows,
    clusters,
    clustersWithin: cluster === 'class' ? null : clusters,
  }
  return {
    ...bySection(({ compute }) => compute(input)),
    dataset,
    neighborhood,
    evaluatedRows: rows.evaluatedRows,
    figures: figures(input),
    intervals: clustering(clusters, cluster),
    clusters: input.clustersWithin,
    rows: { ...rows, outlier: outliers(input).flags },
    sliceOf: slices(input).find,
  }
}

/** The sections alone, as the report has them. */
export function sectionsOf(evaluation: MeasuredSections): MeasuredSections {
  return bySection(({ id }) => evaluation[id])
}

/** All are there: a test holds the registry to the list of sections. */
function bySection(value: (section: Section) => MeasuredSections[Section['id']]): MeasuredSections {
  const entries = SECTIONS.map((section) => [section.id, value(section)])
  return Object.fromEntries(entries) as Partial<MeasuredSections> as MeasuredSections
}

function figures(input: MetricInput): Record<string, Figure> {
  const all: Record<string, Figure> = {}
  for (const metric of METRICS) {
    const { classMeans, classMeanEnds = [], bounds, ...result } = metric.compute(input)
    const isBounded = bounds !== undefined && bounds[0] < bounds[1]
    const macroInterval =
      classMeans === undefined
        ? null
        : spanning([classMeans, ...classMeanEnds].map(intervalOverClasses))
    const isNone = Number.isNaN(result.value)
    all[metric.id] = {
      value: numberOrNull(result.value),
      interval: result.interval ?? null,
      exactness: result.exactness ?? (isBounded ? 'bounded' : 'exact'),
      ...(isBounded ? { bounds } : {}),
      title: metric.title,
      unit: metric.unit,
      better: metric.better,
      chance: numberOrNull(result.chance),
      ...(isNone || result.ceiling === undefined ? {} : { ceiling: result.ceiling }),
      ...(result.ties === undefined ? {} : { ties: result.ties }),
      ...(isNone || result.count === undefined ? {} : { count: result.count }),
      macro: classMeans === undefined ? null : mean(classMeans),
      ...(macroInterval === null ? {} : { macroInterval }),
      definition: metric.definition,
      source: metric.source,
      note: result.note ?? null,
      ...(metric.noInterval === undefined || isNone ? {} : { intervalNote: metric.noInterval }),
      ...(result.reading === undefined ? {} : { reading: result.reading }),
    }
  }
  return all
}

function numberOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || Number.isNaN(value) ? null : value
}

/** Classes count whole: a mean over classes is as sure as there are many of them. */
function intervalOverClasses(classMeans: Float64Array): [number, number] | null {
  const present = classMeans.filter((value) => !Number.isNaN(value))
  return present.length < FEWEST_CLASSES ? null : meanInterval(present)
}
