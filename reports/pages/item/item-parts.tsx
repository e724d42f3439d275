/** The parts of an item's page: what became of it, what to do, the rows that show it, and its runs. */

import {
  isJudged,
  isOpenItem,
  RUNS_UNTIL_OUT_OF_SCOPE,
  STATE_WORDS as STATES,
} from '../../../lib/core/item.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import { runTrend } from '../../charts/run-trend.ts'
import { Figure } from '../../components/figure.tsx'
import { amount, Orders } from '../../components/orders.tsx'
import { Pairs } from '../../components/tile.tsx'
import { dated } from '../../view/item-life.ts'
import { SHOWN_RUNS } from '../../view/project-view.ts'
import { runPage } from '../../view/run-view.ts'
import { counted, day, named, points, pValue } from '../../words/format.ts'
import { ItemStates } from './item-states.tsx'
import type { ItemView } from './item-view.ts'

/** Rows shown with their nearest neighbour; the report has them all. */
const SHOWN_ROWS = 24
const SHOWN_RELATED = 8

/** What a reader must not miss: that it is done, is back, or is left alone and until when. */
export function ItemBanner({ page }: { page: ItemView }) {
  const { life, index, item, planned } = page
  const { resolved, outOfScope, back } = life
  if (resolved) {
    return (
      <p class="banner good">
        <b>Resolved</b> by the run <RunLink run={resolved.run} />
        {dated(index, resolved.run)}: its evidence is in the text below.
      </p>
    )
  }
  if (outOfScope) {
    return (
      <p class="banner">
        <b>Out of scope</b> since the run <RunLink run={outOfScope.run} />
        {dated(index, outOfScope.run)}: {counted(RUNS_UNTIL_OUT_OF_SCOPE, 'run')} in a row could not
        tell how it stands. It comes back with what it is about.
      </p>
    )
  }
  const known = item?.known ?? null
  const holds = planned?.standing === 'known'
  return (
    <>
      {back ? (
        <p class={back.isSure ? 'banner bad' : 'banner'}>
          <b>{back.isSure ? 'It is back.' : 'It may be back.'}</b> The run{' '}
          <RunLink run={back.after.run} /> had resolved it
          {dated(index, back.after.run)}; <RunLink run={back.in.run} />
          {dated(index, back.in.run)} has it again
          {back.isSure ? '.' : ', by no more than its noise.'}
        </p>
      ) : null}
      {known ? (
        <p class={`banner ${holds ? '' : 'warn'}`}>
          <b>{known.state === 'accepted' ? 'Accepted' : 'Muted'}</b>
          {known.until === null ? ' for good' : ` until ${day(known.until)}`}: {known.reason}{' '}
          {holds
            ? known.until === null
              ? 'It stays off the list, not out of the history.'
              : 'From the next day on it is on the list again.'
            : 'That day is past: it is on the list again.'}
        </p>
      ) : null}
    </>
  )
}

function RunLink({ run }: { run: string }) {
  return <a href={`../../${runPage(run)}`}>{run}</a>
}

export function ItemOrders({ page }: { page: ItemView }) {
  const { item, planned, view } = page
  if (!item) return null
  const names = view?.report.classes.map(({ label }) => label) ?? item.classes
  return (
    <>
      <Orders item={item} names={names} />
      {planned?.note ? (
        <blockquote class="comment">
          <p>{planned.note}</p>
          <footer>From the manifest of {named(page.view?.report.run ?? '')}</footer>
        </blockquote>
      ) : null}
    </>
  )
}

export function ItemEvidence({ page }: { page: ItemView }) {
  const { item, view, history } = page
  if (!item || !view || item.state === 'resolved' || item.evidence.length === 0) return null
  return (
    <>
      <Pairs
        view={view}
        ids={item.evidence}
        total={item.evidenceCount}
        limit={SHOWN_ROWS}
        evidence={`item:${item.id}`}
      />
      <p class="note">
        Each row stands beside its nearest neighbour, the most telling first.{' '}
        <a href={view.fromRun(`index.html#${itemSlug(history.id)}`)}>Among the other findings</a> of
        that run.
      </p>
    </>
  )
}

export function ItemHistorySection({ page }: { page: ItemView }) {
  const { history, item } = page
  const shown = history.states.slice(-SHOWN_RUNS)
  const measured = shown.filter((entry) => isJudged(entry.state))
  const unit = item?.measure.unit ?? 'measured'
  return (
    <div class="figures">
      {measured.length > 1 ? (
        <Figure
          title={`${amount(measured[0]!.measure)} → ${amount(measured.at(-1)!.measure)} ${unit}.`}
          describes="What the item measures in each run, oldest first."
          spec={runTrend(
            shown.map((entry) => ({
              run: entry.run,
              value: isJudged(entry.state) ? entry.measure : null,
              interval: null,
            })),
            {
              title: unit,
              format: ',f',
              zero: true,
              whole: measured.every((entry) => Number.isInteger(entry.measure)),
            },
          )}
        />
      ) : null}
      <div>
        <ItemStates item={history} />
        {item?.change ? (
          <p class="note">
            Last change: {amount(item.change.before)} → {amount(item.measure.value)}{' '}
            {item.measure.unit}
            {item.change.p === null ? '' : `, ${pValue(item.change.p)}`}.
          </p>
        ) : null}
      </div>
    </div>
  )
}

/** Open items of the same run that are about one of the same classes. */
export function relatedItems({ item, view }: Pick<ItemView, 'item' | 'view'>) {
  const classes = new Set(item?.classes ?? [])
  return (view?.report.items ?? [])
    .filter((other) => other.id !== item?.id && isOpenItem(other))
    .filter((other) => other.classes.some((name) => classes.has(name)))
    .slice(0, SHOWN_RELATED)
}

export function Related({ page }: { page: ItemView }) {
  const related = relatedItems(page)
  return (
    <ul class="related">
      {related.map((other) => (
        <li>
          <a href={`../${itemSlug(other.id)}/index.html`}>{other.title}</a>
          <span class={`chip ${other.state}`}>{STATES[other.state]}</span>
          <small>
            {other.owner}
            {other.gain > 0 ? `, up to ${points(other.gain)}` : ''}
          </small>
        </li>
      ))}
    </ul>
  )
}
