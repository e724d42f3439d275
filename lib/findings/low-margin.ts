/** A place where rows lie nearly as close to another class as to the nearest: data or fine-tuning. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Certainty } from '../core/finding.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { countOf, decimal, joinWords, percent, pValue } from '../core/words.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { fisherExact } from '../stats/fisher.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { heldByClusters } from '../stats/share-difference.ts'
import {
  CLUSTER_ROWS,
  countLabels,
  type LowMargin,
  lowMarginClusters,
  lowMarginOf,
} from './low-margin-cluster.ts'
import { inPoints, pointsOf, sortedBy } from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const KIND = 'low-margin'

const THRESHOLDS = {
  clusterRows: CLUSTER_ROWS,
  /** A cluster of more is the space itself, no place to aim at. */
  size: { of: 'share of all rows that a cluster holds', raises: 'at most', value: 0.25 },
  errors: { of: 'errors in the clusters', raises: 'at least', value: FEWEST_TELLING_ROWS },
  p: {
    of: 'p that errors are so much denser in the clusters than among the low-margin rows elsewhere, corrected for all labels',
    raises: 'under',
    value: SIGNIFICANCE.item,
  },
  /** Of which so much is errors, and so much of all errors: the place to look at anyway. */
  shareOfErrors: {
    of: 'or, whatever p is: share of all errors that lies in them',
    raises: 'at least',
    value: 0.5,
  },
  errorShare: {
    of: 'with it: share of their rows that are errors',
    raises: 'at least',
    value: 0.5,
  },
} satisfies Record<string, Threshold>

const CLASSES_NAMED = 4
const CLASSES_IN_TITLE = 2

/**
 * Clusters whose most frequent label is the same are one finding, named after that label. It is
 * raised with at least 6 errors (fewer could never be seen to go, see `confusion`) where errors are
 * denser than among the low-margin rows elsewhere (Fisher's exact test, under 0.01 after
 * Benjamini-Hochberg), or where most of it are errors and most errors lie in it: where all that is
 * low is one place, there is no elsewhere. A cluster of more than a quarter of all rows is none: there
 * the whole space is undecided, which the figures say, and "collect data here" would mean everywhere.
 * Only a margin that predicts errors is used, with the manifest's threshold or else the one that is
 * calibrated on this run. Since that threshold is set where errors are dense below it, every cluster
 * would stand out from the run as a whole.
 */
export const lowMargin: Rule = {
  kind: KIND,
  title: 'Low-margin cluster',
  signal:
    'Rows that are among each other’s 10 nearest and lie nearly as close to another class as to their own, where errors are denser than among low-margin rows elsewhere; clusters whose most frequent label is the same are one finding.',
  meaning:
    'The boundary between classes runs through this place: answers there tip over with the next retraining.',
  action:
    'Collect or mine more training rows like these and fine-tune with them as hard examples; until then hold back, or ask a person, where the margin is low.',
  owner: 'ML team',
  needs: 'A margin that predicts errors (AUC of at least 0.6), and 6 errors in a cluster.',
  doneWhen: `The low-margin clusters that are mainly of its label hold fewer than ${FEWEST_TELLING_ROWS} errors or no more than its other low-margin rows, and their classes have significantly fewer errors on the same rows (exact paired test, p < ${SIGNIFICANCE.evidence}).`,
  judgement: 'cluster',
  explains: { as: 'place', of: ['confusion', 'spread'] },
  locatesErrors: true,
  thresholds: THRESHOLDS,
  read: (evaluation, manifest) => {
    const low = lowMarginOf(evaluation, manifest)
    if (!low) return { raise: () => [], recall: () => null }
    const clusters = once(() => byLabel(evaluation, low))
    return {
      raise: () => {
        const density = densityOf(evaluation, low)
        const enough = [...clusters()]
          .map(([label, rows]) => ({ label, rows, ...density(rows) }))
          .filter(({ errors }) => meets(THRESHOLDS.errors, errors))
        const adjusted = benjaminiHochberg(enough.map(({ p }) => p))
        return enough.flatMap(({ label, rows, errors, share }, at) => {
          const p = adjusted[at]!
          const isTheErrors =
            meets(THRESHOLDS.shareOfErrors, share) &&
            meets(THRESHOLDS.errorShare, errors / rows.length)
          if (!meets(THRESHOLDS.p, p) && !isTheErrors) return []
          return [describe(evaluation, low, label, rows, { p, share })]
        })
      },
      recall: (id) => {
        const label = evaluation.dataset.classes.find((name) => id === `${KIND}:${name}`)
        if (label === undefined) return null
        return describe(evaluation, low, label, clusters().get(label) ?? [], null)
      },
    }
  },
}

interface Density {
  /** That errors are so much denser in a cluster than among the low-margin rows elsewhere. */
  readonly p: number
  /** Of all errors, the share that lies in it. */
  readonly share: number
}

