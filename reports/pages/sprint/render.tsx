/** The page that a sprint is planned from: `<project>/sprint/index.html`. */

import { raw } from 'hono/html'
import { logJson, scriptJson } from '../../../lib/core/escape.ts'
import type { Plan, PlanItem, Planning } from '../../../lib/core/planning.ts'
import { pickedPlan } from '../../../lib/planning/export.ts'
import { togetherGain } from '../../../lib/planning/gain.ts'
import { reportFile } from '../../files/report-file.ts'
import { runPage } from '../../view/run-view.ts'
import { counted, day, named, points } from '../../words/format.ts'
import { renderPage } from '../page.tsx'
import { PlanBar, PlanLists, PlanViews } from './plan.tsx'

export interface SprintPage {
  readonly project: string
  /** Null where no run could be evaluated yet. */
  readonly plan: Plan | null
  readonly planning: Planning
}

/** The page's script, as it lies beside the page. */
export function sprintScript(): string {
  return reportFile('client/sprint.js')
}

/** Places of the items that still need attention. */
export function needingAttention(items: readonly PlanItem[]): ReadonlySet<number> {
  return new Set([...items.keys()].filter((place) => items[place]!.standing === 'attention'))
}

/** Items on the page; the files beside it hold all that need attention. */
const MOST_ITEMS = 150

export function renderSprint({ project, plan, planning }: SprintPage): Promise<string> {
  const shown = plan && shownPlan(plan)
  const left = (plan?.items.length ?? 0) - (shown?.items.length ?? 0)
  const attention = plan ? needingAttention(plan.items) : new Set<number>()
  const says = { items: itemsSay(plan), elsewhere: 'Take it to where you plan.' }
  const parts = {
    Views: () => (shown ? <PlanViews items={shown.items} /> : null),
    Lists: () => (shown ? <PlanLists plan={shown} planning={planning} left={left} /> : null),
    Data: () => (shown ? <Data plan={shown} siteUrl={planning.siteUrl} /> : null),
  }
  const worth = plan ? togetherGain(plan, attention) : 0
  const headline =
    plan === null
      ? 'No run could be evaluated yet.'
      : attention.size === 0
        ? 'Nothing needs attention.'
        : `${counted(attention.size, 'item')} ${attention.size === 1 ? 'needs' : 'need'} attention${worth > 0 ? `, ${attention.size === 1 ? '' : 'together '}worth up to ${points(worth)} of accuracy` : ''}.`
  const top = (
    <div class="verdict">
      <p class="facts-line">
        <span>Sprint</span>
        <span>{project}</span>
        {plan ? <time datetime={plan.createdAt}>run of {day(plan.createdAt)}</time> : null}
      </p>
      <h1>{headline}</h1>
      {plan ? (
        <p class="lede">
          As <a href={`../${runPage(plan.run)}`}>{named(plan.run)}</a> found them. Rows that several
          items share count once in every sum here, and each gain is a ceiling: it comes if all of
          the item’s errors go.
        </p>
      ) : null}
    </div>
  )
  return renderPage('sprint', parts, says, {
    title: `Sprint · ${project} · nearmiss`,
    description: headline,
    crumbs: [
      { text: 'all projects', href: '../../index.html' },
      { text: project, href: '../index.html' },
      { text: 'sprint', href: null },
    ],
    scripts: plan ? ['sprint.js'] : [],
    theme: 'plan',
    ...(plan
      ? {
          preview: {
            image: `../runs/${plan.run}/preview.png`,
            says: headline,
            pageUrl: planning.siteUrl === null ? null : `${planning.siteUrl}${project}/sprint/`,
          },
        }
      : {}),
    top,
    after: plan ? <PlanBar /> : null,
  })
}

/** What needs attention comes first where the page can't hold all. */
function shownPlan(plan: Plan): Plan {
  const rank = ({ standing }: PlanItem) => (standing === 'attention' ? 0 : 1)
  const places = [...plan.items.keys()]
    .sort((a, b) => rank(plan.items[a]!) - rank(plan.items[b]!) || a - b)
    .slice(0, MOST_ITEMS)
  return pickedPlan(plan, new Set(places))
}

function itemsSay(plan: Plan | null): string {
  if (plan === null || plan.items.length === 0) return 'There is nothing to plan.'
  const owners = new Set(
    plan.items.filter(({ standing }) => standing === 'attention').map(({ owner }) => owner),
  ).size
  return owners === 0
    ? 'Every open item has a ticket, or is accepted.'
    : `What needs attention, for ${counted(owners, 'owner')}.`
}

/** What the script adds up and exports; a block of data, which nothing runs. */
function Data({ plan, siteUrl }: { plan: Plan; siteUrl: string | null }) {
  const json = logJson(scriptJson({ plan, siteUrl }))
  return (
    <script type="application/json" id="plan">
      {raw(json)}
    </script>
  )
}
