/** How unlike in size the classes are. */

import type { Report } from '../../../lib/core/report.ts'
import { count, counted, named } from '../../words/format.ts'

export function sizesConclusion({ quality }: Report): string {
  const { classes, rare, ratio, largest, smallest, singletons } = quality.imbalance
  if (classes < 2) return `All rows are of one class, ${named(largest.label)}.`
  if (largest.rows === 1) return 'Every class has one row.'
  if (ratio < 1.5) return 'The classes are about equally large.'
  const lead = `The largest class, ${named(largest.label)}, has ${count(Math.round(ratio))} times the rows of the smallest, ${named(smallest.label)}`
  if (rare.length > 0) return `${lead}; ${counted(rare.length, 'class is', 'classes are')} rare.`
  return singletons > 0
    ? `${lead}; ${counted(singletons, 'class has', 'classes have')} one row.`
    : `${lead}; none is rare.`
}
