/**
 * Says what a square of the heatmap is, and finds a class among all where it can show a part of them
 * only. Published as `confusion.js` beside the run's page, with the data, and loaded when it is needed.
 *
 * @typedef {readonly [a: number, b: number, aAsB: number, bAsA: number, href: string]} PairEntry
 * @param {{ readonly classes: readonly string[], readonly pairs: readonly PairEntry[] }} data
 */
// biome-ignore lint/correctness/noUnusedVariables: called by the line with the data below it
function nearmissConfusion(data) {
  nearmissHeat(data)
  nearmissSearch(data)
}

/** @param {Parameters<typeof nearmissConfusion>[0]} data */
function nearmissSearch({ classes, pairs }) {
  const MATCHES = 3
  const box = document.querySelector('[data-search]')
  const input = box?.querySelector('input')
  const list = box?.querySelector('datalist')
  const result = box?.querySelector('[data-result]')
  if (!input || !list || !result) return
  /** @type {Map<number, PairEntry[]>} */
  const byClass = new Map()
  for (const pair of pairs) {
    for (const place of [pair[0], pair[1]]) {
      const known = byClass.get(place)
      if (known) known.push(pair)
      else byClass.set(place, [pair])
    }
  }
  /**
   * @param {string} tag
   * @param {readonly (Node | string)[]} children
   */
  const make = (tag, ...children) => {
    const element = document.createElement(tag)
    element.append(...children)
    return element
  }
  for (const place of [...byClass.keys()].slice(0, 500)) {
    const option = document.createElement('option')
    option.value = classes[place] ?? ''
    list.append(option)
  }
  /** @param {number} place */
  const entry = (place) => {
    const own = [...(byClass.get(place) ?? [])].sort((a, b) => b[2] + b[3] - a[2] - a[3])
    const rows = own.slice(0, 20).map((pair) => {
      const [a, b, aAsB, bAsA, href] = pair
      const other = make('bdi', classes[a === place ? b : a] ?? '')
      const link = document.createElement('a')
      link.href = href
      link.append(other)
      const [out, back] = a === place ? [aAsB, bAsA] : [bAsA, aAsB]
      const counts = [out, back].map((count) => make('td', String(count)))
      return make('tr', make('th', href === '' ? other : link), ...counts)
    })
    const name = classes[place] ?? ''
    const heads = ['Class', `${name} taken for it`, `it taken for ${name}`].map((text, column) => {
      const head = make('th', text)
      head.setAttribute('scope', 'col')
      if (column > 0) head.className = 'n'
      return head
    })
    for (const row of rows) row.firstElementChild?.setAttribute('scope', 'row')
    const table = make(
      'table',
      make('caption', make('bdi', name)),
      make('thead', make('tr', ...heads)),
      make('tbody', ...rows),
    )
    const left = own.length - rows.length
    return left > 0 ? make('div', table, make('p', `${left} more in report.json.`)) : table
  }
  const show = () => {
    const wanted = input.value.trim().toLowerCase()
    const found =
      wanted === ''
        ? []
        : [...byClass.keys()].filter((place) => classes[place]?.toLowerCase().includes(wanted))
    const exact = found.filter((place) => classes[place]?.toLowerCase() === wanted)
    const shown = [...exact, ...found.filter((place) => !exact.includes(place))]
    const most = exact.length > 0 ? 1 : MATCHES
    result.replaceChildren(...shown.slice(0, most).map(entry))
    if (wanted === '') return
    if (found.length === 0) result.append(make('p', 'No confused class has this in its name.'))
    if (found.length > most) {
      result.append(make('p', `${found.length - most} more with this in their name.`))
    }
  }
  input.addEventListener('input', show)
  show()
}

/**
 * The square under the pointer in words; a click leads to its rows. `data-heat` holds the shown classes.
 *
 * @param {Parameters<typeof nearmissConfusion>[0]} data
 */
function nearmissHeat({ classes, pairs }) {
  const drawing = document.querySelector('[data-heat]')
  const plot = drawing?.querySelector('.f-raised')
  const says = drawing?.parentElement?.querySelector('.readout')
  if (!(drawing instanceof HTMLElement) || !plot || !says) return
  const order = (drawing.dataset.heat ?? '').split(' ').map(Number)
  const known = new Map(pairs.map((pair) => [`${pair[0]} ${pair[1]}`, pair]))
  /** @param {MouseEvent} event */
  const under = ({ clientX, clientY }) => {
    const { left, top, width, height } = plot.getBoundingClientRect()
    const predicted = order[Math.floor(((clientX - left) / width) * order.length)]
    const actual = order[Math.floor(((clientY - top) / height) * order.length)]
    if (actual === undefined || predicted === undefined) return
    const own = known.get(`${actual} ${predicted}`)
    const pair = own ?? known.get(`${predicted} ${actual}`)
    const count = own ? own[2] : pair?.[3]
    return pair && count ? { actual, predicted, count, href: pair[4] } : undefined
  }
  drawing.addEventListener('mousemove', (event) => {
    const cell = under(event)
    drawing.style.cursor = cell && cell.href !== '' ? 'pointer' : ''
    says.textContent = cell
      ? `${classes[cell.actual]} is taken for ${classes[cell.predicted]}: ${cell.count}`
      : '\u00a0'
  })
  drawing.addEventListener('click', (event) => {
    const cell = under(event)
    if (cell && cell.href !== '') location.href = cell.href
  })
}
