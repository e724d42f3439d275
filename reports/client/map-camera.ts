/** Which part of the map is seen, and where its places lie in the window. */

import type { Places } from './map-model.ts'
import type { Frame } from './map-picture.ts'

const EDGE = 14
const LEAST_ZOOM = 0.5
const MOST_ZOOM = 200

export interface Spot {
  readonly x: number
  readonly y: number
}

/** Spots are pixels of the window; places run from 0 to 1, y upwards. */
export interface Camera {
  readonly zoom: number
  readonly size: { readonly width: number; readonly height: number }
  readonly middle: Spot
  frame(): Frame
  placeAt(spot: Spot): Spot
  fit(width: number, height: number): void
  /** Everything that is on the map. */
  showAll(places: Places): void
  moveBy(dx: number, dy: number): void
  /** Keeps what lies at a spot where it is. */
  zoomBy(factor: number, spot: Spot): void
}

export function openCamera(): Camera {
  let zoom = 1
  let centre = { x: 0.5, y: 0.5 }
  let size = { width: 1, height: 1 }
  const camera: Camera = {
    get zoom() {
      return zoom
    },
    get size() {
      return size
    },
    get middle() {
      return { x: size.width / 2, y: size.height / 2 }
    },
    frame() {
      const scale = (Math.min(size.width, size.height) - 2 * EDGE) * zoom
      return {
        scale,
        left: size.width / 2 - centre.x * scale,
        bottom: size.height / 2 + centre.y * scale,
      }
    },
    placeAt({ x, y }) {
      const { scale, left, bottom } = camera.frame()
      return { x: (x - left) / scale, y: (bottom - y) / scale }
    },
    fit(width, height) {
      size = { width, height }
    },
    showAll(places) {
      const across = rangeOf(places.x)
      const along = rangeOf(places.y)
      centre = { x: (across.low + across.high) / 2, y: (along.low + along.high) / 2 }
      const side = Math.min(size.width, size.height) - 2 * EDGE
      const fits = Math.min(
        (size.width - 2 * EDGE) / (side * Math.max(across.high - across.low, 1e-6)),
        (size.height - 2 * EDGE) / (side * Math.max(along.high - along.low, 1e-6)),
      )
      zoom = Math.min(MOST_ZOOM, Math.max(1, fits))
    },
    moveBy(dx, dy) {
      const { scale } = camera.frame()
      centre = { x: centre.x + dx / scale, y: centre.y - dy / scale }
    },
    zoomBy(factor, spot) {
      const before = camera.placeAt(spot)
      zoom = Math.max(LEAST_ZOOM, Math.min(MOST_ZOOM, zoom * factor))
      const after = camera.placeAt(spot)
      centre = { x: centre.x + before.x - after.x, y: centre.y + before.y - after.y }
    },
  }
  return camera
}

function rangeOf(values: Float32Array): { low: number; high: number } {
  let low = 1
  let high = 0
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}
