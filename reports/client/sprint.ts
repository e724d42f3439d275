/** The sprint page alive: ticked items and the view live in the address, summed up and exported. */

import type { Plan, PlanItem, Standing } from '../../lib/core/planning.ts'
import { sumEffort } from '../../lib/planning/effort.ts'
import { planCsv, planJson, planMarkdown, type Selection } from '../../lib/planning/export.ts'
import { togetherGain } from '../../lib/planning/gain.ts'
import { dayOf, standingOf } from '../../lib/planning/standing.ts'
import { addressState, planState } from './plan-state.ts'

const SHOWN: Readonly<Record<string, (standing: Standing) => boolean>> = {
  attention: (standing) => standing === 'attention',
  ticket: (standing) => standing === 'ticket',
  known: (standing) => standing === 'known',
  all: () => true,
}

start()

function start(): void {
  const data = document.getElementById('plan')?.textContent
  if (!data) return
  const { plan: published, siteUrl } = JSON.parse(data) as { plan: Plan; siteUrl: string | null }
  // A day may have passed since the page was made: what was muted until then is back.
  const today = dayOf(new Date())
  const plan: Plan = {
    ...published,
    items: published.items.map((item) => ({ ...item, standing: standingOf(item, today) })),
  }
  const boxes = [...document.querySelectorAll<HTMLInputElement>('[data-pick]')]
  const lines = [...document.querySelectorAll<HTMLElement>('.plan-item')]
  const itemOf = (element: HTMLElement) => plan.items[Number(element.dataset.place)]
  const pageOf = (item: PlanItem) => {
    if (siteUrl !== null) return `${siteUrl}${plan.project}/items/${item.slug}/`
    const end = location.protocol === 'file:' ? 'index.html' : ''
    return new URL(`../items/${item.slug}/${end}`, location.href).href
  }

  for (const line of lines) {
    const item = itemOf(line)
    if (!item || line.classList.contains(item.standing)) continue
    line.classList.remove(published.items[Number(line.dataset.place)]!.standing)
    line.classList.add(item.standing)
    const until = line.querySelector('.plan-known')
    if (until) until.textContent = `${until.textContent} (that day is past)`
  }
  for (const counter of document.querySelectorAll<HTMLElement>('[data-view-count]')) {
    const shows = SHOWN[counter.dataset.viewCount ?? '']
    if (shows)
      counter.textContent = String(plan.items.filter((item) => shows(item.standing)).length)
  }

  const picked = () =>
    new Set(
      boxes.flatMap((box) => {
        const line = box.closest<HTMLElement>('.plan-item')
        return box.checked && line ? [Number(line.dataset.place)] : []
      }),
    )
  const selection = (): Selection => ({ plan, picked: picked(), pageOf })
  const bar = document.querySelector<HTMLElement>('[data-bar]')
  const sum = document.querySelector<HTMLElement>('[data-sum]')

  const show = (missing: number) => {
    const chosen = picked()
    for (const box of boxes) box.closest('.plan-item')?.classList.toggle('picked', box.checked)
    if (bar) bar.hidden = chosen.size === 0 && missing === 0
    document.documentElement.classList.toggle('planning', bar?.hidden === false)
    if (sum) sum.textContent = sentence(plan, chosen, missing)
  }
  const view = () => document.documentElement.dataset.show ?? 'attention'
  const setView = (name: string) => {
    document.documentElement.dataset.show = name
    for (const link of document.querySelectorAll<HTMLElement>('[data-view]')) {
      if (link.dataset.view === name) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
    const shows = SHOWN[name] ?? SHOWN.all!
    document
      .querySelector('.plan')
      ?.classList.toggle('empty', !plan.items.some((item) => shows(item.standing)))
  }
  const remember = () => {
    const keys = boxes.filter((box) => box.checked).map((box) => box.value)
    history.replaceState(null, '', addressState({ show: view(), picked: keys }))
  }
  const read = () => {
    const state = planState(location.hash)
    setView(state.show in SHOWN ? state.show : 'attention')
    const known = new Set(boxes.map((box) => box.value))
    for (const box of boxes) box.checked = state.picked.includes(box.value)
    show(state.picked.filter((key) => !known.has(key)).length)
  }

  document.documentElement.dataset.plan = ''
  read()
  addEventListener('hashchange', read)
  for (const box of boxes) {
    box.addEventListener('change', () => {
      remember()
      show(0)
    })
  }
  for (const link of document.querySelectorAll<HTMLElement>('[data-view], .plan-none a')) {
    link.addEventListener('click', (event) => {
      event.preventDefault()
      setView(link.dataset.view ?? 'all')
      remember()
    })
  }
  const act = (button: HTMLElement) => {
    switch (button.dataset.do) {
      // The page's own script copies what the button holds, once this has run.
      case 'link':
        button.dataset.copyText = location.href
        break
      case 'markdown':
        button.dataset.copyText = planMarkdown(selection())
        break
      case 'csv':
        save(planCsv(selection()), 'text/csv', `${plan.project}-sprint.csv`)
        break
      case 'json':
        save(planJson(selection()), 'application/json', `${plan.project}-sprint.json`)
        break
      case 'clear':
        for (const box of boxes) box.checked = false
        remember()
        show(0)
        boxes.find((box) => box.checkVisibility())?.focus()
    }
  }
  bar?.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null
      if (button) act(button)
    },
    { capture: true },
  )
}

function sentence(plan: Plan, picked: ReadonlySet<number>, missing: number): string {
  const items = plan.items.filter((_, place) => picked.has(place))
  const singly = items.reduce((total, { gain }) => total + gain, 0)
  const together = togetherGain(plan, picked)
  const { total, numbered, worded, unknown } = sumEffort(items)
  const parts = [`${items.length} ${items.length === 1 ? 'item' : 'items'} selected`]
  if (items.length > 0) {
    parts.push(
      together > 0
        ? `worth up to ${together.toFixed(2)} points${items.length > 1 ? ' together' : ''}`
        : 'no gain in accuracy',
    )
  }
  if (singly - together > 0.005) parts.push(`${singly.toFixed(2)} if shared rows counted twice`)
  if (numbered > 0) {
    const rest = worded + unknown
    parts.push(`effort ${total}${rest > 0 ? ` and ${rest} without a number` : ''}`)
  }
  if (missing > 0) {
    parts.push(`${missing} of this link ${missing === 1 ? 'is' : 'are'} not in the latest run`)
  }
  return parts.join('; ')
}

function save(text: string, type: string, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
