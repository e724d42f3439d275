/** The controls around the map: what it shows, how it is coloured, what is searched for, what is chosen. */

import { element } from './element.ts'
import type { Cards } from './map-card.ts'
import type { Colouring, Model } from './map-model.ts'

/** Rows of a choice that are listed. */
const LISTED = 60

export interface PanelActions {
  readonly map: (index: number) => void
  readonly colour: (index: number) => void
  readonly search: (text: string) => void
  /** Only the rows of these groups; all where there are none. */
  readonly groups: (groups: ReadonlySet<number>) => void
  readonly lasso: (on: boolean) => void
  readonly zoom: (factor: number) => void
  readonly whole: () => void
  readonly clear: () => void
  readonly look: (row: number | null) => void
}

export interface Panel {
  readonly controls: HTMLElement
  readonly legend: HTMLElement
  readonly chosen: HTMLElement
  readonly says: HTMLElement
  legendOf(colouring: Colouring): void
  lassoIs(on: boolean): void
  choose(rows: readonly number[], reason: string): void
}

export function openPanel(model: Model, cards: Cards, actions: PanelActions): Panel {
  const legend = element('ul', { class: 'map-legend', 'aria-label': 'Legend' })
  const says = element('p', { class: 'unseen', role: 'status' })
  const chosen = element('div', { class: 'map-chosen', hidden: '' })
  const pick = (label: string, names: readonly string[], act: (index: number) => void) => {
    const select = element(
      'select',
      { 'aria-label': label },
      ...names.map((name, at) => element('option', { value: String(at) }, name)),
    )
    select.addEventListener('change', () => act(Number(select.value)))
    return element('label', {}, `${label} `, select)
  }
  const search = element('input', {
    type: 'search',
    placeholder: 'id or class',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  search.addEventListener('input', () => actions.search(search.value))
  const button = (text: string, title: string, act: () => void) => {
    const isSign = !/[a-z]/i.test(text)
    const named: Readonly<Record<string, string>> = isSign ? { 'aria-label': title } : {}
    const made = element('button', { type: 'button', title, ...named }, text)
    made.addEventListener('click', act)
    return made
  }
  let lassoing = false
  const lasso = button('Lasso', 'Draw a line around rows to choose them', () =>
    actions.lasso(!lassoing),
  )
  lasso.setAttribute('aria-pressed', 'false')
  const controls = element(
    'div',
    { class: 'map-controls' },
    ...(model.maps.length > 1
      ? [
          pick(
            'Map',
            model.maps.map(({ title }) => title),
            actions.map,
          ),
        ]
      : []),
    pick('Colour', model.colourings, actions.colour),
    element('label', {}, 'Find ', search),
    element(
      'span',
      { class: 'map-buttons' },
      lasso,
      button('+', 'Zoom in', () => actions.zoom(1.5)),
      button('−', 'Zoom out', () => actions.zoom(1 / 1.5)),
      button('Whole', 'Show the whole map', actions.whole),
    ),
  )
  const pressed = new Set<number>()
  const panel: Panel = {
    controls,
    legend,
    chosen,
    says,
    legendOf({ groups }) {
      pressed.clear()
      legend.replaceChildren(
        ...[...groups.keys()].reverse().flatMap((at) => {
          const { name, colour, count } = groups[at]!
          if (count === 0) return []
          const dot = element('i')
          dot.style.background = `var(${colour})`
          const entry = element(
            'button',
            { type: 'button', 'aria-pressed': 'false', title: 'Show these rows alone' },
            dot,
            element('bdi', {}, name || '(empty)'),
            element('small', {}, count.toLocaleString('en-US')),
          )
          entry.addEventListener('click', () => {
            if (pressed.has(at)) pressed.delete(at)
            else pressed.add(at)
            entry.setAttribute('aria-pressed', String(pressed.has(at)))
            actions.groups(pressed)
          })
          return [element('li', {}, entry)]
        }),
      )
    },
    lassoIs(on) {
      lassoing = on
      lasso.setAttribute('aria-pressed', String(on))
    },
    choose(rows, reason) {
      chosen.hidden = reason === ''
      const wrong = rows.filter((row) => model.right[row] !== 1).length
      const text =
        reason === ''
          ? 'Nothing is chosen.'
          : `${rows.length.toLocaleString('en-US')} ${rows.length === 1 ? 'row' : 'rows'} ${reason}, ${wrong.toLocaleString('en-US')} wrong.`
      says.textContent = text
      const clear = button('Clear', 'Choose nothing', () => {
        search.value = ''
        actions.clear()
      })
      const copy = button('Copy ids', 'Copy the ids of the chosen rows', () => {
        const all = rows.map((row) => model.ids[row]).join('\n')
        navigator.clipboard?.writeText(all).then(
          () => {
            copy.textContent = 'Copied'
          },
          () => {
            copy.textContent = 'Copying isn’t allowed here'
          },
        )
      })
      // What is wrong first: it is what a reader looks for.
      const listed = [...rows]
        .sort((a, b) => model.right[a]! - model.right[b]! || a - b)
        .slice(0, LISTED)
      chosen.replaceChildren(
        element('p', {}, `${text} `, copy, ' ', clear),
        element('ol', { class: 'map-rows' }, ...listed.map(entryOf)),
        ...(rows.length > LISTED
          ? [
              element(
                'p',
                { class: 'rest' },
                `The first ${LISTED} are listed, wrong ones first; all are in rows.parquet.`,
              ),
            ]
          : []),
      )
    },
  }
  return panel

  function entryOf(row: number): HTMLElement {
    const picture = cards.picture(row)
    const shown = cards.evidence(row)
    const name = element(
      'button',
      { type: 'button', class: model.right[row] === 1 ? 'map-row' : 'map-row bad' },
      cards.sentence(row),
    )
    name.addEventListener('focus', () => actions.look(row))
    name.addEventListener('blur', () => actions.look(null))
    name.addEventListener('mouseenter', () => actions.look(row))
    name.addEventListener('mouseleave', () => actions.look(null))
    return element(
      'li',
      {},
      ...(picture === null ? [] : [picture]),
      name,
      ...(shown === null || shown.href === ''
        ? []
        : [element('a', { href: shown.href, title: shown.title }, 'evidence')]),
    )
  }
}
