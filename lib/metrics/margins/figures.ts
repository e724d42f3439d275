/** Figures of the margins: how far a row is from being answered differently. */

import { lowScoreAuc } from '../../stats/auc.ts'
import type { Clusters } from '../../stats/clusters.ts'
import { meanInterval, medianInterval, shareInterval } from '../../stats/interval.ts'
import { mean, median } from '../../stats/summary.ts'
import { chanceOf } from '../chance.ts'
import type { Measured, MetricInput, MetricRecord } from '../metric.ts'
import { tiedArea } from './margin-ties.ts'
import { errorsOf, relativeTo } from './row-margins.ts'

const NEIGHBOR =
  'Distance of the second nearest row minus distance of the nearest, whatever their labels.'
const CLASS =
  'Distance of the nearest row of another class minus distance of the nearest of the same class; rows alone in their class have none.'
const PREDICTION =
  'Distance of the nearest row whose label isn’t the predicted one minus distance of the nearest row.'
const RELATIVE =
  'Relative: divided by the distance of the nearest row, so that it has no unit and can be held against another model’s. Rows whose nearest row is at distance 0 have none.'
const OWN = 'nearmiss definitions'
const RATIO =
  'Lowe: Distinctive image features from scale-invariant keypoints, 2004 (distance ratio)'

export const margins: readonly MetricRecord[] = [
  central('neighbor_margin_mean', 'Mean neighbour margin', NEIGHBOR, 'mean', 'neighborMargin'),
  central(
    'neighbor_margin_median',
    'Median neighbour margin',
    NEIGHBOR,
    'median',
    'neighborMargin',
  ),
  {
    id: 'neighbor_margin_low_share',
    title: 'Rows with a low neighbour margin',
    unit: 'share',
    better: 'lower',
    definition: `Share of rows whose neighbour margin is under the low threshold. ${NEIGHBOR}`,
    source: OWN,
    compute: (input) => shareBelow(input, input.rows.neighborMargin, input.manifest.margin.low),
  },
  central('class_margin_mean', 'Mean class margin', CLASS, 'mean', 'classMargin'),
  central('class_margin_median', 'Median class margin', CLASS, 'median', 'classMargin'),
  {
    id: 'class_margin_negative_share',
    title: 'Rows with a negative class margin',
    unit: 'share',
    better: 'lower',
    definition: `Share of rows that are nearer to another class than to their own. ${CLASS}`,
    source: OWN,
    compute: (input) => ({
      ...shareBelow(input, input.rows.classMargin, 0),
      chance: chanceOf(input, (mates, candidates) => 1 - mates / candidates),
    }),
  },
  relativeMedian('neighbor_margin_relative_median', 'neighbour margin', NEIGHBOR, 'neighborMargin'),
  relativeMedian('class_margin_relative_median', 'class margin', CLASS, 'classMargin'),
  relativeMedian(
    'prediction_margin_relative_median',
    'prediction margin',
    PREDICTION,
    'predictionMargin',
  ),
  errorAuc(
    'neighbor_margin_error_auc',
    'neighbour margin',
    NEIGHBOR,
    ({ rows }) => rows.neighborMargin,
  ),
  errorAuc(
    'prediction_margin_error_auc',
    'prediction margin',
    PREDICTION,
    ({ rows }) => rows.predictionMargin,
  ),
  errorAuc(
    'neighbor_margin_relative_error_auc',
    'relative neighbour margin',
    `${NEIGHBOR} ${RELATIVE}`,
    (input) => relativeTo(input, input.rows.neighborMargin),
  ),
  errorAuc(
    'prediction_margin_relative_error_auc',
    'relative prediction margin',
    `${PREDICTION} ${RELATIVE}`,
    (input) => relativeTo(input, input.rows.predictionMargin),
  ),
]

type RowMargin = 'neighborMargin' | 'classMargin' | 'predictionMargin'

function central(
  id: string,
  title: string,
  definition: string,
  kind: 'mean' | 'median',
  margin: RowMargin,
): MetricRecord {
  return {
    id,
    title,
    unit: 'distance',
    better: 'higher',
    definition: `${kind === 'mean' ? 'Mean' : 'Median'} over the rows. ${definition}`,
    source: OWN,
    compute({ rows, clusters }) {
      const values = rows[margin]
      return kind === 'mean'
        ? {
            value: mean(values),
            interval: meanInterval(values, clusters),
            count: countOf(values),
            ...noneNote(values),
          }
        : { ...medianOf(values, clusters), ...noneNote(values) }
    },
  }
}

function relativeMedian(
  id: string,
  name: string,
  definition: string,
  margin: RowMargin,
): MetricRecord {
  return {
    id,
    title: `Median relative ${name}`,
    unit: 'number',
    better: 'higher',
    definition: `Median over the rows. ${definition} ${RELATIVE}`,
    source: RATIO,
    compute(input) {
      const values = relativeTo(input, input.rows[margin])
      return { ...medianOf(values, input.clusters), ...noneNote(values) }
    },
  }
}

function medianOf(values: Float64Array, clusters: Clusters | null): Measured {
  return {
    value: median(values),
    interval: medianInterval(values, clusters),
    count: countOf(values),
  }
}

function shareBelow({ clusters }: MetricInput, values: Float64Array, threshold: number): Measured {
  const below = values.map((value) => (Number.isNaN(value) ? value : Number(value < threshold)))
  return {
    value: mean(below),
    interval: shareInterval(below, clusters),
    count: countOf(values),
    ...noneNote(values),
  }
}

function countOf(values: Float64Array): number {
  return values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
}

function noneNote(values: Float64Array): { note?: string } {
  return values.every(Number.isNaN) ? { note: 'no row has this margin' } : {}
}

function errorAuc(
  id: string,
  name: string,
  definition: string,
  margin: (input: MetricInput) => Float64Array,
): MetricRecord {
  return {
    id,
    title: `Does a low ${name} predict an error? (ROC AUC)`,
    unit: 'number',
    better: 'higher',
    definition: `How often a row whose nearest neighbour has another label has a lower ${name} than a row whose nearest neighbour is right; ties count half, 0.5 is chance. ${definition}`,
    source: 'Fawcett: An introduction to ROC analysis, 2006',
    compute(input) {
      const margins = margin(input)
      const errors = errorsOf(input.rows.correct)
      const area = lowScoreAuc(margins, errors, input.clusters)
      if (area === null) {
        return { value: Number.NaN, note: 'it takes rows with and rows without an error' }
      }
      return { ...area, ...tiedArea(input, margins, errors, area), chance: 0.5 }
    },
  }
}
