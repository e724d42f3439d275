/** A selection of items as text for elsewhere: Markdown, CSV and JSON. */

import { csvCell, escapeMarkdown, logJson, markdownAddress } from '../core/escape.ts'
import { STATE_WORDS } from '../core/item.ts'
import type { Plan, PlanItem } from '../core/planning.ts'
import { countOf, stakeText } from '../core/words.ts'
import { sumEffort } from './effort.ts'
import { togetherGain } from './gain.ts'

export { csvCell }

export interface Selection {
  readonly plan: Plan
  /** Places in `plan.items`. */
  readonly picked: ReadonlySet<number>
  /** Address of an item's page, as the reader of the text can open it. */
  readonly pageOf: (item: PlanItem) => string
}

function pickedItems({ plan, picked }: Selection): readonly PlanItem[] {
  return plan.items.filter((_, place) => picked.has(place))
}

/** Items by owner, in the order in which owners first appear. */
export function byOwner<T extends Pick<PlanItem, 'owner'>>(
  items: readonly T[],
): readonly { readonly owner: string; readonly items: readonly T[] }[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(item.owner)
    if (group) group.push(item)
    else groups.set(item.owner, [item])
  }
  return [...groups].map(([owner, grouped]) => ({ owner, items: grouped }))
}

/** A list of tasks for a wiki page, a pull request or a chat, by owner. */
export function planMarkdown(selection: Selection): string {
  const { plan, picked, pageOf } = selection
  const items = pickedItems(selection)
  const sections = byOwner(items).map(({ owner, items: owned }) =>
    [`## ${escapeMarkdown(owner)}`, '', ...owned.map((item) => task(item, pageOf(item)))].join(
      '\n',
    ),
  )
  const sum = effortText(items)
  const lead =
    items.length === 0
      ? 'Nothing is selected.'
      : `${countOf(items.length, 'item')} of run ${escapeMarkdown(plan.run)}, together worth up to ${togetherGain(plan, picked).toFixed(2)} points of accuracy${sum === '' ? '' : `; effort ${sum}`}.`
  return `${[`# ${escapeMarkdown(plan.project)}: sprint`, lead, ...sections].join('\n\n')}\n`
}

function task(item: PlanItem, page: string): string {
  const facts = [
    stakeText(item),
    STATE_WORDS[item.state],
    item.effort === null ? null : `effort ${escapeMarkdown(String(item.effort))}`,
    item.ticket === null ? null : `[ticket](<${markdownAddress(item.ticket)}>)`,
  ].filter((fact) => fact !== null)
  const lines = [
    `- [ ] [${escapeMarkdown(item.title)}](<${markdownAddress(page)}>): ${facts.join(', ')}`,
    `  - Do: ${escapeMarkdown(item.action)}`,
    `  - Done when: ${escapeMarkdown(item.doneWhen)}`,
    ...(item.note === null ? [] : [`  - Note: ${escapeMarkdown(oneLine(item.note))}`]),
  ]
  return lines.join('\n')
}

function effortText(items: readonly PlanItem[]): string {
  const { total, numbered, worded, unknown } = sumEffort(items)
  if (numbered === 0) return ''
  const rest = worded + unknown
  return `${total}${rest === 0 ? '' : ` and ${countOf(rest, 'item')} without a number`}`
}

const CSV_COLUMNS: readonly (readonly [
  title: string,
  cell: (item: PlanItem) => string | number,
])[] = [
  ['id', (item) => item.id],
  ['title', (item) => item.title],
  ['kind', (item) => item.kind],
  ['owner', (item) => item.owner],
  ['state', (item) => item.state],
  ['standing', (item) => item.standing],
  ['gain_points', (item) => Number(item.gain.toFixed(4))],
  ['effort', (item) => item.effort ?? ''],
  ['finding', (item) => item.finding],
  ['action', (item) => item.action],
  ['done_when', (item) => item.doneWhen],
  ['note', (item) => item.note ?? ''],
  ['ticket', (item) => item.ticket ?? ''],
]

/**
 * RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8. A cell of text that a spreadsheet
 * would take for a formula starts with an apostrophe.
 */
export function planCsv(selection: Selection): string {
  const header = [...CSV_COLUMNS.map(([title]) => title), 'page']
  const rows = pickedItems(selection).map((item) => [
    ...CSV_COLUMNS.map(([, cell]) => cell(item)),
    selection.pageOf(item),
  ])
  return `\ufeff${[header, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')}`
}

/** The plan with the picked items alone: places in `overlaps` are theirs. */
export function pickedPlan(plan: Plan, picked: ReadonlySet<number>): Plan {
  const members = [...plan.items.keys()].filter((at) => picked.has(at))
  const places = new Map(members.map((at, to) => [at, to]))
  const overlaps = plan.overlaps.flatMap(([rows, items]) => {
    const inside = items.flatMap((item) => places.get(item) ?? [])
    return inside.length === 0 ? [] : [[rows, inside] as const]
  })
  return { ...plan, items: members.map((at) => plan.items[at]!), overlaps }
}

/** The selection as a plan of its own, with each item's page. */
export function planJson({ plan, picked, pageOf }: Selection): string {
  const own = pickedPlan(plan, picked)
  const items = own.items.map((item) => ({ ...item, page: pageOf(item) }))
  const together = Number(togetherGain(plan, picked).toFixed(6))
  return `${logJson(JSON.stringify({ ...own, items, togetherGain: together }, null, 2))}\n`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
