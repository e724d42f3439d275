/** What is drawn over the dots: names of classes, the row that is looked at, and the lasso. */

import { element } from './element.ts'
import type { Spot } from './map-camera.ts'
import type { Model, Places } from './map-model.ts'
import type { Frame } from './map-picture.ts'

/** Where classes are few, each name stands amid its rows. */
const NAMED_CLASSES = 12
const NAME_LETTERS = 22

export interface Over {
  readonly places: Places
  readonly frame: Frame
  /** Of a dot. */
  readonly radius: number
  readonly looked: number | null
  /** The lasso so far, in places. */
  readonly line: readonly Spot[] | null
}

export interface Overlay {
  readonly canvas: HTMLCanvasElement
  resize(width: number, height: number, ratio: number): void
  draw(over: Over): void
}

export function openOverlay(model: Model): Overlay {
  const canvas = element('canvas', { class: 'map-overlay', 'aria-hidden': 'true' })
  const ink = canvas.getContext('2d')!
  const { classes } = model.data
  const middles = new Map<Places, readonly (Spot | null)[]>()
  let ratio = 1
  return {
    canvas,
    resize(width, height, pixelRatio) {
      canvas.width = width
      canvas.height = height
      ratio = pixelRatio
    },
    draw({ places, frame: { scale, left, bottom }, radius, looked, line }) {
      const { color, backgroundColor, fontFamily } = getComputedStyle(canvas.parentElement!)
      const at = ({ x, y }: Spot) => [x * scale + left, bottom - y * scale] as const
      ink.setTransform(ratio, 0, 0, ratio, 0, 0)
      ink.clearRect(0, 0, canvas.width, canvas.height)
      ink.fillStyle = color
      if (classes.length <= NAMED_CLASSES) {
        ink.font = `600 12px ${fontFamily}`
        ink.textAlign = 'center'
        ink.lineWidth = 3
        ink.strokeStyle = backgroundColor
        if (!middles.has(places)) middles.set(places, middlesOf(model, places))
        for (const [code, middle] of middles.get(places)!.entries()) {
          if (middle === null) continue
          const name = classes[code] ?? ''
          const text = name.length > NAME_LETTERS ? `${name.slice(0, NAME_LETTERS - 1)}…` : name
          ink.strokeText(text, ...at(middle))
          ink.fillText(text, ...at(middle))
        }
      }
      ink.strokeStyle = color
      if (looked !== null && !Number.isNaN(places.x[looked]!)) {
        ink.lineWidth = 2
        const place = at(rowAt(places, looked))
        if (places.before && !Number.isNaN(places.before.x[looked]!)) {
          // Where the baseline had it: a square, with a dashed line from there.
          const [x, y] = at(rowAt(places.before, looked))
          ink.setLineDash([4, 3])
          ink.beginPath()
          ink.moveTo(x, y)
          ink.lineTo(...place)
          ink.stroke()
          ink.setLineDash([])
          ink.strokeRect(x - 4, y - 4, 8, 8)
        }
        ink.beginPath()
        ink.arc(...place, radius + 4, 0, 7)
        ink.stroke()
      }
      if (line !== null && line.length > 1) {
        ink.lineWidth = 1.5
        ink.beginPath()
        for (const spot of line) ink.lineTo(...at(spot))
        ink.stroke()
      }
    },
  }
}

function rowAt({ x, y }: Pick<Places, 'x' | 'y'>, row: number): Spot {
  return { x: x[row]!, y: y[row]! }
}

/** The median place of each class's rows. */
function middlesOf({ data, label }: Model, { x, y }: Places): (Spot | null)[] {
  return data.classes.map((_, code) => {
    const rows = [...label.keys()].filter((row) => label[row] === code && !Number.isNaN(x[row]!))
    const median = (values: Float32Array) => {
      const sorted = rows.map((row) => values[row]!).sort((a, b) => a - b)
      return sorted[sorted.length >> 1] ?? Number.NaN
    }
    return rows.length === 0 ? null : { x: median(x), y: median(y) }
  })
}
