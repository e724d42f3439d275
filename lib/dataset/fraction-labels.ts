/** Labels that are numbers with fractions: a measurement or a score, which has no classes. */

import type { Issue } from '../core/errors.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, partOf } from '../core/words.ts'

const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i
/** Fewer different ones may be steps of a scale, such as 0.5, 1.0 and 1.5. */
const FEWEST_VALUES = 10

export interface FractionLabels {
  /** Set where more than half of the labels differ. */
  readonly issue: Issue | null
  readonly warnings: readonly Warning[]
}

/**
 * Says nothing where one label is no number, or all are whole, as `3.0` is.
 *
 * @param labels as they are written, of the rows that have one
 */
export function fractionLabels(labels: readonly string[], where: string): FractionLabels {
  const different = new Set<number>()
  let hasFraction = false
  for (const label of labels) {
    const text = label.trim()
    if (!NUMBER.test(text)) return { issue: null, warnings: [] }
    const value = Number(text.replace(',', '.'))
    different.add(value)
    hasFraction ||= !Number.isInteger(value)
  }
  if (!hasFraction) return { issue: null, warnings: [] }
  const { size } = different
  if (size < FEWEST_VALUES || 2 * size <= labels.length) {
    return {
      issue: null,
      warnings: [
        {
          code: 'labels-fractions',
          message: `The labels are numbers with fractions, ${countOf(size, 'different one')} in ${countOf(labels.length, 'row')}: each is evaluated as a class of its own, and that some are nearly equal counts for nothing. If they are a measurement, name another column in nearmiss.yaml: columns: { label: NAME }`,
          headline: `The labels are numbers with fractions, ${size} of which count as classes of their own`,
        },
      ],
    }
  }
  return {
    issue: {
      code: 'labels-continuous',
      message: `The labels are numbers with fractions, and ${partOf(size, labels.length, 'labels')} differ: a measurement or a score, as a regression predicts it. Classes are evaluated, which rows have in common.`,
      where,
      hint: 'Name the column that holds classes in nearmiss.yaml: columns: { label: NAME }. Or make classes of the numbers, such as pd.cut(frame["label"], 5).astype(str); if they are names, write a letter before them, such as v3.7.',
    },
    warnings: [],
  }
}
