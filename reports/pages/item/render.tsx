/** An item's page, which outlives runs: `<project>/items/<slug>/index.html`. */

import { isJudged as isStateJudged, STATE_WORDS as STATES } from '../../../lib/core/item.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import type { TicketLinks } from '../../../lib/core/planning.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { itemPath, NO_PLANNING, planItem } from '../../../lib/planning/plan.ts'
import { TicketLink } from '../../components/ticket.tsx'
import { Sheet } from '../../components/tile.tsx'
import { dated, lifeOf } from '../../view/item-life.ts'
import { type RunView, runPage } from '../../view/run-view.ts'
import { counted, named, points, sentence } from '../../words/format.ts'
import { verdict } from '../../words/verdict.ts'
import { renderPage } from '../page.tsx'
import {
  ItemBanner,
  ItemEvidence,
  ItemHistorySection,
  ItemOrders,
  Related,
  relatedItems,
} from './item-parts.tsx'
import type { ItemView } from './item-view.ts'

export interface ItemPage {
  readonly index: ProjectIndex
  readonly itemId: string
  /** The newest run that tells of the item; null where its report is gone. */
  readonly run: RunView | null
  readonly links: TicketLinks | null
  /** `YYYY-MM-DD`: what is known holds until a day. */
  readonly today: string
}

/** @throws RangeError where the index has no such item */
export function renderItem({ index, itemId, run, links, today }: ItemPage): Promise<string> {
  const history = Object.hasOwn(index.items, itemId) ? index.items[itemId] : undefined
  if (!history) throw new RangeError(`project ${index.project} has no item ${itemId}`)
  const item = run?.report.items.find(({ id }) => id === itemId) ?? null
  const planning = run?.report.planning ?? NO_PLANNING
  const view = run && fromItem(run)
  const planned = item && planItem(item, planning, links, today)
  const page: ItemView = { index, history, life: lifeOf(history), view, item, planned, planning }
  const says = {
    orders: ordersSay(page),
    evidence: evidenceSays(page),
    history: historySays(page),
    related:
      relatedItems(page).length === 0
        ? ''
        : 'Other open items are about the same classes, and may share rows with it.',
  }
  const parts = {
    Orders: () => <ItemOrders page={page} />,
    Evidence: () => <ItemEvidence page={page} />,
    History: () => <ItemHistorySection page={page} />,
    Related: () => <Related page={page} />,
  }
  const top = (
    <>
      {view ? <Sheet view={view} /> : null}
      <Top page={page} />
    </>
  )
  return renderPage('item', parts, says, {
    title: `${named(history.title, 80)} · ${index.project} · nearmiss`,
    description: `${says.history} ${item?.finding ?? ''}`.trim(),
    crumbs: [
      { text: 'all projects', href: '../../../index.html' },
      { text: index.project, href: '../../index.html' },
      { text: 'item', href: null },
    ],
    pictureHosts: view?.pictureHosts ?? [],
    theme: 'plan',
    ...(view ? { preview: previewOf(view, itemPath(index.project, itemSlug(itemId))) } : {}),
    top,
  })
}

function previewOf({ report, fromRun }: RunView, path: string) {
  const siteUrl = report.planning.siteUrl
  return {
    image: fromRun('preview.png'),
    says: verdict(report),
    pageUrl: siteUrl === null ? null : `${siteUrl}${path}`,
  }
}

/** The run's view for a page of an item. */
function fromItem(view: RunView): RunView {
  const home = `../../runs/${view.report.run}/`
  const fromRun = (address: string) => (/^[a-z]+:/i.test(address) ? address : `${home}${address}`)
  return { ...view, fromRun, loadsScripts: false }
}

function Top({ page }: { page: ItemView }) {
  const { history, item, planned, planning, life, index } = page
  const { last } = life
  const latest = index.runs.findLast(({ status }) => status === 'published')
  const isJudged = !life.resolved && last !== null && isStateJudged(last.state)
  const isProposed = planned?.standing === 'attention' && latest?.run === last?.run
  const key = itemSlug(history.id).slice(-8)
  return (
    <div class="verdict">
      <p class="facts-line">
        <span>{history.owner}</span>
        {last ? (
          <span>
            <span class={`chip ${last.state}`}>{STATES[last.state]}</span>
          </span>
        ) : null}
        {isJudged && item && item.gain > 0 ? <span>up to {points(item.gain)}</span> : null}
        {isJudged && item ? <span>{item.severity} severity</span> : null}
        {life.resolved || life.outOfScope || planned?.effort === null || !planned ? null : (
          <span>effort {planned.effort}</span>
        )}
        <span>{kindTitle(history.kind)}</span>
      </p>
      <h1>{history.title}</h1>
      <ItemBanner page={page} />
      <p
        class="actions"
        data-owner={planned && !life.resolved && !life.outOfScope ? history.owner : undefined}
      >
        {planned ? <TicketLink plan={index} item={planned} planning={planning} /> : null}
        <a href={`../../sprint/index.html${isProposed ? `#pick=${key}` : ''}`}>
          {isProposed ? 'Plan it for the sprint' : 'The sprint page'}
        </a>
        {last ? (
          <a href={`../../${runPage(last.run)}#${itemSlug(history.id)}`}>
            In the report of {named(last.run)}
          </a>
        ) : null}
      </p>
    </div>
  )
}

/** `slice-gap` as a reader says it. */
function kindTitle(kind: string): string {
  return kind.replaceAll('-', ' ')
}

function ordersSay({ item, life }: ItemView): string {
  if (life.resolved) return 'Nothing is left to do.'
  if (life.outOfScope) return 'Nothing is to be done unless what it is about comes back.'
  if (!item) return 'The report of its last run is gone.'
  if (item.state === 'not-evaluated') return 'It stays open as it was.'
  return item.gain > 0
    ? `Fixing it is worth up to ${points(item.gain)} of accuracy.`
    : 'Fixing it gains no accuracy by itself.'
}

/** Empty where nothing is left to show. */
function evidenceSays({ item, view, life }: ItemView): string {
  if (life.resolved || life.outOfScope) return ''
  if (!item || !view) return 'No rows can be shown.'
  if (item.state === 'not-evaluated') return sentence(item.certainty.says, item.classes)
  if (item.evidenceCount === 0) return `No row of ${named(view.report.run)} shows it.`
  return `${counted(item.evidenceCount, 'row')} of ${named(view.report.run)} ${item.evidenceCount === 1 ? 'shows' : 'show'} it.`
}

function historySays({ history, life, index }: ItemView): string {
  const { raised, last, resolved, back } = life
  if (!raised || !last) return 'No run has evaluated it yet.'
  const since = back ? back.in : raised
  if (resolved) {
    return `Raised in ${named(raised.run)}, resolved by ${named(resolved.run)}${dated(index, resolved.run)}.`
  }
  if (life.outOfScope) {
    return `Raised in ${named(raised.run)}; out of scope since ${named(last.run)}${dated(index, last.run)}.`
  }
  const open = `open for ${counted(life.runs, 'run')}`
  if (last.state === 'not-evaluated') {
    return `${back ? 'Back' : 'Raised'} in ${named(since.run)}; ${named(last.run)} can’t tell how it stands.`
  }
  if (history.states.length === 1)
    return `Raised in ${named(raised.run)}${dated(index, raised.run)}.`
  return back
    ? `Back in ${named(back.in.run)}${back.isSure ? '' : ', within its noise,'} after ${named(back.after.run)} had resolved it: ${open} since.`
    : `Raised in ${named(raised.run)}${dated(index, raised.run)}: ${open}.`
}
