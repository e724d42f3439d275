/** Action items: what to fix, who owns it, what shows it, and when it is done. */

import {
  type Item,
  type ItemState,
  openItems,
  RUNS_UNTIL_OUT_OF_SCOPE,
  STATE_WORDS as STATES,
} from '../../../lib/core/item.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import { planItem } from '../../../lib/planning/plan.ts'
import { amount, Orders } from '../../components/orders.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Folded } from '../../components/section.tsx'
import { StateStrip } from '../../components/state-strip.tsx'
import { TicketLink } from '../../components/ticket.tsx'
import { Pairs } from '../../components/tile.tsx'
import { itemPage, type RunView } from '../../view/run-view.ts'
import { count, pValue, stakeText, titleText } from '../../words/format.ts'

/** Items that are unfolded when the page opens. */
const OPEN = 3

/** Rows shown under an item: fewer further down, so that the page stays light. */
function evidenceLimit(place: number): number {
  return place < OPEN ? 6 : 4
}

export function Items({ view }: { view: RunView }) {
  const open = openItems(view.report)
  const listed = open.filter((item) => !item.folded)
  const folded = open.filter((item) => item.folded)
  const known = view.report.items.filter((item) => item.known !== null)
  const others = view.report.items.filter((item) => item.known === null)
  const resolved = others.filter(({ state }) => state === 'resolved')
  const unknown = others.filter(({ state }) => state === 'not-evaluated')
  const outOfScope = others.filter(({ state }) => state === 'out-of-scope')
  return (
    <>
      <ItemList view={view} items={listed} />
      <OtherItems
        view={view}
        name={`and ${count(folded.length)} more`}
        items={folded}
        says="Less is at stake in these, or it is less sure."
      />
      <OtherItems
        view={view}
        name={`Resolved (${count(resolved.length)})`}
        items={resolved}
        says="What these asked for is done."
      />
      <OtherItems
        view={view}
        name={`Not evaluated in this run (${count(unknown.length)})`}
        items={unknown}
        says="Their classes or figures are absent, so this run can’t tell: they are not resolved."
      />
      <OtherItems
        view={view}
        name={`Out of scope since this run (${count(outOfScope.length)})`}
        items={outOfScope}
        says={`${count(RUNS_UNTIL_OUT_OF_SCOPE)} runs in a row could not tell how these stand: later runs list them only once what they are about is back.`}
      />
      <OtherItems
        view={view}
        name={`Accepted or muted (${count(known.length)})`}
        items={known}
        says="The manifest lists these as known; they stay in the history."
      />
    </>
  )
}

/** A line an item, that unfolds. */
function ItemList({ view, items }: { view: RunView; items: readonly Item[] }) {
  const most = Math.max(...items.map((item) => item.gain), 0.001)
  return items.length === 0 ? null : (
    <ol class="items">
      {items.map((item, place) => (
        <ItemEntry view={view} item={item} place={place} most={most} />
      ))}
    </ol>
  )
}

function ItemEntry(props: { view: RunView; item: Item; place: number; most: number }) {
  const { view, item, place, most } = props
  const slug = itemSlug(item.id)
  return (
    <li class={`item ${item.severity}`} id={slug} data-owner={item.owner}>
      <details class="fold" open={place < OPEN}>
        <summary>
          <h3>
            <span class="none">{place + 1}.</span> {titleText(item, 160)}
          </h3>
          <ItemFacts view={view} item={item} />
          <span class="gain">
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect width={Math.max(1, (100 * item.gain) / most).toFixed(0)} height="6" />
            </svg>
            {stakeText(item)}
          </span>
        </summary>
        <Orders item={item} names={view.report.classes.map(({ label }) => label)} />
        {item.evidence.length > 0 ? (
          <Pairs
            view={view}
            ids={item.evidence}
            total={item.evidenceCount}
            limit={evidenceLimit(place)}
            evidence={`item:${item.id}`}
          />
        ) : null}
        <p class="links">
          <Ticket view={view} item={item} />
          <a href={view.fromRun(`../../${itemPage(item.id)}`)}>Its history</a>
          <a href={`#${slug}`} data-copy-link>
            Link here
          </a>
        </p>
      </details>
    </li>
  )
}

/** As things stood when the run was published; what is linked later is on the item's own page. */
function Ticket({ view, item }: { view: RunView; item: Item }) {
  const { report, links } = view
  const { planning } = report
  const planned = planItem(item, planning, links, report.createdAt.slice(0, 10))
  return <TicketLink plan={report} item={planned} planning={planning} />
}

function ItemFacts({ view, item }: { view: RunView; item: Item }) {
  const states = [...earlierStates(view, item.id), item.state]
  return (
    <ul class="tags">
      <li class="owner">{item.owner}</li>
      <li class={`severity ${item.severity}`}>{item.severity}</li>
      <li>{item.certainty.level}</li>
      <li class={`state ${item.state}`}>
        {STATES[item.state]}
        {states.length > 1 ? <StateStrip states={states} /> : null}
      </li>
      {item.change ? (
        <li>
          {amount(item.change.before)} → {amount(item.measure.value)} {item.measure.unit}
          {item.change.p === null ? '' : ` (${pValue(item.change.p)})`}
        </li>
      ) : null}
    </ul>
  )
}

/** How the item stood in the runs before this one. */
function earlierStates({ index, report }: RunView, id: string): ItemState[] {
  const states = index?.items[id]?.states ?? []
  const place = states.findIndex((entry) => entry.run === report.run)
  return states.slice(0, place < 0 ? states.length : place).map((entry) => entry.state)
}

function OtherItems(props: { view: RunView; name: string; items: readonly Item[]; says: string }) {
  const { view } = props
  const shown = props.items.slice(0, 40)
  if (shown.length === 0) return null
  return (
    <Folded name={props.name} class="folded others">
      <p>{props.says}</p>
      <ul class="plain">
        {shown.map((item) => (
          <li id={itemSlug(item.id)}>
            <a href={view.fromRun(`../../${itemPage(item.id)}`)}>{item.title}</a>{' '}
            <span class="owner">{item.owner}</span>
            {item.known ? (
              <span class="reason">
                {item.known.state}: {item.known.reason}
                {item.known.until ? `, until ${item.known.until}` : ''}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {props.items.length > shown.length ? (
        <p class="rest">
          {count(props.items.length - shown.length)} more in <ReportLink view={view} />.
        </p>
      ) : null}
    </Folded>
  )
}
