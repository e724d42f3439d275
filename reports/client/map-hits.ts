/** Which rows lie where: the one under the pointer, and those within a lasso. */

import type { Spot } from './map-camera.ts'
import type { Places } from './map-model.ts'

const CELLS = 128

export interface Hits {
  /** The row nearest to a place within a distance, both in the map's unit; null without one. */
  nearest(x: number, y: number, within: number, wanted: (row: number) => boolean): number | null
}

/** Rows sorted by the cell of a grid that they lie in. */
export function openHits({ x, y }: Places): Hits {
  const cellOf = (row: number) =>
    Math.min(CELLS - 1, Math.floor(y[row]! * CELLS)) * CELLS +
    Math.min(CELLS - 1, Math.floor(x[row]! * CELLS))
  const starts = new Int32Array(CELLS * CELLS + 1)
  for (let row = 0; row < x.length; row++) {
    if (!Number.isNaN(x[row]!)) starts[cellOf(row) + 1]!++
  }
  for (let cell = 0; cell < CELLS * CELLS; cell++) starts[cell + 1]! += starts[cell]!
  const next = starts.slice()
  const sorted = new Int32Array(starts[CELLS * CELLS]!)
  for (let row = 0; row < x.length; row++) {
    if (!Number.isNaN(x[row]!)) sorted[next[cellOf(row)]!++] = row
  }
  const bound = (value: number) => Math.max(0, Math.min(CELLS - 1, Math.floor(value * CELLS)))
  return {
    nearest(px, py, within, wanted) {
      let best: number | null = null
      let least = within * within
      for (let line = bound(py - within); line <= bound(py + within); line++) {
        const from = starts[line * CELLS + bound(px - within)]!
        const to = starts[line * CELLS + bound(px + within) + 1]!
        for (let at = from; at < to; at++) {
          const row = sorted[at]!
          const apart = (x[row]! - px) ** 2 + (y[row]! - py) ** 2
          if (apart > least || !wanted(row)) continue
          least = apart
          best = row
        }
      }
      return best
    },
  }
}

/** Rows inside a closed line (even-odd), in row order. */
export function rowsWithin(
  { x, y }: Places,
  line: readonly Spot[],
  wanted: (row: number) => boolean,
): number[] {
  const xs = line.map(({ x: px }) => px)
  const ys = line.map(({ y: py }) => py)
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)]
  const found: number[] = []
  for (let row = 0; row < x.length; row++) {
    const px = x[row]!
    const py = y[row]!
    if (!(px >= left && px <= right && py >= bottom && py <= top) || !wanted(row)) continue
    let inside = false
    for (let at = 0, last = line.length - 1; at < line.length; last = at++) {
      const crosses = ys[at]! > py !== ys[last]! > py
      if (
        crosses &&
        px < ((xs[last]! - xs[at]!) * (py - ys[at]!)) / (ys[last]! - ys[at]!) + xs[at]!
      ) {
        inside = !inside
      }
    }
    if (inside) found.push(row)
  }
  return found
}
