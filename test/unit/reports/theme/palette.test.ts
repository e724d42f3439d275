/** The palette of charts: told apart by colour-blind readers, and seen on the page, in light and in dark. */

import { describe, expect, it } from 'vitest'
import { reportFile } from '../../../../reports/files/report-file.ts'

type Colour = readonly [red: number, green: number, blue: number]

/** Full dichromacy on linear RGB: Machado, Oliveira, Fernandes (2009), severity 1. */
const VISION: Readonly<Record<string, readonly Colour[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}
const MARKS = ['plain', 'first', 'second', 'third', 'fourth', 'bad']
const PAPER = token('--paper')
const style = MARKS.map((role) => [role, token(`--c-${role}`)] as const)

/** Both values of a token, light first. */
function token(name: string): readonly [light: Colour, dark: Colour] {
  const text = reportFile('theme/base.css') + reportFile('theme/charts.css')
  const found = new RegExp(`${name}: light-dark\\(#(\\w{6}), #(\\w{6})\\)`).exec(text)
  if (!found) throw new Error(`no ${name}`)
  return [linear(found[1]!), linear(found[2]!)]
}

function linear(hex: string): Colour {
  const channel = (start: number) => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(0), channel(2), channel(4)]
}

const product = (matrix: readonly Colour[], [x, y, z]: Colour) =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Colour

/** CIE 1976 L*a*b*, D65. */
function lab(colour: Colour): Colour {
  const toXyz: readonly Colour[] = [
    [0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047],
    [0.2126, 0.7152, 0.0722],
    [0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883],
  ]
  const clipped = colour.map((value) => Math.min(1, Math.max(0, value))) as unknown as Colour
  const [x, y, z] = product(toXyz, clipped).map((value) =>
    value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116,
  ) as unknown as Colour
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function contrast(a: Colour, b: Colour): number {
  const luminance = ([red, green, blue]: Colour) => 0.2126 * red + 0.7152 * green + 0.0722 * blue
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the palette in %s', (_mode, mode) => {
  it.each(Object.keys(VISION))('keeps every two marks apart under %s', (vision) => {
    for (const [place, [role, colours]] of style.entries()) {
      for (const [other, others] of style.slice(0, place)) {
        const [a, b] = [colours[mode]!, others[mode]!].map((colour) =>
          lab(product(VISION[vision]!, colour)),
        ) as [Colour, Colour]
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
        // A just noticeable difference is about 2.3.
        expect(distance, `${role} and ${other}`).toBeGreaterThan(14)
      }
    }
  })

  it('gives every mark but the context’s a contrast of 3 to the page', () => {
    for (const [role, colours] of style) {
      const least = role === 'plain' ? 2 : 3
      expect(contrast(colours[mode]!, PAPER[mode]!), role).toBeGreaterThan(least)
    }
  })
})
