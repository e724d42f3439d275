/** What a reader does to the map: by mouse, by one finger or two, by wheel and by keys. */

import type { Spot } from './map-camera.ts'

const STEP = 60
const ZOOM_STEP = 1.5
/** How far a finger may slip in a tap, in pixels. */
const SLIP = 8

export interface Gestures {
  readonly move: (dx: number, dy: number) => void
  readonly zoom: (factor: number, spot: Spot | null) => void
  readonly whole: () => void
  /** The pointer is over a spot; null: over none. */
  readonly hover: (spot: Spot | null) => void
  /** Tells the row in the middle. */
  readonly tell: () => void
  readonly clear: () => void
  /** A line around rows: it starts, goes on, and ends or is given up. */
  readonly lasso: {
    readonly wanted: () => boolean
    readonly start: (spot: Spot) => void
    readonly add: (spot: Spot) => void
    readonly end: () => void
    readonly drop: () => void
  }
}

export function listen(canvas: HTMLCanvasElement, gestures: Gestures): void {
  const { lasso } = gestures
  /** Fingers and buttons that are down, where they were last. */
  const held = new Map<number, Spot>()
  let lassoing = false
  let slipped = 0
  const spotOf = (event: MouseEvent): Spot => {
    const { left, top } = canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  canvas.addEventListener('pointerdown', (event) => {
    const spot = spotOf(event)
    canvas.setPointerCapture(event.pointerId)
    held.set(event.pointerId, spot)
    slipped = 0
    if (held.size > 1) {
      // A second finger zooms.
      if (lassoing) lasso.drop()
      lassoing = false
    } else if (lasso.wanted() || event.shiftKey) {
      lassoing = true
      lasso.start(spot)
    }
  })
  canvas.addEventListener('pointermove', (event) => {
    const spot = spotOf(event)
    const last = held.get(event.pointerId)
    if (last === undefined) {
      gestures.hover(spot)
      return
    }
    held.set(event.pointerId, spot)
    slipped += Math.hypot(spot.x - last.x, spot.y - last.y)
    if (lassoing) {
      lasso.add(spot)
      return
    }
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1]
    if (slipped > SLIP || other) gestures.hover(null)
    if (other === undefined) {
      gestures.move(last.x - spot.x, last.y - spot.y)
      return
    }
    const apart = (one: Spot) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))
    gestures.move((last.x - spot.x) / 2, (last.y - spot.y) / 2)
    gestures.zoom(apart(spot) / apart(last), {
      x: (spot.x + other.x) / 2,
      y: (spot.y + other.y) / 2,
    })
  })
  const release = (event: PointerEvent) => {
    held.delete(event.pointerId)
    if (lassoing) lasso.end()
    lassoing = false
  }
  canvas.addEventListener('pointerup', (event) => {
    const isTap = held.size === 1 && !lassoing && slipped <= SLIP
    release(event)
    // A finger has no place of its own before it touches.
    if (isTap && event.pointerType !== 'mouse') gestures.hover(spotOf(event))
  })
  canvas.addEventListener('pointercancel', (event) => {
    if (lassoing) lasso.drop()
    lassoing = false
    release(event)
  })
  canvas.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') gestures.hover(null)
  })
  canvas.addEventListener(
    'wheel',
    (event) => {
      // The page scrolls on until the map is turned to.
      if (!event.ctrlKey && document.activeElement !== canvas) return
      event.preventDefault()
      const factor = Math.exp(-event.deltaY / (event.deltaMode === 0 ? 300 : 10))
      gestures.zoom(factor, spotOf(event))
    },
    { passive: false },
  )
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => gestures.move(-STEP, 0),
    ArrowRight: () => gestures.move(STEP, 0),
    ArrowUp: () => gestures.move(0, -STEP),
    ArrowDown: () => gestures.move(0, STEP),
    '+': () => gestures.zoom(ZOOM_STEP, null),
    '=': () => gestures.zoom(ZOOM_STEP, null),
    '-': () => gestures.zoom(1 / ZOOM_STEP, null),
    '0': gestures.whole,
    Enter: gestures.tell,
    Escape: gestures.clear,
  }
  canvas.addEventListener('keydown', (event) => {
    const act = keys[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  })
}
