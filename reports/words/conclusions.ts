/** What each part of a run's report comes to, as a sentence: the headings of its sections. */

import { isNearerToAnother } from '../../lib/core/class-figures.ts'
import { openItems } from '../../lib/core/item.ts'
import type { Report } from '../../lib/core/report.ts'
import { allEqual, hasNoMatch } from './bare-parts.ts'
import { warningsOf } from './caveats.ts'
import { count, counted, named, pairName, points, pValue, share } from './format.ts'

/** The whole run in a sentence or two. */
export function verdict(report: Report): string {
  const [worst, next] = report.confusion.pairs
  const tail = worst
    ? ` ${pairName(worst.a, worst.b)} is ${next?.count === worst.count ? 'among the worst pairs' : 'the worst pair'}.`
    : report.confusion.concentration.errors === 0 && report.input.classes > 1
      ? ' No row sits next to another class.'
      : ''
  if (allEqual(report)) {
    return `All ${count(report.input.evaluatedRows)} vectors are equal: no figure tells anything about the model.`
  }
  const comparison = report.comparison
  if (comparison === null) {
    const accuracy = report.metrics.nearest_neighbor_accuracy?.value ?? null
    if (hasNoMatch(report)) {
      return 'No row has another of its class to find: no figure of retrieval can be told.'
    }
    if (report.input.classes < 2) return 'All rows have one label: there is nothing to confuse.'
    if (accuracy === null) return `Nothing to compare with yet.${tail}`
    const able = report.metrics.nearest_neighbor_accuracy_with_match?.value ?? accuracy
    const matched =
      share(able) === share(accuracy) ? '' : `, ${share(able)} of those that have another row of it`
    const told = `${share(accuracy)} of rows sit next to their own class${matched}`
    // Where the errors lie says nothing then.
    if (openItems(report).some(({ kind }) => kind === 'at-chance')) {
      const { chance } = report.metrics.nearest_neighbor_accuracy!
      return `${told}, where random neighbours reach ${share(chance)}: the labels can’t be told from these vectors.`
    }
    return `${told}.${tail}`
  }
  const baseline = named(comparison.baseline)
  if (comparison.matchedRows === 0) {
    return `Can't be compared with ${baseline}: no row is in both.${tail}`
  }
  const numbers = `${count(comparison.fixed.length)} ${comparison.fixed.length === 1 ? 'row' : 'rows'} fixed, ${count(comparison.broken.length)} broken (${pValue(comparison.p)})`
  if (comparison.verdict === 'no evidence of a change') {
    if (comparison.fixed.length + comparison.broken.length === 0) {
      return `The same as ${baseline}: not one row changed sides.${tail}`
    }
    return `No evidence of a change since ${baseline}: ${numbers}.${tail}`
  }
  const word = comparison.verdict === 'better' ? 'Better' : 'Worse'
  return `${word} than ${baseline}: ${numbers}.${tail}`
}

export function itemsConclusion(report: Report): string {
  const open = openItems(report)
  if (open.length === 0) {
    return hasNoMatch(report)
      ? 'Nothing is found wrong where no row has another of its class to find.'
      : nothingStandsOut(report)
  }
  const best = open.reduce((most, item) => (item.gain > most.gain ? item : most))
  const owners = new Set(open.map((item) => item.owner)).size
  const lead = `${counted(open.length, 'thing')} to fix, for ${counted(owners, 'owner')}`
  return best.gain > 0
    ? `${lead}; the largest is worth up to ${points(best.gain)} of accuracy.`
    : `${lead}.`
}

/** Without an item: nothing is wrong, or nothing of what is wrong stands out. */
function nothingStandsOut({ confusion }: Report): string {
  const { errors, pairs } = confusion.concentration
  if (errors === 0) return 'Nothing needs to be fixed first.'
  return `Nothing stands out to be fixed first among ${counted(errors, 'error')} in ${counted(pairs, 'pair')} of classes.`
}

export function confusionConclusion(report: Report): string {
  const { errors, pairs, pairsForHalf } = report.confusion.concentration
  if (report.input.classes < 2) return 'With one class there is nothing to confuse.'
  if (errors === 0) return "No row's nearest neighbour belongs to another class."
  if (pairs === 0) return `${counted(errors, 'row')} have no neighbour of their class.`
  const rows = counted(errors, 'error')
  if (errors === 1) return 'One error in all.'
  if (pairs === 1) return `All ${rows} are between one pair of classes.`
  if (pairs <= 3) return `The ${rows} are between ${count(pairs)} pairs of classes.`
  const [worst, next] = report.confusion.pairs
  if (worst && worst.count > (next?.count ?? 0) && worst.count >= errors / 4) {
    return `${pairName(worst.a, worst.b)} alone holds ${count(worst.count)} of the ${rows}; the rest lie between ${count(pairs - 1)} other pairs.`
  }
  if (pairsForHalf <= Math.max(2, pairs * 0.1)) {
    return `A few pairs carry the problem: ${count(pairsForHalf)} of ${count(pairs)} hold half of the ${rows}.`
  }
  return `The ${rows} are spread out: it takes ${count(pairsForHalf)} of ${count(pairs)} confused pairs to hold half of them.`
}

