/** All figures of a run, from its rows and their neighbours. */

import type { Dataset } from '../core/dataset.ts'
import type { Evaluation, Neighborhood } from '../core/evaluation.ts'
import type { Figure } from '../core/figure.ts'
import type { Manifest } from '../core/manifest.ts'
import { bootstrapIntervals } from '../stats/interval.ts'
import { mean, weightedMean } from '../stats/summary.ts'
import { classFigures } from './class-figures.ts'
import { confusion } from './confusion.ts'
import { duplicates } from './duplicates.ts'
import { marginFigures, rankedBy } from './margins.ts'
import type { MetricInput } from './metric.ts'
import { outliers } from './outliers.ts'
import { quality } from './quality.ts'
import { METRICS } from './registry.ts'
import { rowFigures } from './row-figures.ts'
import { slices } from './slices.ts'
import type { Space } from './space.ts'
import { structureOf } from './structure.ts'
import { verify } from './verification.ts'

const BOOTSTRAP_SEED = 20240601
/** Resamples of fewer are too much alike: their percentiles promise more than they hold. */
const FEWEST_RESAMPLED_CLASSES = 20

export function evaluate(
  dataset: Dataset,
  neighborhood: Neighborhood,
  manifest: Manifest,
  random: (seed: number) => () => number,
  space: Space,
): Evaluation {
  const rows = rowFigures(dataset, neighborhood)
  const found = quality(dataset, neighborhood, manifest, rows.correct)
  const lowMargin = manifest.margin.low
  const input: MetricInput = {
    dataset,
    neighborhood,
    rows,
    space,
    lowMargin,
    quality: found,
    random,
  }
  const far = outliers(input)
  const marginTests = marginFigures(input)
  return {
    dataset,
    neighborhood,
    evaluatedRows: rows.evaluated.reduce((sum, one) => sum + one, 0),
    figures: figures(input),
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
    slices: slices(input),
    structure: structureOf(input),
    verification: verify(input),
    rows: { ...rows, outlier: far.flags },
  }
}

function figures(input: MetricInput): Record<string, Figure> {
  const measured = METRICS.map((metric) => ({ metric, ...metric.compute(input) }))
  const intervals = bootstrapIntervals(
    measured.flatMap(({ statistic }) => statistic ?? []),
    input.dataset.rows,
    input.random(BOOTSTRAP_SEED),
  ).values()
  const macroIntervals = macroBootstrap(
    measured.flatMap(({ classMeans }) => classMeans ?? []),
    input,
  ).values()
  const found: Record<string, Figure> = {}
  for (const { metric, statistic, classMeans, ...result } of measured) {
    const drawn = statistic === undefined ? null : (intervals.next().value ?? null)
    const macroInterval = classMeans === undefined ? null : (macroIntervals.next().value ?? null)
    found[metric.id] = {
      value: numberOrNull(result.value),
      interval: result.interval ?? drawn,
      exactness: result.exactness ?? 'exact',
      title: metric.title,
      unit: metric.unit,
      better: metric.better,
      chance: numberOrNull(result.chance),
      macro: classMeans === undefined ? null : mean(classMeans),
      ...(macroInterval === null ? {} : { macroInterval }),
      definition: metric.definition,
      source: metric.source,
      note: result.note ?? null,
      ...(result.reading === undefined ? {} : { reading: result.reading }),
    }
  }
  return found
}

function numberOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || Number.isNaN(value) ? null : value
}

/** Classes are drawn whole: a mean over classes is as sure as there are many of them. */
function macroBootstrap(classMeans: readonly Float64Array[], { dataset, random }: MetricInput) {
  const classes = dataset.classes.length
  if (classes < FEWEST_RESAMPLED_CLASSES) return classMeans.map(() => null)
  return bootstrapIntervals(classMeans.map(weightedMean), classes, random(BOOTSTRAP_SEED + 1))
}
