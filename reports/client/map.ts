/** The map alive: rows that pan, zoom, answer to the pointer and the keyboard, and can be lassoed. */

import { element } from './element.ts'
import { openCamera, type Spot } from './map-camera.ts'
import { openCards } from './map-card.ts'
import type { MapData } from './map-data.ts'
import { colourReader, dotRadius, dotsOf } from './map-dots.ts'
import { listen } from './map-gestures.ts'
import { type Hits, openHits, rowsWithin } from './map-hits.ts'
import { type Colouring, openModel, type Places } from './map-model.ts'
import { openOverlay } from './map-overlay.ts'
import { openPanel } from './map-panel.ts'
import { openPicture } from './map-picture.ts'

/** Pixels of the page around a dot in which the pointer finds it. */
const REACH = 10

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
  const card = element('div', { class: 'map-card', hidden: '' })
  const overlay = openOverlay(model)
  const stage = element('div', { class: 'map-stage' }, canvas, overlay.canvas, card)
  // Paper shows the drawing that was there.
  drawing.classList.add('printed')
  drawing.before(stage)
  const picture = openPicture(canvas)
  const camera = openCamera()
  const colourOf = colourReader(stage)

  let places: Places = model.maps[0]!
  let hits: Hits = openHits(places)
  let colouring: Colouring = model.coloured(0)
  /** Rows that the search or a lasso chose; null: all. */
  let chosen: ReadonlySet<number> | null = null
  let groups: ReadonlySet<number> = new Set()
  let looked: number | null = null
  let line: Spot[] | null = null
  let lassoing = false
  let queued = false
  let ratio = 1
  let dots = dotsOf(places, colouring, isShown, colourOf)

  const panel = openPanel(model, cards, {
    map(index) {
      places = model.maps[index]!
      hits = openHits(places)
      const note = figure.querySelector('.note')
      if (note) note.textContent = places.note
      camera.showAll(places)
      paint()
    },
    colour(index) {
      colouring = model.coloured(index)
      groups = new Set()
      panel.legendOf(colouring)
      paint()
    },
    search: find,
    groups(wanted) {
      groups = wanted
      paint()
    },
    lasso(on) {
      lassoing = on
      stage.classList.toggle('lassoing', on)
      panel.lassoIs(on)
    },
    zoom: (factor) => zoom(factor, null),
    whole,
    clear: () => choose(null, ''),
    look,
  })

  function isShown(row: number): boolean {
    return (chosen === null || chosen.has(row)) && isInGroup(row)
  }

  function isInGroup(row: number): boolean {
    return groups.size === 0 || groups.has(colouring.groupOf[row]!)
  }

  function find(text: string): void {
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
  }

  function choose(rows: readonly number[] | null, reason: string): void {
    chosen = rows && new Set(rows)
    panel.choose(rows ?? [], reason)
    paint()
  }

  function paint(): void {
    dots = dotsOf(places, colouring, isShown, colourOf)
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

  function draw(): void {
    const frame = camera.frame()
    const { scale, left, bottom } = frame
    const radius = dotRadius(model.rows, camera.size.width, camera.zoom)
    picture.draw(
      dots,
      { scale: scale * ratio, left: left * ratio, bottom: bottom * ratio },
      radius * ratio,
    )
    overlay.draw({ places, frame, radius, looked, line })
  }

  function zoom(factor: number, spot: Spot | null): void {
    camera.zoomBy(factor, spot ?? camera.middle)
    redraw()
  }

  function whole(): void {
    camera.showAll(places)
    redraw()
  }

  function look(row: number | null): void {
    if (row === looked) return
    looked = row
    card.hidden = row === null || Number.isNaN(places.x[row]!)
    if (row !== null && !card.hidden) {
      const { scale, left, bottom } = camera.frame()
      const { width, height } = camera.size
      const x = places.x[row]! * scale + left
      const y = bottom - places.y[row]! * scale
      const isRight = x > width / 2
      card.replaceChildren(...cards.card(row))
      card.style.left = isRight ? 'auto' : `${x + 14}px`
      card.style.right = isRight ? `${width - x + 14}px` : 'auto'
      card.style.top = `${Math.max(4, Math.min(height - card.offsetHeight - 4, y - 20))}px`
    }
    redraw()
  }

  function rowAt(spot: Spot, reach: number): number | null {
    const { x, y } = camera.placeAt(spot)
    return hits.nearest(x, y, reach / camera.frame().scale, isShown)
  }

  listen(canvas, {
    move(dx, dy) {
      camera.moveBy(dx, dy)
      redraw()
    },
    zoom,
    whole,
    hover: (spot) => look(spot && rowAt(spot, REACH)),
    tell() {
      const row = rowAt(camera.middle, camera.size.width)
      look(row)
      panel.says.textContent = row === null ? 'No row is near.' : cards.sentence(row)
    },
    clear() {
      look(null)
      choose(null, '')
    },
    lasso: {
      wanted: () => lassoing,
      start(spot) {
        look(null)
        line = [camera.placeAt(spot)]
      },
      add(spot) {
        line?.push(camera.placeAt(spot))
        redraw()
      },
      end() {
        const around = line ?? []
        line = null
        if (around.length > 2) choose(rowsWithin(places, around, isInGroup), 'inside the line')
        redraw()
      },
      drop() {
        line = null
        redraw()
      },
    },
  })

  function fitStage(): void {
    ratio = Math.min(2, devicePixelRatio || 1)
    camera.fit(stage.clientWidth, stage.clientHeight)
    const { width, height } = camera.size
    const pixels = [width, height].map((length) => Math.max(1, Math.round(length * ratio)))
    picture.resize(pixels[0]!, pixels[1]!)
    overlay.resize(pixels[0]!, pixels[1]!, ratio)
  }

  figure.querySelector('.keys')?.classList.add('printed')
  stage.before(panel.legend, panel.controls)
  stage.after(panel.chosen, panel.says)
  panel.legendOf(colouring)
  fitStage()
  camera.showAll(places)
  draw()
  new ResizeObserver(() => {
    fitStage()
    draw()
  }).observe(stage)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint)
  new MutationObserver(paint).observe(document.documentElement, {
    attributeFilter: ['data-theme'],
  })
  performance.mark('nearmiss-map')
}
