/** The rows as dots: in which colour each is drawn, and what lies on top. */

import { element } from './element.ts'
import type { Colouring, Places } from './map-model.ts'
import type { Dots } from './map-picture.ts'

const FAINT = '--dot-faint'
const BACKGROUND = '--raised'

/** Rows by group, the background first; what isn't shown lies faintly under everything. */
export function dotsOf(
  { x, y }: Places,
  colouring: Colouring,
  isShown: (row: number) => boolean,
  colourOf: (variable: string) => number,
): Dots {
  const colours = [...colouring.groups.map(({ colour }) => colour), FAINT].map(colourOf)
  const faint = colours.length - 1
  const groupOf = new Uint8Array(x.length)
  const counts = new Int32Array(colours.length + 1)
  const layerOf = (group: number) => (group === faint ? 0 : group + 1)
  for (let row = 0; row < x.length; row++) {
    const group = isShown(row) ? colouring.groupOf[row]! : faint
    groupOf[row] = group
    counts[layerOf(group) + 1]!++
  }
  for (let layer = 0; layer < colours.length; layer++) counts[layer + 1]! += counts[layer]!
  const order = new Int32Array(x.length)
  for (let row = 0; row < x.length; row++) order[counts[layerOf(groupOf[row]!)]!++] = row
  const background = colourOf(BACKGROUND)
  return { x, y, order, colourOf: groupOf, colours: Uint32Array.from(colours), background }
}

/** Reads a variable of the theme as `0xAABBGGRR`, the way an element has it now. */
export function colourReader(within: HTMLElement): (variable: string) => number {
  const probe = element('canvas').getContext('2d', { willReadFrequently: true })!
  return (variable) => {
    within.style.color = `var(${variable})`
    probe.fillStyle = getComputedStyle(within).color
    within.style.color = ''
    probe.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data
    return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
  }
}

/** In pixels of the page: smaller where there are many rows, or little room. */
export function dotRadius(rows: number, width: number, zoom: number): number {
  const usual = rows > 50_000 ? 1.1 : rows > 10_000 ? 1.5 : rows > 2000 ? 2.2 : 3
  const room = Math.min(1, Math.max(0.6, width / 640))
  return Math.min(6, usual * room * zoom ** 0.3)
}
