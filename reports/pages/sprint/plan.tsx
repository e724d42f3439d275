/** The parts of the sprint page: views, items by owner, and the bar that sums up what is chosen. */

import { STATE_WORDS as STATES } from '../../../lib/core/item.ts'
import type { Plan, PlanItem, Planning, Standing } from '../../../lib/core/planning.ts'
import { byOwner } from '../../../lib/planning/export.ts'
import { togetherGain } from '../../../lib/planning/gain.ts'
import { TicketLink } from '../../components/ticket.tsx'
import { count, counted, day, named, shortened, titleText } from '../../words/format.ts'

/**
 * The views of the list. An address ends in `#show=NAME`: the style follows the target of a page
 * without scripts, and the script keeps it beside what is chosen.
 */
const VIEWS: readonly (readonly [name: string, title: string, shows: readonly Standing[]])[] = [
  ['attention', 'Needs attention', ['attention']],
  ['ticket', 'Has a ticket', ['ticket']],
  ['known', 'Accepted or muted', ['known']],
  ['all', 'All', ['attention', 'ticket', 'known', 'not-evaluated', 'out-of-scope', 'resolved']],
]

export function PlanViews({ items }: { items: readonly PlanItem[] }) {
  return (
    <nav class="views toolbar" aria-label="Which items are shown">
      <ul>
        {VIEWS.map(([name, title, shows]) => (
          <li>
            <a href={`#show=${name}`} id={`show=${name}`} data-view={name}>
              {title}{' '}
              <b data-view-count={name}>
                {count(items.filter(({ standing }) => shows.includes(standing)).length)}
              </b>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export function PlanLists(props: { plan: Plan; planning: Planning; left: number }) {
  const { plan, planning, left } = props
  const most = Math.max(...plan.items.map(({ gain }) => gain), 0.001)
  const placed = plan.items.map((item, place) => ({ ...item, place }))
  return (
    <div class="plan">
      {byOwner(placed).map(({ owner, items }) => (
        <section class="plan-owner" aria-label={owner}>
          <h3>
            {named(owner, 60)} <OwnerSum plan={plan} items={items} />
          </h3>
          <ol>
            {items.map((item) => (
              <PlanLine plan={plan} planning={planning} item={item} most={most} />
            ))}
          </ol>
        </section>
      ))}
      <p class="note plan-none">
        No item is in this view. <a href="#show=all">Show all items</a>.
      </p>
      {left > 0 ? (
        <p class="rest">
          {counted(left, 'smaller item')}: <a href="sprint.csv">sprint.csv</a> has all that need
          attention.
        </p>
      ) : null}
    </div>
  )
}

function OwnerSum(props: { plan: Plan; items: readonly (PlanItem & { place: number })[] }) {
  const waiting = props.items.filter(({ standing }) => standing === 'attention')
  if (waiting.length === 0) return null
  const gain = togetherGain(props.plan, new Set(waiting.map(({ place }) => place)))
  return (
    <small>
      {counted(waiting.length, 'item')}
      {gain > 0 ? `, up to ${worth(gain)}` : ''}
    </small>
  )
}

function PlanLine(props: {
  plan: Plan
  planning: Planning
  item: PlanItem & { readonly place: number }
  most: number
}) {
  const { plan, planning, item, most } = props
  const page = `../items/${item.slug}/index.html`
  const key = item.slug.slice(-8)
  return (
    <li class={`plan-item ${item.standing}`} id={`item-${key}`} data-place={item.place}>
      <input
        type="checkbox"
        id={`pick-${key}`}
        value={key}
        data-pick
        aria-labelledby={`title-${key}`}
      />
      <div class="plan-what">
        <a href={page} id={`title-${key}`}>
          {titleText(item, 110)}
        </a>
        <ul class="tags">
          <li>
            <span class={`chip ${item.state}`}>{STATES[item.state]}</span>
          </li>
          {item.effort === null ? null : <li>effort {item.effort}</li>}
          {item.known === null ? null : (
            <li class="plan-known">
              {item.known.state}
              {item.known.until ? ` until ${day(item.known.until)}` : ''}: {item.known.reason}
            </li>
          )}
          {item.note === null ? null : <li>“{shortened(item.note, 120)}”</li>}
        </ul>
      </div>
      <span class="gain">
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect width={Math.max(1, (100 * item.gain) / most).toFixed(0)} height="6" />
        </svg>
        <Worth item={item} />
      </span>
      <span class="plan-ticket">
        <TicketLink plan={plan} item={item} planning={planning} />
      </span>
    </li>
  )
}

function Worth({ item: { gain, stake } }: { item: PlanItem }) {
  // As duplicates across a split make accuracy doubtful.
  if (stake > gain) return <span>{worth(stake)} unproven</span>
  return gain > 0 ? <span>{worth(gain)}</span> : <span class="none">no gain</span>
}

/** Two decimals: items are ranked by differences that one wouldn't show. */
function worth(gain: number): string {
  return `${gain.toFixed(2)}\u00a0points`
}

/** Filled by the script; without one it stays away. */
export function PlanBar() {
  return (
    <section class="plan-bar toolbar" aria-label="Your selection" data-bar hidden>
      <p role="status" data-sum />
      <div>
        <button type="button" data-copy-text="" data-do="link">
          Copy link
        </button>
        <button type="button" data-copy-text="" data-do="markdown">
          Copy Markdown
        </button>
        <button type="button" data-do="csv">
          CSV
        </button>
        <button type="button" data-do="json">
          JSON
        </button>
        <button type="button" data-do="clear">
          Clear
        </button>
      </div>
    </section>
  )
}
