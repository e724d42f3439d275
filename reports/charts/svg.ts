/** A Vega-Lite spec drawn as an SVG string that follows the page's theme and its strict policy. */

import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { CONFIG, ROLES } from '../theme/vega.ts'

export { colour, PERCENT, type Role } from '../theme/vega.ts'

/**
 * Vega has no canvas here and takes a letter for 0.8 em, which leaves wide gaps: the page's fonts run at
 * 0.56 em, and at 1 em in scripts that fill the square.
 */
function letterWidths(item: { readonly fontSize?: number }, text: string): number {
  let ems = 0
  for (const letter of text) ems += letter < '\u2e80' ? 0.56 : 1
  return ems * (item.fontSize ?? 11)
}

Object.assign((vega as unknown as { textMetrics: object }).textMetrics, { width: letterWidths })

/** Only what stops it: a height that follows from its rows is told of as a warning each time. */
const QUIET = vega.logger(vega.Error)

/** Axes and all: charts side by side have one width, and so one size of letters. */
const WIDTH = 380

/**
 * Draws a spec; the same spec gives the same bytes. Labels in it may be any text. Its width is the
 * page's for every chart, unless it keeps its own.
 */
export async function drawChart(
  spec: TopLevelSpec,
  options: { readonly ownWidth?: boolean } = {},
): Promise<string> {
  const fitted = options.ownWidth
    ? spec
    : { ...spec, width: WIDTH, autosize: { type: 'fit-x' as const, contains: 'padding' as const } }
  const { spec: compiled } = compile({ ...fitted, config: CONFIG } as TopLevelSpec, {
    logger: QUIET,
  })
  const runtime = vega.parse(compiled)
  const view = new vega.View(runtime, { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return unwrapped(hoisted(joined(svg.replace(BACKGROUND, '').replace(/<[^/][^>]*>/g, themed))))
}

const BACKGROUND =
  /<path class="(?:background|foreground)"[^>]*?(?: display="none"| d="M0,0h0v0h0Z"[^>]*)\/>|<path class="background" aria-hidden="true" d="[^"]*"\/>/g
const DROPPED =
  / (?:role|class|aria-[a-z]+|pointer-events|font-family|version|xmlns(?::\w+)?|opacity="1|[xy]2="0)(?:="[^"]*)?"/g
const COLOUR = / (fill|stroke)="#fe00([0-9a-f]{2})"/g
const CIRCLE = /^<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="M([\d.]+),0A[^"]*"(.*)\/>$/

/** One of Vega's tags with classes for colours, short numbers, and without what the page says already. */
function themed(tag: string): string {
  const classes: string[] = tag.startsWith('<svg') ? ['chart'] : []
  const bare = tag
    .replace(DROPPED, '')
    .replace(COLOUR, (_match, part: string, code: string) => {
      classes.push(`${part === 'fill' ? 'f' : 's'}-${ROLES[Number.parseInt(code, 16) - 16]}`)
      return ''
    })
    .replace(/(\d)px"/g, '$1"')
    // A filled shape closes by itself.
    .replace(/(v[\d.]+h-[\d.]+)Z"/g, '$1"')
    .replace(/\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))))
    .replace(CIRCLE, '<circle cx="$1" cy="$2" r="$3"$4/>')
    .replace(/^(<text.*) transform="translate\(([-\d.]+),([-\d.]+)\)"/, '$1 x="$2" y="$3"')
  return classes.length === 0 ? bare : bare.replace(/^<\w+/, `$& class="${classes.join(' ')}"`)
}

/** Neighbouring shapes that look alike become one path: a heatmap's cells weigh a third. */
function joined(svg: string): string {
  return svg.replace(/(?:<path [^>]*\/>){2,}/g, (run) => {
    const shapes = new Map<string, string>()
    for (const path of run.match(/<path [^>]*\/>/g) ?? []) {
      const d = / d="([^"]*)"/.exec(path)?.[1] ?? ''
      const rest = path.replace(/ d="[^"]*"/, '')
      const key = rest.includes('transform') ? `${rest}${shapes.size}` : rest
      shapes.set(key, (shapes.get(key) ?? '') + d)
    }
    return [...shapes].map(([key, d]) => key.replace(/\/>\d*$/, ` d="${d}"/>`)).join('')
  })
}

const PLACE = / (?:transform|x|y|x2|y2|cx|cy|r)="[^"]*"/g

const MARK = /<(\w+)([^>]*?)\/?>(?:[^<]*<\/\1>)?/g
/** Fewer marks than this cost more with a group around them. */
const LEAST_ALIKE = 3

/** What neighbouring marks have in common is said once, on a group around them. */
function hoisted(svg: string): string {
  return svg.replace(/(?:<(text|line|circle) [^>]*>(?:[^<]*<\/\1>)?){3,}/g, (run) => {
    const groups: { readonly common: string; readonly marks: string[] }[] = []
    for (const [mark, , attributes = ''] of run.matchAll(MARK)) {
      const common = attributes.replace(PLACE, '')
      const last = groups.at(-1)
      if (last?.common === common) last.marks.push(mark)
      else groups.push({ common, marks: [mark] })
    }
    return groups.map(grouped).join('')
  })
}

function grouped({ common, marks }: { readonly common: string; readonly marks: string[] }): string {
  if (common === '' || marks.length < LEAST_ALIKE) return marks.join('')
  const placed = marks.map((mark) =>
    mark.replace(
      /^<(\w+)([^>]*?)(\/?)>/,
      (_tag, name: string, attributes: string, end: string) =>
        `<${name}${(attributes.match(PLACE) ?? []).join('')}${end}>`,
    ),
  )
  return `<g${common}>${placed.join('')}</g>`
}

/** Groups that say nothing of what they hold, and what is so anyway. */
function unwrapped(svg: string): string {
  const kept: boolean[] = []
  return svg
    .replaceAll(' font-weight="normal"', '')
    .replaceAll(' transform="translate(0,0)"', '')
    .replace(/<(\/?)g((?: [^>]*)?)>/g, (tag, end: string, attributes: string) => {
      if (end !== '') return kept.pop() ? tag : ''
      kept.push(attributes !== '')
      return attributes === '' ? '' : tag
    })
}
