/** What an item's text adds to the finding: how it compares with before, and on what evidence. */

import type { Finding } from '../core/finding.ts'
import type { ItemState } from '../core/item.ts'
import { pValue } from '../core/words.ts'
import type { Change } from './change.ts'

export function stateSentence({
  state,
  change,
  baseline,
  finding,
  raised,
}: {
  readonly state: ItemState
  readonly change: Change
  readonly baseline: string
  readonly finding: Finding
  readonly raised: 'raised' | 'no longer raised'
}): string {
  if (!change.judged) {
    if (state === 'new') return ''
    const back = state === 'regressed' ? 'It was resolved once and is back. ' : ''
    return `${back}Whether it changed can't be told: ${change.reason}`
  }
  const { before, p, test, direction } = change
  const evidence = `(${test}${p === null ? '' : `, ${pValue(p)}`})`
  const then = before === null ? `Since ${baseline}` : `In ${baseline} it was ${amount(before)}`
  const now = amount(finding.measure.value)
  if (state === 'regressed') return `It was resolved once and is back. ${then} ${evidence}.`
  if (state === 'resolved') return `Resolved: ${now} now. ${then} ${evidence}.`
  if (direction === 'no evidence' && raised === 'no longer raised') {
    return `It would no longer be raised, but ${then.charAt(0).toLowerCase()}${then.slice(1)}, and the difference is within chance ${evidence}: it stays open until there is evidence.`
  }
  const outcome =
    direction === 'no evidence'
      ? 'no evidence of a change'
      : direction === 'lower'
        ? 'improved'
        : 'worsened'
  return `${then}: ${outcome} ${evidence}.`
}

/** Counts as they are, scores with one decimal. */
function amount(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(1)
}
