/** A place where rows lie nearly as close to another class as to the nearest: data or fine-tuning. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Certainty } from '../core/finding.ts'
import type { Manifest } from '../core/manifest.ts'
import { countOf, decimal, joinWords, percent, pValue } from '../core/words.ts'
import { benjaminiHochberg } from '../stats/false-discovery.ts'
import { fisherExact } from '../stats/fisher.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
import { heldByClusters } from '../stats/share-difference.ts'
import {
  countLabels,
  type LowMargin,
  lowMarginClusters,
  lowMarginOf,
} from './low-margin-cluster.ts'
import { inPoints, pointsOf, sortedBy } from './rows.ts'
import type { Draft, Rule } from './rule.ts'

const KIND = 'low-margin'

/** So many errors among the low-margin rows of a cluster are less likely than this by chance. */
const UNLIKELY = 0.01
/** A cluster of which so much is errors, and so much of all errors, is the place to look at anyway. */
const HALF = 0.5
/** A cluster of more than this share of the rows is the space itself, no place to aim at. */
const LARGEST_SHARE = 0.25
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
  owner: 'ML team',
  needs: 'A margin that predicts errors (AUC of at least 0.6), and 6 errors in a cluster.',
  evaluate: (evaluation, manifest) => {
    const low = lowMarginOf(evaluation, manifest)
    if (!low) return []
    const standing = densityOf(evaluation, low)
    const found = [...byLabel(evaluation, low)]
      .map(([label, rows]) => ({ label, rows, ...standing(rows) }))
      .filter(({ errors }) => errors >= FEWEST_TELLING_ROWS)
    const adjusted = benjaminiHochberg(found.map(({ p }) => p))
    return found.flatMap(({ label, rows, errors, share }, at) => {
      const p = adjusted[at]!
      const isTheErrors = share >= HALF && errors >= HALF * rows.length
      if (p >= UNLIKELY && !isTheErrors) return []
      return [describe(evaluation, low, label, rows, { p, share })]
    })
  },
  recall: (evaluation, manifest: Manifest, id) => {
    const low = lowMarginOf(evaluation, manifest)
    const label = evaluation.dataset.classes.find((name) => id === `${KIND}:${name}`)
    if (!low || label === undefined) return null
    const rows = byLabel(evaluation, low).get(label) ?? []
    return describe(evaluation, low, label, rows, null)
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
    const p = isDenser ? fisherExact(errors, rows.length, otherErrors, others) : 1
    const held = heldByClusters(p, perRow.correct, rows, lowRows, clusters)
    return { errors, p: held, share: errors / Math.max(1, allErrors) }
  }
}

function byLabel(evaluation: Evaluation, low: LowMargin): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const cluster of lowMarginClusters(evaluation, low)) {
    if (cluster.rows.length > LARGEST_SHARE * evaluation.dataset.rows) continue
    const label = cluster.classes[0]![0]
    found.set(label, [...(found.get(label) ?? []), ...cluster.rows])
  }
  return found
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
    doneWhen: `The low-margin clusters that are mainly of ${label} hold fewer than ${FEWEST_TELLING_ROWS} errors or no more than its other low-margin rows, and ${joinWords(main, CLASSES_NAMED)} have significantly fewer errors on the same rows (exact paired test, p < 0.05).`,
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
  if (p >= UNLIKELY) {
    return {
      level: 'likely',
      says: `The margin predicts errors in this run, and ${percent(share)} of all its errors lie here. Too few low-margin rows lie elsewhere to say that errors are denser here.`,
    }
  }
  return {
    level: p < 0.001 ? 'certain' : 'likely',
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
