/** How each margin is spread over the rows, and whether a low one predicts an error. */

import type { TableDefinition } from '../../core/definition.ts'
import type { MarginFigures, MarginId, Margins, RelativeMargin } from '../../core/margins.ts'
import { lowestFirst, lowScoreAuc } from '../../stats/auc.ts'
import { median } from '../../stats/summary.ts'
import type { MetricInput } from '../metric.ts'
import { errorsOf, relativeTo } from './row-margins.ts'

/** Below this ROC AUC a margin is said not to predict errors, and nothing is ranked by it. */
const PREDICTS_FROM = 0.6
/** Errors, and right rows, with fewer of which an AUC is luck: its standard error is over 0.1. */
const FEWEST_TESTED = 5
const BINS = 40
const COVERAGE_POINTS = 50

export const marginTable: TableDefinition = {
  id: 'margins',
  title: 'Margins',
  path: 'margins.figures',
  definition: 'The distribution of each margin, and whether a low one predicts an error.',
  source:
    'Fawcett: An introduction to ROC analysis, 2006; Youden: Index for rating diagnostic tests, 1950; Chow: On optimum recognition error and reject tradeoff, 1970',
  columns: [
    { name: 'id', unit: 'text', definition: '`prediction`, `neighbor` or `class`.' },
    { name: 'title', unit: 'text', definition: 'Its name.' },
    { name: 'edges', unit: 'list', definition: 'Where the bins begin, and the last one ends.' },
    { name: 'right', unit: 'list', definition: 'Rows in each bin that have no error.' },
    { name: 'wrong', unit: 'list', definition: 'Rows in each bin with an error.' },
    {
      name: 'errorAuc',
      unit: 'number',
      definition:
        'ROC AUC of a low margin against an error; null for the class margin, which knows the label.',
    },
    {
      name: 'predictsErrors',
      unit: 'yes or no',
      definition: `Whether that AUC is ${PREDICTS_FROM} or more; otherwise nothing is ranked by the margin. Null with fewer than ${FEWEST_TESTED} errors or ${FEWEST_TESTED} right rows.`,
    },
    {
      name: 'calibrated',
      unit: 'list',
      definition:
        'The run’s own threshold, where Youden’s J is greatest, with the share of rows and of errors under it.',
    },
    {
      name: 'riskCoverage',
      unit: 'list',
      definition:
        'Share of the rows that are kept, largest margins first, and the accuracy among them.',
    },
    {
      name: 'relative',
      unit: 'list',
      definition:
        'The margin divided by the distance of the nearest row: the rows that have it, its median, and as above its AUC and threshold.',
    },
  ],
}

export function marginsOf(input: MetricInput): Margins {
  const { margin } = input.manifest
  const figures = marginFigures(input)
  return {
    lowThreshold: margin.low,
    lowThresholdChosen: margin.chosen,
    figures,
    rankedBy: rankedBy(figures),
  }
}

/** The margins' distributions and tests, in the order in which the report shows them. */
export function marginFigures(input: MetricInput): MarginFigures[] {
  const { rows } = input
  return [
    oneMargin(input, 'prediction', 'Prediction margin', rows.predictionMargin),
    oneMargin(input, 'neighbor', 'Neighbour margin', rows.neighborMargin),
    oneMargin(input, 'class', 'Class margin', rows.classMargin),
  ]
}

/** The margin that predicts errors best, if any does; findings use no other. */
export function rankedBy(figures: readonly MarginFigures[]): MarginId | null {
  const predicting = figures.filter((figure) => figure.predictsErrors)
  predicting.sort((a, b) => b.errorAuc! - a.errorAuc!)
  return predicting[0]?.id ?? null
}