/** Counts what all clusters are held against once. */
function densityOf({ rows: perRow, dataset, clusters }: Evaluation, low: LowMargin) {
  const wrong = (row: number) => perRow.correct[row] !== 1
  const lowRows = [...dataset.labels.keys()].filter((row) => low.of(row) < low.threshold)
  const lowErrors = lowRows.filter(wrong).length
  const allErrors = perRow.correct.reduce((sum, right) => sum + (right === 1 ? 0 : 1), 0)
  return (rows: readonly number[]): Density & { readonly errors: number } => {
    const errors = rows.filter(wrong).length
    const [others, otherErrors] = [lowRows.length - rows.length, lowErrors - errors]
    const isDenser = errors * others > otherErrors * rows.length
    const alone = isDenser ? fisherExact(errors, rows.length, otherErrors, others) : 1
    const p = heldByClusters(alone, perRow.correct, rows, lowRows, clusters)
    return { errors, p, share: errors / Math.max(1, allErrors) }
  }
}

function byLabel(evaluation: Evaluation, low: LowMargin): Map<string, number[]> {
  const rowsOf = new Map<string, number[]>()
  for (const cluster of lowMarginClusters(evaluation, low)) {
    if (!meets(THRESHOLDS.size, cluster.rows.length / evaluation.dataset.rows)) continue
    const label = cluster.classes[0]![0]
    rowsOf.set(label, [...(rowsOf.get(label) ?? []), ...cluster.rows])
  }
  return rowsOf
}

function describe(
  evaluation: Evaluation,
  low: LowMargin,
  label: string,
  rows: readonly number[],
  density: Density | null,
): Draft {
  const { correct } = evaluation.rows
  const errors = rows.filter((row) => correct[row] !== 1)
  const rest = rows.filter((row) => correct[row] === 1)
  const counts = countLabels(evaluation, rows)
  const main = mainClasses(label, counts, rows.length)
  const gain = pointsOf(evaluation, errors.length)
  const from = low.chosen ? "the manifest's threshold" : "this run's calibrated threshold"
  const named = joinWords(
    counts.map(([name, count]) => `${count} of ${name}`),
    CLASSES_NAMED,
  )
  return {
    id: `${KIND}:${label}`,
    title: `Strengthen the boundary around ${joinWords(main, CLASSES_IN_TITLE)}`,
    finding:
      rows.length === 0
        ? `No low-margin cluster is mainly of ${label}.`
        : `${countOf(rows.length, 'row')} lie close together with a ${low.title.toLowerCase()} under ${decimal(low.threshold)} (${from}): ${named}. ${countOf(errors.length, 'of them is an error', 'of them are errors')} (${percent(errors.length / rows.length)}).`,
    certainty: certaintyOf(density),
    cost: `${countOf(errors.length, 'error')}, ${inPoints(gain)} of accuracy, and answers that tip over with the next retraining.`,
    action: `Collect or mine more training rows like these, and fine-tune with them as hard examples. Until then, have production hold back or ask a person where the ${low.title.toLowerCase()} is under ${decimal(low.threshold)}.`,
    doneWhen: `The low-margin clusters that are mainly of ${label} hold fewer than ${FEWEST_TELLING_ROWS} errors or no more than its other low-margin rows, and ${joinWords(main, CLASSES_NAMED)} have significantly fewer errors on the same rows (exact paired test, p < ${SIGNIFICANCE.evidence}).`,
    gain,
    evidence: [...sortedBy(errors, low.of), ...sortedBy(rest, low.of)],
    classes: main,
    measure: { value: errors.length, unit: 'errors' },
  }
}

function certaintyOf(density: Density | null): Certainty {
  if (density === null) {
    return {
      level: 'possible',
      says: 'Errors are counted; whether they are dense here was not tested.',
    }
  }
  const { p, share } = density
  if (!meets(THRESHOLDS.p, p)) {
    return {
      level: 'likely',
      says: `The margin predicts errors in this run, and ${percent(share)} of all its errors lie here. Too few low-margin rows lie elsewhere to say that errors are denser here.`,
    }
  }
  return {
    level: p < SIGNIFICANCE.certain ? 'certain' : 'likely',
    says: `The margin predicts errors in this run, and errors are denser here than among low-margin rows elsewhere (${pValue(p)}).`,
  }
}

/** The fewest classes that together hold half of the rows; the first is the one it is named after. */
function mainClasses(
  label: string,
  counts: readonly (readonly [label: string, rows: number])[],
  rows: number,
): string[] {
  const main = [label]
  let held = counts.find(([name]) => name === label)?.[1] ?? 0
  for (const [name, count] of counts) {
    if (2 * held >= rows) break
    if (name === label) continue
    main.push(name)
    held += count
  }
  return main
}
