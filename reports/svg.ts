/** A Vega-Lite spec drawn as an SVG string that follows the page's theme and its strict policy. */

import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'

/**
 * Colours of charts by their role. A spec names a role's stand-in; in the SVG it becomes a class, so
 * that the page's stylesheet decides, in light and in dark.
 */
export const ROLES = [
  'ink',
  'muted',
  'line',
  'good',
  'bad',
  'plain',
  'first',
  'second',
  'paper',
  'heat1',
  'heat2',
  'heat3',
  'heat4',
  'heat5',
] as const

export type Role = (typeof ROLES)[number]

/** The stand-in colour of a role. */
export function colour(role: Role): string {
  return `#fe00${(ROLES.indexOf(role) + 16).toString(16)}`
}

const CONFIG: NonNullable<TopLevelSpec['config']> = {
  aria: false,
  background: 'transparent',
  padding: 2,
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    gridColor: colour('line'),
    labelColor: colour('muted'),
    labelFontSize: 11,
    labelLimit: 130,
    labelPadding: 6,
    titleColor: colour('muted'),
    titleFontSize: 11,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  text: { fontSize: 11, fill: colour('ink') },
}

/** Draws a spec; the same spec gives the same bytes. Labels in it may be any text. */
export async function drawChart(spec: TopLevelSpec): Promise<string> {
  const runtime = vega.parse(compile({ ...spec, config: CONFIG }).spec)
  const view = new vega.View(runtime, { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return themed(svg)
}

const DROPPED =
  / (?:role|class|aria-[a-z]+|pointer-events|font-family|opacity|version|xmlns(?::\w+)?)="[^"]*"/g
const COLOUR = / (fill|stroke)="#fe00([0-9a-f]{2})"/g

/** Vega's SVG with classes for colours, without what the page already says, and smaller. */
function themed(svg: string): string {
  return joined(
    svg
      .replace(/<path class="(?:background|foreground)"[^>]*\/>/g, '')
      .replace(/<[^/][^>]*>/g, (tag) => {
        const classes: string[] = tag.startsWith('<svg') ? ['chart'] : []
        const opacity = / opacity="(?!1")[^"]*"/.exec(tag)?.[0] ?? ''
        const bare = tag
          .replace(DROPPED, '')
          .replace(COLOUR, (_match, part: string, code: string) => {
            classes.push(`${part === 'fill' ? 'f' : 's'}-${ROLES[Number.parseInt(code, 16) - 16]}`)
            return ''
          })
        const extra = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`
        return bare.replace(/^<(\w+)/, (start) => `${start}${extra}${opacity}`)
      })
      .replace(/(\d)px"/g, '$1"')
      .replace(/<g>\s*<\/g>/g, ''),
  )
}

/** Neighbouring shapes that look alike become one path: a heatmap's cells weigh a third. */
function joined(svg: string): string {
  return svg.replace(/(?:<path [^>]*\/>){2,}/g, (run) => {
    const paths: { rest: string; d: string }[] = []
    for (const path of run.match(/<path [^>]*\/>/g) ?? []) {
      const d = / d="([^"]*)"/.exec(path)?.[1] ?? ''
      const rest = path.replace(/ d="[^"]*"/, '')
      const last = paths.find((entry) => entry.rest === rest && !rest.includes('transform'))
      if (last) last.d += d
      else paths.push({ rest, d })
    }
    return paths.map(({ rest, d }) => rest.replace(/\/>$/, ` d="${d}"/>`)).join('')
  })
}