export function marginsConclusion(report: Report): string {
  const auc = (id: string) =>
    report.margins.figures.find((figures) => figures.id === id)?.errorAuc ?? null
  const neighbor = auc('neighbor')
  const prediction = auc('prediction')
  if (neighbor === null && prediction === null) {
    return report.confusion.concentration.errors === 0
      ? 'There are no errors that a margin could predict.'
      : 'Every row is an error, so whether a margin predicts errors can’t be told.'
  }
  if (report.margins.figures.every(({ predictsErrors }) => predictsErrors === null)) {
    return 'There are too few errors, or too few right rows, to tell whether a margin predicts errors.'
  }
  const tells = (value: number | null) => value !== null && value >= 0.6
  const score = (value: number | null) => (value === null ? 'no AUC' : `AUC ${value.toFixed(2)}`)
  if (tells(prediction) && !tells(neighbor)) {
    return `A small prediction margin warns of errors (${score(prediction)}); the neighbour margin does not (${score(neighbor)}).`
  }
  if (tells(prediction) && tells(neighbor)) {
    return `Small margins warn of errors: ${score(prediction)} for the prediction margin, ${score(neighbor)} for the neighbour margin.`
  }
  if (tells(neighbor)) {
    return `A small neighbour margin warns of errors (${score(neighbor)}); the prediction margin does not (${score(prediction)}).`
  }
  return `No margin predicts errors here (${score(prediction ?? neighbor)} at best), so nothing is ranked by one.`
}

export function spreadConclusion(report: Report): string {
  const wide = openItems(report).flatMap(({ kind, classes }) => (kind === 'spread' ? classes : []))
  const close = report.classes.filter(isNearerToAnother)
  const first =
    wide.length === 0
      ? 'No class is spread much wider than the others'
      : wide.length === 1
        ? `${named(wide[0]!)} is spread much wider than the other classes`
        : `${count(wide.length)} classes are spread much wider than the others`
  if (report.input.classes < 2) return 'One class: its spread has nothing to be compared with.'
  const [placed, ...others] = report.classes.filter(({ rows }) => rows > 1)
  if (!placed || others.length === 0) {
    return `Only ${placed ? named(placed.label) : 'no class'} has rows enough to be spread.`
  }
  if (close.length === 0) return `${first}, and none is closer to another class than to itself.`
  const verb = close.length === 1 ? 'is' : 'are'
  return `${first}; ${count(close.length)} of ${count(report.input.classes)} ${verb} closer to another class than to ${close.length === 1 ? 'itself' : 'themselves'}.`
}

export function mapConclusion(report: Report): string {
  const [best] = [...report.projections].sort(
    (a, b) => (b.trustworthiness ?? 0) - (a.trustworthiness ?? 0),
  )
  if (best && best.method !== 'pca' && best.trustworthiness !== null) {
    return `${best.title} keeps neighbours best here (trustworthiness ${best.trustworthiness.toFixed(2)}): look for classes that mix, not for distances between groups.`
  }
  if (best === undefined) {
    return `No map: with ${counted(report.input.dimensions, 'dimension')} it would be the vectors themselves.`
  }
  const [first, second] = report.projection.explained
  return `The two widest directions hold ${share(first + second)} of the variance: a sketch, not evidence.`
}

export function inputConclusion(report: Report): string {
  const aside = report.input.setAside.reduce((sum, entry) => sum + entry.count, 0)
  const warnings = warningsOf(report).length
  const first =
    aside === 0
      ? `All ${counted(report.input.rows, 'row')} were evaluated`
      : `${count(aside)} of ${counted(report.input.rows, 'row')} ${aside === 1 ? 'was' : 'were'} set aside`
  return warnings === 0
    ? `${first}.`
    : `${first}; there ${warnings === 1 ? 'is' : 'are'} ${counted(warnings, 'warning')}.`
}

export function methodConclusion(report: Report): string {
  const figures = Object.values(report.metrics)
  const inexact = figures.filter((figure) => figure.exactness !== 'exact' && figure.value !== null)
  return inexact.length === 0
    ? 'Every figure in this table is exact; tables and maps that use a sample say so.'
    : `${count(figures.length - inexact.length)} of the ${count(figures.length)} figures in this table are exact; the others say what they leave out, and so do tables and maps that use a sample.`
}
