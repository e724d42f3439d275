/** Parts of a run's report that its data have nothing for: one sentence stands for the whole part. */

import type { Report } from '../../lib/core/report.ts'

/** By the names under which a page's sections ask for their headings. */
export type BareParts = Readonly<Record<string, string>>

/** Figures of data that can't have them would be read as findings about the model. */
export function bareParts(report: Report): BareParts {
  if (allEqual(report)) {
    return {
      confusion:
        'All rows are equal: which of them counts as the nearest is a matter of their order.',
      slices: 'All rows are equal, so errors tell nothing about any slice.',
      margins: 'All rows are equal, so every margin is 0.',
      verification: 'All rows are equal: no distance tells a pair of one class from a pair of two.',
      spread: 'All rows are equal, so no class has a spread.',
      labels: 'All rows are equal, so no label can be contradicted.',
      map: 'All rows are equal: a map of them is one dot.',
    }
  }
  if (hasNoMatch(report)) {
    const none = 'No row has another of its class to find'
    return {
      confusion: `${none}, so every row counts as an error, which says nothing about the space.`,
      slices: `${none}, so no slice can do worse than another.`,
      margins: `${none}, so no margin can tell right answers from wrong ones.`,
      spread: `${none}, so no class has a spread.`,
    }
  }
  if (report.input.classes < 2) {
    return {
      slices: 'With one class no row can be wrong, so no slice can do worse than another.',
      margins:
        'With one class no row can be wrong, so there are no errors for a margin to warn of.',
    }
  }
  if (report.confusion.concentration.errors === 0) {
    return { slices: 'There are no errors, so no slice can have more of them than another.' }
  }
  return {}
}

export function allEqual({ metrics, input }: Report): boolean {
  return metrics.collapsed_dimensions?.value === input.dimensions
}

/** Whether no row has another of its class that it could find. */
export function hasNoMatch({ metrics, input }: Report): boolean {
  return input.classes > 1 && metrics.hit_at_1 !== undefined && metrics.hit_at_1.value === null
}
