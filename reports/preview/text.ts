/** Text of the preview picture: its width, its lines, and whether its font has the characters. */

import { reportFile } from '../files/report-file.ts'

export type Weight = 'regular' | 'semibold'

let widths: Readonly<Record<Weight, ReadonlyMap<string, number>>> | undefined

/** Advances in thousandths of the size, by character. */
function advances(weight: Weight): ReadonlyMap<string, number> {
  widths ??= readWidths()
  return widths[weight]
}

function readWidths(): Readonly<Record<Weight, ReadonlyMap<string, number>>> {
  const told = JSON.parse(reportFile('fonts/inter-widths.json')) as Record<
    Weight,
    { characters: string; advances: number[] }
  >
  const byCharacter = (weight: Weight) =>
    new Map([...told[weight].characters].map((letter, at) => [letter, told[weight].advances[at]!]))
  return { regular: byCharacter('regular'), semibold: byCharacter('semibold') }
}

/** Whether the font can draw it; it has Latin, Greek and Cyrillic. */
export function isDrawable(text: string): boolean {
  return [...text].every((letter) => advances('regular').has(letter))
}

/** Width in pixels, without kerning, which only draws letters together. */
export function textWidth(text: string, size: number, weight: Weight): number {
  const of = advances(weight)
  return [...text].reduce((sum, letter) => sum + (of.get(letter) ?? 1000), 0) * (size / 1000)
}

/** The text, cut where it is wider. */
export function fitted(text: string, size: number, weight: Weight, width: number): string {
  const of = advances(weight)
  const room = width / (size / 1000)
  const end = of.get('…') ?? 1000
  let sum = 0
  let kept = ''
  for (const letter of text) {
    sum += of.get(letter) ?? 1000
    // Of a text of a million letters only what is shown is looked at.
    if (sum > room) return `${kept.trimEnd()}…`
    if (sum + end <= room) kept += letter
  }
  return text
}

/** Lines of at most that width, broken at spaces; a word that is wider alone is cut. */
export function wrapped(text: string, size: number, weight: Weight, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    const longer = last === undefined ? word : `${last} ${word}`
    if (last !== undefined && textWidth(longer, size, weight) <= width)
      lines[lines.length - 1] = longer
    else lines.push(fitted(word, size, weight, width))
  }
  return lines
}
