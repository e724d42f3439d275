/** Whether a small margin warns of an error. */

import type { Report } from '../../../lib/core/report.ts'

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