function oneMargin(
  input: MetricInput,
  id: MarginId,
  title: string,
  margins: Float64Array,
): MarginFigures {
  const { correct } = input.rows
  // The class margin knows the true label, so it can't be asked to predict an error.
  const test = id === 'class' ? needsLabel : prediction
  const order = lowestFirst(margins)
  const relative = relativeTo(input, margins)
  const relativeOrder = lowestFirst(relative)
  return {
    id,
    title,
    ...histogram(order, margins, correct),
    ...test(order, margins, correct),
    riskCoverage: id === 'class' ? [] : riskCoverage(order, correct),
    relative: {
      rows: relativeOrder.length,
      median: relativeOrder.length === 0 ? null : median(relative),
      ...test(relativeOrder, relative, correct),
    },
  }
}

type Prediction = Pick<RelativeMargin, 'errorAuc' | 'predictsErrors' | 'calibrated'>

const needsLabel = (): Prediction => ({ errorAuc: null, predictsErrors: null, calibrated: null })

/** Whether a low margin predicts an error, and where the line is best drawn. */
function prediction(order: Int32Array, margins: Float64Array, correct: Uint8Array): Prediction {
  const auc = lowScoreAuc(margins, errorsOf(correct), null, order)?.value ?? null
  const right = order.filter((row) => correct[row] === 1).length
  const tested = Math.min(right, order.length - right) >= FEWEST_TESTED
  const predicts = tested && auc !== null ? auc >= PREDICTS_FROM : null
  return {
    errorAuc: auc,
    predictsErrors: predicts,
    calibrated: predicts ? calibrate(order, margins, correct) : null,
  }
}

function histogram(order: Int32Array, margins: Float64Array, correct: Uint8Array) {
  if (order.length === 0) return { edges: [], right: [], wrong: [] }
  const low = margins[order[0]!]!
  const high = margins[order.at(-1)!]!
  const bins = high > low ? BINS : 1
  const width = high > low ? (high - low) / bins : 1
  const right = new Array<number>(bins).fill(0)
  const wrong = new Array<number>(bins).fill(0)
  for (const row of order) {
    const bin = Math.min(bins - 1, Math.floor((margins[row]! - low) / width))
    const counts = correct[row] ? right : wrong
    counts[bin]!++
  }
  return { edges: Array.from({ length: bins + 1 }, (_, edge) => low + edge * width), right, wrong }
}

/**
 * The threshold with the greatest difference between the share of errors and the share of right rows
 * under it (Youden's J, 1950). It lies halfway between two rows' margins.
 */
function calibrate(order: Int32Array, margins: Float64Array, correct: Uint8Array) {
  const errors = order.filter((row) => !correct[row]).length
  let errorsBelow = 0
  let best = { difference: Number.NEGATIVE_INFINITY, at: 0, errorsBelow: 0 }
  for (let at = 0; at + 1 < order.length; at++) {
    if (!correct[order[at]!]) errorsBelow++
    if (margins[order[at]!] === margins[order[at + 1]!]) continue
    const difference =
      errorsBelow / errors - (at + 1 - errorsBelow) / Math.max(1, order.length - errors)
    if (difference > best.difference) best = { difference, at, errorsBelow }
  }
  if (best.difference <= 0) return null
  return {
    threshold: (margins[order[best.at]!]! + margins[order[best.at + 1]!]!) / 2,
    lowShare: (best.at + 1) / order.length,
    errorShare: best.errorsBelow / errors,
  }
}

/** Accuracy among the rows that are kept when those with the lowest margins are set aside first. */
function riskCoverage(order: Int32Array, correct: Uint8Array): [number, number][] {
  const points: [number, number][] = []
  const cumulative = new Float64Array(order.length + 1)
  for (let kept = 1; kept <= order.length; kept++) {
    cumulative[kept] = cumulative[kept - 1]! + correct[order[order.length - kept]!]!
  }
  const steps = Math.min(COVERAGE_POINTS, order.length)
  for (let step = 1; step <= steps; step++) {
    const kept = Math.round((step / steps) * order.length)
    points.push([kept / order.length, cumulative[kept]! / kept])
  }
  return points
}
