/**
 * Dots written straight into the pixels of a canvas: a hundred thousand take a few milliseconds without
 * a graphics card, where drawing each as a circle would take a hundred times as long.
 */

/** From the map's places (0 to 1, y upwards) to pixels: x × scale + left, bottom − y × scale. */
export interface Frame {
  readonly scale: number
  readonly left: number
  readonly bottom: number
}

export interface Dots {
  readonly x: Float32Array
  readonly y: Float32Array
  /** Rows in the order of drawing: the last lies on top. */
  readonly order: Int32Array
  /** Colour of each row, as a place in `colours`. */
  readonly colourOf: Uint8Array
  /** `0xAABBGGRR`, as the pixels are kept. */
  readonly colours: Uint32Array
  readonly background: number
}

export interface Picture {
  draw(dots: Dots, frame: Frame, radius: number): void
  resize(width: number, height: number): void
}

export function openPicture(canvas: HTMLCanvasElement): Picture {
  const context = canvas.getContext('2d', { alpha: false })!
  let image = context.createImageData(1, 1)
  let pixels = new Uint32Array(image.data.buffer)
  return {
    resize(width, height) {
      canvas.width = width
      canvas.height = height
      image = context.createImageData(width, height)
      pixels = new Uint32Array(image.data.buffer)
    },
    draw(dots, frame, radius) {
      const { width, height } = image
      pixels.fill(dots.background)
      const { solid, soft, cover } = stamp(radius, width)
      const edge = Math.ceil(radius) + 1
      const { x, y, order, colourOf, colours } = dots
      const { scale, left, bottom } = frame
      for (const row of order) {
        const column = Math.round(x[row]! * scale + left)
        const line = Math.round(bottom - y[row]! * scale)
        // What isn't on the map is not a number, and fails this too.
        if (!(column >= edge && line >= edge && column < width - edge && line < height - edge)) {
          continue
        }
        const at = line * width + column
        const colour = colours[colourOf[row]!]!
        for (let spot = 0; spot < soft.length; spot++) {
          const to = at + soft[spot]!
          pixels[to] = mixed(pixels[to]!, colour, cover[spot]!)
        }
        for (let spot = 0; spot < solid.length; spot++) pixels[at + solid[spot]!] = colour
      }
      context.putImageData(image, 0, 0)
    },
  }
}

/** Two colours, red and blue together; `cover` of 256 is the second's part. */
function mixed(below: number, colour: number, cover: number): number {
  const rest = 256 - cover
  const outer = ((below & 0xff00ff) * rest + (colour & 0xff00ff) * cover) >>> 8
  const green = ((below & 0xff00) * rest + (colour & 0xff00) * cover) >>> 8
  return ((outer & 0xff00ff) | (green & 0xff00) | 0xff000000) >>> 0
}

interface Stamp {
  /** Offsets of the pixels that a dot covers, and of those that it covers in part. */
  readonly solid: Int32Array
  readonly soft: Int32Array
  /** Of 256, by place in `soft`. */
  readonly cover: Int32Array
}

function stamp(radius: number, width: number): Stamp {
  const solid: number[] = []
  const soft: number[] = []
  const cover: number[] = []
  const reach = Math.ceil(radius)
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const part = coverage(dx, dy, radius)
      if (part === 1) solid.push(dy * width + dx)
      else if (part > 0) {
        soft.push(dy * width + dx)
        cover.push(Math.round(256 * part))
      }
    }
  }
  return {
    solid: Int32Array.from(solid),
    soft: Int32Array.from(soft),
    cover: Int32Array.from(cover),
  }
}

/** Share of a pixel that lies in the circle, by 64 of its points. */
function coverage(dx: number, dy: number, radius: number): number {
  let inside = 0
  for (let at = 0; at < 64; at++) {
    const x = dx + ((at & 7) - 3.5) / 8
    const y = dy + ((at >> 3) - 3.5) / 8
    inside += Number(x * x + y * y <= radius * radius)
  }
  return inside / 64
}
