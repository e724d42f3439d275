/** What items take: numbers are added up, words are only counted. */

import type { PlanItem } from '../core/planning.ts'

export interface EffortSum {
  readonly total: number
  /** Items with a number, with words, and with neither. */
  readonly numbered: number
  readonly worded: number
  readonly unknown: number
}

export function sumEffort(items: readonly Pick<PlanItem, 'effort'>[]): EffortSum {
  const numbers = items.map(({ effort }) => effort).filter((effort) => typeof effort === 'number')
  const worded = items.filter(({ effort }) => typeof effort === 'string').length
  return {
    total: Number(numbers.reduce((sum, effort) => sum + effort, 0).toPrecision(12)),
    numbered: numbers.length,
    worded,
    unknown: items.length - numbers.length - worded,
  }
}
