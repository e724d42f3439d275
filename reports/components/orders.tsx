/** What an item asks for, why to believe it, and how much of it there is. */

import type { Child } from 'hono/jsx'
import { type Item, isEnded, isJudged } from '../../lib/core/item.ts'
import { count, decimal, sentence } from '../words/format.ts'

/** How sure a finding is, before the reason. */
const LEVELS = { certain: 'Certain.', likely: 'Likely.', possible: 'Possible.' } as const

/**
 * What a finding asks for and why to believe it; its owner stands beside its title. Of one that is
 * resolved only what was seen is left, as of one out of scope, and of one that the run can't judge what it asked for before.
 * @param names of classes, which its sentences may hold
 */
export function Orders({ item, names }: { item: Item; names: readonly string[] }) {
  const say = (text: string) => sentence(text, names)
  const hasEnded = isEnded(item.state)
  return (
    <dl class="orders">
      <Part name="Seen">{say(item.finding)}</Part>
      {hasEnded || !isJudged(item.state) ? null : (
        <>
          <Part name="How sure">
            <b class="level">{LEVELS[item.certainty.level]}</b> {say(item.certainty.says)}
          </Part>
          <Part name="Costs">{say(item.cost)}</Part>
        </>
      )}
      {hasEnded ? null : (
        <>
          <Part name="Do">{say(item.action)}</Part>
          <Part name="Done when">{say(item.doneWhen)}</Part>
        </>
      )}
    </dl>
  )
}

function Part({ name, children }: { name: string; children?: Child }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A measure: a count as it is, a score with three digits. */
export function amount(value: number): string {
  return Number.isInteger(value) ? count(value) : decimal(value)
}
