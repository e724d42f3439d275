/** All figures of a run, from its rows and their neighbours. */

import type { Dataset } from '../core/dataset.ts'
import type { Evaluation, Neighborhood } from '../core/evaluation.ts'
import type { Figure } from '../core/figure.ts'
import type { Manifest } from '../core/manifest.ts'
import { meanInterval, spanning } from '../stats/interval.ts'
import { mean } from '../stats/summary.ts'
import { classFigures } from './classes/class-figures.ts'
import { clustering, clustersOf } from './clusters.ts'
import { confusion } from './confusion/confusion.ts'
import { marginFigures, rankedBy } from './margins/margins.ts'
import type { MetricInput } from './metric.ts'
import { duplicates } from './quality/duplicates.ts'
import { outliers } from './quality/outliers.ts'
import { quality } from './quality/quality.ts'
import { METRICS } from './registry.ts'
import { rowFigures } from './row-figures.ts'
import { slices } from './slices/slices.ts'
import type { Space } from './structure/space.ts'
import { structureOf } from './structure/structure.ts'
import { verify } from './verification/verification.ts'

/** The scatter of fewer classes is too little known for an interval of their mean. */
const FEWEST_CLASSES = 20

export function evaluate(
  dataset: Dataset,
  neighborhood: Neighborhood,
  manifest: Manifest,
  random: (seed: number) => () => number,
  space: Space,
): Evaluation {
  const rows = rowFigures(dataset, neighborhood)
  const found = quality(dataset, neighborhood, manifest, rows)
  const lowMargin = manifest.margin.low
  const { cluster } = manifest.intervals
  const clusters = clustersOf(dataset, cluster)
  const input: MetricInput = {
    dataset,
    neighborhood,
    rows,
    space,
    lowMargin,
    quality: found,
    clusters,
    clustersWithin: cluster === 'class' ? null : clusters,
    random,
  }
  const far = outliers(input)
  const marginTests = marginFigures(input)
  return {
    dataset,
    neighborhood,
    evaluatedRows: rows.evaluatedRows,
    figures: figures(input),
    intervals: clustering(clusters, cluster),
    clusters: input.clustersWithin,
    confusion: confusion(input),
    classes: classFigures(input, far.flags),
    margins: {
      lowThreshold: manifest.margin.low,
      lowThresholdChosen: manifest.margin.chosen,
      figures: marginTests,
      rankedBy: rankedBy(marginTests),
    },
    outliers: far.list,
    duplicates: duplicates(input),
    quality: found,
    slices: slices(input, manifest.columns.time),
    structure: structureOf(input),
    verification: verify(input),
    rows: { ...rows, outlier: far.flags },
  }
}

function figures(input: MetricInput): Record<string, Figure> {
  const found: Record<string, Figure> = {}
  for (const metric of METRICS) {
    const { classMeans, classMeanEnds = [], bounds, ...result } = metric.compute(input)
    const isBounded = bounds !== undefined && bounds[0] < bounds[1]
    const macroInterval =
      classMeans === undefined
        ? null
        : spanning([classMeans, ...classMeanEnds].map(intervalOverClasses))
    const isNone = Number.isNaN(result.value)
    found[metric.id] = {
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
  return found
}

function numberOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || Number.isNaN(value) ? null : value
}

/** Classes count whole: a mean over classes is as sure as there are many of them. */
function intervalOverClasses(classMeans: Float64Array): [number, number] | null {
  const present = classMeans.filter((value) => !Number.isNaN(value))
  return present.length < FEWEST_CLASSES ? null : meanInterval(present)
}
