/** What an item's text adds to the finding: how it compares with before, and on what evidence. */

import type { Finding } from '../core/finding.ts'
import type { ItemState } from '../core/item.ts'
import { decimal, pValue } from '../core/words.ts'
import type { Change } from './change.ts'
import { isResolvedStill, type PastItem } from './ledger.ts'

export interface StateInputs {
  readonly finding: Finding
  /** Null where it was never raised before. */
  readonly past: PastItem | null
  readonly state: ItemState
  readonly change: Change
  readonly raised: 'raised' | 'no longer raised'
  /** The run that it is compared with. */
  readonly baseline: string
}

export function stateSentence(inputs: StateInputs): string {
  const { finding, past, state, change, raised, baseline } = inputs
  const isBack = isResolvedStill(past)
  if (!change.judged) {
    if (state === 'new') return ''
    const wasOver = past?.state === 'out-of-scope' ? 'It was out of scope and is back. ' : ''
    const back = isBack ? 'It was resolved once and is back. ' : wasOver
    return `${back}Whether it changed can't be told: ${change.reason}`
  }
  if (change.isStep) return stepSentence(inputs, change.test)
  const { before, p, test, direction } = change
  // A count needs no unit beside the text that it follows.
  const { unit } = finding.measure
  const inUnits = (value: number) => `${amount(value)}${Number.isInteger(value) ? '' : ` ${unit}`}`
  const evidence = `(${test}${p === null ? '' : `, ${pValue(p)}`})`
  const then = before === null ? `Since ${baseline}` : `In ${baseline} it was ${inUnits(before)}`
  const now = inUnits(finding.measure.value)
  if (state === 'regressed') return `It was resolved once and is back. ${then} ${evidence}.`
  if (isBack) {
    const resolved = `${inUnits(past.settled.measure)} in ${past.settled.run}`
    return raised === 'raised'
      ? `It was resolved once (${resolved}) and is back within its noise: ${lowered(then)}, no evidence of a rise ${evidence}.`
      : `Resolved again: ${now} now. It had come back (${resolved}) only within its noise. ${then} ${evidence}.`
  }
  if (state === 'resolved') return `Resolved: ${now} now. ${then} ${evidence}.`
  if (direction === 'no evidence' && raised === 'no longer raised') {
    return `It would no longer be raised, but ${lowered(then)}, and the difference is within chance ${evidence}: it stays open until there is evidence.`
  }
  const outcome =
    direction === 'no evidence'
      ? 'no evidence of a change'
      : direction === 'lower'
        ? 'improved'
        : 'worsened'
  return `${then}: ${outcome} ${evidence}.`
}

/** Other steps are inUnits of, not counted against this one. */
function stepSentence({ past, state, baseline }: StateInputs, test: string): string {
  const step = `the step from ${baseline} to this run`
  if (state === 'resolved') return `Resolved: ${step} shows none (${test}).`
  if (state === 'persisting') return `An earlier step showed some too; this is about ${step}.`
  return past ? `An earlier step showed some, and a later one none; this is about ${step}.` : ''
}

function lowered(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

/** Counts as they are, distances and points with three digits. */
function amount(value: number): string {
  const text = Number.isInteger(value) ? value.toLocaleString('en-US') : decimal(value)
  return text.replaceAll('-', '−')
}
