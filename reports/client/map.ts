/** The map alive: rows that pan, zoom, answer to the pointer and the keyboard, and can be lassoed. */

import { element } from './element.ts'
import { openCards } from './map-card.ts'
import type { MapData } from './map-data.ts'
import { type Hits, openHits, rowsWithin } from './map-hits.ts'
import { type Colouring, openModel, type Places } from './map-model.ts'
import { openPanel } from './map-panel.ts'
import { type Dots, type Frame, openPicture } from './map-picture.ts'

const FAINT = '--dot-faint'
const BACKGROUND = '--raised'
const EDGE = 14
const MOST_ZOOM = 200
/** Pixels of the page around a dot in which the pointer finds it. */
const REACH = 10
const NAMED_CLASSES = 12

declare global {
  var nearmissMap: MapData | undefined
}

const figure = document.querySelector<HTMLElement>('[data-map]')
const drawing = figure?.querySelector<SVGElement>('svg.dots')
if (figure && drawing && globalThis.nearmissMap) start(figure, drawing, globalThis.nearmissMap)

function start(figure: HTMLElement, drawing: SVGElement, data: MapData): void {
  const model = openModel(data)
  const cards = openCards(model)
  const canvas = element('canvas', {
    class: 'map-dots',
    tabindex: '0',
    role: 'application',
    'aria-roledescription': 'map',
    'aria-label': `${drawing.getAttribute('aria-label') ?? 'Map'} Arrow keys move it, plus and minus zoom, 0 shows the whole, Enter tells the row in the middle.`,
  })
  const overlay = element('canvas', { class: 'map-overlay', 'aria-hidden': 'true' })
  const card = element('div', { class: 'map-card', hidden: '' })
  const stage = element('div', { class: 'map-stage' }, canvas, overlay, card)
  const picture = openPicture(canvas)
  const ink = overlay.getContext('2d')!
  const probe = element('canvas').getContext('2d', { willReadFrequently: true })!

  let places: Places = model.maps[0]!
  let hits: Hits = openHits(places)
  let colouring: Colouring = model.coloured(0)
  /** Rows that the search or a lasso chose; null: all. */
  let chosen: Set<number> | null = null
  let groups: ReadonlySet<number> = new Set()
  let zoom = 1
  let centre = { x: 0.5, y: 0.5 }
  let looked: number | null = null
  let line: (readonly [number, number])[] | null = null
  let lassoing = false
  let queued = false
  let ratio = 1
  let size = { width: 1, height: 1 }
  let dots = dotsOf()

  const panel = openPanel(model, cards, {
    map(index) {
      places = model.maps[index]!
      hits = openHits(places)
      const note = figure.querySelector('.note')
      if (note) note.textContent = places.note
      whole()
      paint()
    },
    colour(index) {
      colouring = model.coloured(index)
      groups = new Set()
      panel.legendOf(colouring)
      paint()
    },
    search(text) {
      const wanted = text.trim().toLowerCase()
      if (wanted === '') {
        choose(null, '')
        return
      }
      const classes = new Set(
        [...data.classes.keys()].filter((at) => data.classes[at]!.toLowerCase().includes(wanted)),
      )
      const found = [...model.ids.keys()].filter(
        (row) => classes.has(model.label[row]!) || model.ids[row]!.toLowerCase().includes(wanted),
      )
      choose(found, `with “${text.trim()}” in their id or class`)
    },
    groups(wanted) {
      groups = wanted
      paint()
    },
    lasso(on) {
      lassoing = on
      stage.classList.toggle('lassoing', on)
      panel.lassoIs(on)
    },
    zoom: (factor) => zoomBy(factor, size.width / 2, size.height / 2),
    whole: () => {
      whole()
      redraw()
    },
    clear: () => choose(null, ''),
    look,
  })

  function isShown(row: number): boolean {
    if (chosen !== null && !chosen.has(row)) return false
    return groups.size === 0 || groups.has(colouring.groupOf[row]!)
  }

  function choose(rows: readonly number[] | null, reason: string): void {
    chosen = rows && new Set(rows)
    panel.choose(rows ?? [], reason)
    paint()
  }

  /** Rows by group, the background first; what isn't chosen lies under everything. */
  function dotsOf(): Dots {
    const colours = [...colouring.groups.map(({ colour }) => colour), FAINT].map(colourOf)
    const faint = colours.length - 1
    const groupOf = new Uint8Array(model.rows)
    const counts = new Int32Array(colours.length + 1)
    const layerOf = (group: number) => (group === faint ? 0 : group + 1)
    for (let row = 0; row < model.rows; row++) {
      const group = isShown(row) ? colouring.groupOf[row]! : faint
      groupOf[row] = group
      counts[layerOf(group) + 1]!++
    }
    for (let layer = 0; layer < colours.length; layer++) counts[layer + 1]! += counts[layer]!
    const order = new Int32Array(model.rows)
    for (let row = 0; row < model.rows; row++) order[counts[layerOf(groupOf[row]!)]!++] = row
    const background = colourOf(BACKGROUND)
    const { x, y } = places
    return { x, y, order, colourOf: groupOf, colours: Uint32Array.from(colours), background }
  }

  function colourOf(variable: string): number {
    stage.style.color = `var(${variable})`
    probe.fillStyle = getComputedStyle(stage).color
    stage.style.color = ''
    probe.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data
    return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
  }

  function paint(): void {
    dots = dotsOf()
    redraw()
  }

  function redraw(): void {
    if (queued) return
    queued = true
    requestAnimationFrame(() => {
      queued = false
      draw()
    })
  }

  /** In pixels of the page. */
  function frame(): Frame {
    const scale = (Math.min(size.width, size.height) - 2 * EDGE) * zoom
    return {
      scale,
      left: size.width / 2 - centre.x * scale,
      bottom: size.height / 2 + centre.y * scale,
    }
  }

  function draw(): void {
    const { scale, left, bottom } = frame()
    const room = Math.min(1, Math.max(0.6, size.width / 640))
    const radius = Math.min(6, dotRadius(model.rows) * room * zoom ** 0.3)
    picture.draw(
      dots,
      { scale: scale * ratio, left: left * ratio, bottom: bottom * ratio },
      radius * ratio,
    )
    ink.setTransform(ratio, 0, 0, ratio, 0, 0)
    ink.clearRect(0, 0, size.width, size.height)
    const at = (x: number, y: number) => [x * scale + left, bottom - y * scale] as const
    const style = getComputedStyle(stage)
    ink.fillStyle = style.color
    nameClasses(at, style.backgroundColor)
    if (looked !== null && !Number.isNaN(places.x[looked]!)) {
      const [px, py] = at(places.x[looked]!, places.y[looked]!)
      ink.lineWidth = 2
      ink.strokeStyle = style.color
      const was = places.before
      if (was && !Number.isNaN(was.x[looked]!)) {
        const [bx, by] = at(was.x[looked]!, was.y[looked]!)
        ink.setLineDash([4, 3])
        ink.beginPath()
        ink.moveTo(bx, by)
        ink.lineTo(px, py)
        ink.stroke()
        ink.setLineDash([])
        ink.strokeRect(bx - 4, by - 4, 8, 8)
      }
      ink.beginPath()
      ink.arc(px, py, radius + 4, 0, 7)
      ink.stroke()
    }
    if (line !== null && line.length > 1) {
      ink.lineWidth = 1.5
      ink.strokeStyle = style.color
      ink.beginPath()
      for (const [x, y] of line) ink.lineTo(...at(x, y))
      ink.stroke()
    }
  }

  /** Where classes are few, each name stands amid its rows. */
  function nameClasses(
    at: (x: number, y: number) => readonly [number, number],
    halo: string,
  ): void {
    if (data.classes.length > NAMED_CLASSES) return
    ink.font = `600 12px ${getComputedStyle(figure).fontFamily}`
    ink.textAlign = 'center'
    ink.lineWidth = 3
    for (const [code, name] of data.classes.entries()) {
      const middle = middleOf(places, code)
      if (middle === null) continue
      const [px, py] = at(middle.x, middle.y)
      const text = name.length > 22 ? `${name.slice(0, 21)}…` : name
      ink.strokeStyle = halo
      ink.strokeText(text, px, py)
      ink.fillText(text, px, py)
    }
  }

  const middles = new Map<Places, ({ x: number; y: number } | null)[]>()
  function middleOf(map: Places, code: number): { x: number; y: number } | null {
    let known = middles.get(map)
    if (!known) {
      known = data.classes.map((_, one) => {
        const rows = [...model.label.keys()].filter(
          (row) => model.label[row] === one && !Number.isNaN(map.x[row]!),
        )
        const median = (values: Float32Array) => {
          const sorted = rows.map((row) => values[row]!).sort((a, b) => a - b)
          return sorted[sorted.length >> 1] ?? Number.NaN
        }
        return rows.length === 0 ? null : { x: median(map.x), y: median(map.y) }
      })
      middles.set(map, known)
    }
    return known[code] ?? null
  }

  function whole(): void {
    zoom = 1
    let [left, right, low, high] = [1, 0, 1, 0]
    for (let row = 0; row < model.rows; row++) {
      const x = places.x[row]!
      const y = places.y[row]!
      if (Number.isNaN(x)) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < low) low = y
      if (y > high) high = y
    }
    centre = { x: (left + right) / 2, y: (low + high) / 2 }
    const side = Math.min(size.width, size.height) - 2 * EDGE
    const fits = Math.min(
      (size.width - 2 * EDGE) / (side * Math.max(right - left, 1e-6)),
      (size.height - 2 * EDGE) / (side * Math.max(high - low, 1e-6)),
    )
    zoom = Math.min(MOST_ZOOM, Math.max(1, fits))
  }

  /** Keeps what lies at a pixel where it is. */
  function zoomBy(factor: number, px: number, py: number): void {
    const before = placeAt(px, py)
    zoom = Math.max(0.5, Math.min(MOST_ZOOM, zoom * factor))
    const after = placeAt(px, py)
    centre = { x: centre.x + before[0] - after[0], y: centre.y + before[1] - after[1] }
    redraw()
  }

  function placeAt(px: number, py: number): readonly [number, number] {
    const { scale, left, bottom } = frame()
    return [(px - left) / scale, (bottom - py) / scale]
  }

  function look(row: number | null): void {
    if (row === looked) return
    looked = row
    card.hidden = row === null || Number.isNaN(places.x[row]!)
    if (row !== null && !card.hidden) {
      card.replaceChildren(...cards.card(row))
      const { scale, left, bottom } = frame()
      const px = places.x[row]! * scale + left
      const py = bottom - places.y[row]! * scale
      const isRight = px > size.width / 2
      card.style.left = isRight ? 'auto' : `${px + 14}px`
      card.style.right = isRight ? `${size.width - px + 14}px` : 'auto'
      card.style.top = `${Math.max(4, Math.min(size.height - card.offsetHeight - 4, py - 20))}px`
    }
    redraw()
  }

  function rowAt(px: number, py: number, reach: number): number | null {
    const [x, y] = placeAt(px, py)
    return hits.nearest(x, y, reach / frame().scale, isShown)
  }

  let grabbed: { x: number; y: number } | null = null
  const spot = (event: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  canvas.addEventListener('pointerdown', (event) => {
    const { x, y } = spot(event)
    canvas.setPointerCapture(event.pointerId)
    grabbed = { x, y }
    if (lassoing || event.shiftKey) line = [placeAt(x, y)]
  })
  canvas.addEventListener('pointermove', (event) => {
    const { x, y } = spot(event)
    if (grabbed === null) {
      look(rowAt(x, y, REACH))
      return
    }
    look(null)
    if (line === null) {
      const { scale } = frame()
      centre = { x: centre.x - (x - grabbed.x) / scale, y: centre.y + (y - grabbed.y) / scale }
    } else line.push(placeAt(x, y))
    grabbed = { x, y }
    redraw()
  })
  const release = () => {
    grabbed = null
    if (line === null) return
    if (line.length > 2) {
      const before = chosen
      chosen = null
      const rows = rowsWithin(places, line, isShown)
      chosen = before
      choose(rows, 'inside the line')
    }
    line = null
    redraw()
  }
  canvas.addEventListener('pointerup', release)
  canvas.addEventListener('pointercancel', () => {
    line = null
    release()
  })
  canvas.addEventListener('pointerleave', () => look(null))
  canvas.addEventListener(
    'wheel',
    (event) => {
      // The page scrolls on until the map is turned to.
      if (!event.ctrlKey && document.activeElement !== canvas) return
      event.preventDefault()
      const { x, y } = spot(event)
      zoomBy(Math.exp(-event.deltaY / (event.deltaMode === 0 ? 300 : 10)), x, y)
    },
    { passive: false },
  )
  const STEP = 60
  const moves: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => moveBy(-STEP, 0),
    ArrowRight: () => moveBy(STEP, 0),
    ArrowUp: () => moveBy(0, -STEP),
    ArrowDown: () => moveBy(0, STEP),
    '+': () => zoomBy(1.5, size.width / 2, size.height / 2),
    '=': () => zoomBy(1.5, size.width / 2, size.height / 2),
    '-': () => zoomBy(1 / 1.5, size.width / 2, size.height / 2),
    '0': () => {
      whole()
      redraw()
    },
    Enter: () => {
      const row = rowAt(size.width / 2, size.height / 2, size.width)
      look(row)
      panel.says.textContent = row === null ? 'No row is near.' : cards.sentence(row)
    },
    Escape: () => {
      look(null)
      choose(null, '')
    },
  }
  canvas.addEventListener('keydown', (event) => {
    const move = moves[event.key]
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    move()
  })
  function moveBy(dx: number, dy: number): void {
    const { scale } = frame()
    centre = { x: centre.x + dx / scale, y: centre.y - dy / scale }
    redraw()
  }

  function fitStage(): void {
    ratio = Math.min(2, devicePixelRatio || 1)
    size = { width: stage.clientWidth, height: stage.clientHeight }
    const [width, height] = [
      Math.max(1, Math.round(size.width * ratio)),
      Math.max(1, Math.round(size.height * ratio)),
    ]
    picture.resize(width, height)
    overlay.width = width
    overlay.height = height
  }

  const keys = figure.querySelector<HTMLElement>('.keys')
  drawing.before(panel.controls)
  drawing.replaceWith(stage)
  keys?.replaceWith(panel.legend)
  stage.after(panel.chosen, panel.says)
  panel.legendOf(colouring)
  fitStage()
  whole()
  dots = dotsOf()
  draw()
  new ResizeObserver(() => {
    fitStage()
    draw()
  }).observe(stage)
  const repaint = () => paint()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)
  new MutationObserver(repaint).observe(document.documentElement, {
    attributeFilter: ['data-theme'],
  })
  performance.mark('nearmiss-map')
}

function dotRadius(rows: number): number {
  return rows > 50_000 ? 1.1 : rows > 10_000 ? 1.5 : rows > 2000 ? 2.2 : 3
}
