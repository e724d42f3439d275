/** A place where rows lie nearly as close to another class as to the nearest: data or fine-tuning. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Certainty } from '../core/finding.ts'
import type { Manifest } from '../core/manifest.ts'
import { countOf, joinWords, percent, pValue } from '../core/words.ts'
import { binomialAtLeast } from '../stats/binomial.ts'
import { FEWEST_TELLING_ROWS } from '../stats/mcnemar.ts'
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
/** A cluster of more than this share of the rows is the space itself, no place to aim at. */
const LARGEST_SHARE = 0.25
const CLASSES_NAMED = 4
const CLASSES_IN_TITLE = 2

/**
 * Clusters whose most frequent label is the same are one finding, named after that label. It is
 * raised with at least 6 errors (fewer could never be seen to go, see `confusion`), where errors
 * are denser than among all low-margin rows (binomial tail under 0.01), and for no cluster that
 * holds more than a quarter of all rows: there the whole space is undecided, which the figures say,
 * and "collect data here" would mean everywhere. Only a margin that predicts errors is used, with
 * the manifest's threshold or else the one that is calibrated on this run. Since that threshold is
 * set where errors are dense below it, every cluster would stand out from the run as a whole.
 */
export const lowMargin: Rule = {
  kind: KIND,
  title: 'Low-margin cluster',
  owner: 'ML team',
  needs: 'A margin that predicts errors (AUC of at least 0.6), and 6 errors in a cluster.',
  evaluate: (evaluation, manifest) => {
    const low = lowMarginOf(evaluation, manifest)
    if (!low) return []
    const { rows: perRow, dataset } = evaluation
    const wrong = (row: number) => perRow.correct[row] !== 1
    const lowRows = [...dataset.labels.keys()].filter((row) => low.of(row) < low.threshold)
    const rate = lowRows.filter(wrong).length / lowRows.length
    return [...byLabel(evaluation, low)].flatMap(([label, rows]) => {
      const errors = rows.filter(wrong).length
      if (errors < FEWEST_TELLING_ROWS) return []
      const p = binomialAtLeast(errors, rows.length, rate)
      return p < UNLIKELY ? [describe(evaluation, low, label, rows, p)] : []
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
  p: number | null,
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
        : `${countOf(rows.length, 'row')} lie close together with a ${low.title.toLowerCase()} under ${low.threshold.toPrecision(3)} (${from}): ${named}. ${countOf(errors.length, 'of them is an error', 'of them are errors')} (${percent(errors.length / rows.length)}).`,
    certainty: certaintyOf(p),
    cost: `${countOf(errors.length, 'error')}, ${inPoints(gain)} of accuracy, and answers that tip over with the next retraining.`,
    action: `Collect or mine more training rows like these, and fine-tune with them as hard examples. Until then, have production hold back or ask a person where the ${low.title.toLowerCase()} is under ${low.threshold.toPrecision(3)}.`,
    doneWhen: `The low-margin clusters that are mainly of ${label} hold fewer than ${FEWEST_TELLING_ROWS} errors or no more than its other low-margin rows, and ${joinWords(main)} have significantly fewer errors on the same rows (exact paired test, p < 0.05).`,
    gain,
    evidence: [...sortedBy(errors, low.of), ...sortedBy(rest, low.of)],
    classes: main,
    measure: { value: errors.length, unit: 'errors' },
  }
}

function certaintyOf(p: number | null): Certainty {
  return p === null
    ? { level: 'possible', says: 'Errors are counted; whether they are dense here was not tested.' }
    : {
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
