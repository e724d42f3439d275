/** The theme of charts: their colours by role, and how Vega-Lite draws axes, marks and letters. */

import type { TopLevelSpec } from 'vega-lite'

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
  'raised',
  'heat1',
  'heat2',
  'heat3',
  'heat4',
  'heat5',
  'third',
  'fourth',
] as const

export type Role = (typeof ROLES)[number]

/** The stand-in colour of a role. */
export function colour(role: Role): string {
  return `#fe00${(ROLES.indexOf(role) + 16).toString(16)}`
}

/** An axis label for shares, written as in the text. */
export const PERCENT = "format(datum.value * 100, '.3~g') + '\u00a0%'"

/** The one look of all charts. */
export const CONFIG: NonNullable<TopLevelSpec['config']> = {
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
  // A label this near to the chart's edge ends at its tick, so that nothing is cut off.
  axisXQuantitative: { labelFlush: 12 },
  text: { fontSize: 11, fill: colour('ink') },
  line: { strokeWidth: 2, stroke: colour('first') },
  point: { filled: true, size: 44, opacity: 1, fill: colour('first') },
  bar: { fill: colour('first') },
  rule: { stroke: colour('muted') },
  legend: { disable: true },
  range: {
    category: (['first', 'second', 'third', 'fourth', 'plain'] as const).map(colour),
    heatmap: (['heat1', 'heat2', 'heat3', 'heat4', 'heat5'] as const).map(colour),
  },
}

/** The roles' colours on light paper, as the stylesheet has them: for charts outside of the page. */
export const PALETTE: Readonly<Record<Role, string>> = {
  ink: '#16191d',
  muted: '#5d646d',
  line: '#e0e0da',
  good: '#1768b3',
  bad: '#d24e14',
  plain: '#a7adb3',
  first: '#1768b3',
  second: '#8a2b70',
  paper: '#fdfdfb',
  raised: '#f4f4f0',
  heat1: '#fbe3d3',
  heat2: '#f5bd98',
  heat3: '#ea8f58',
  heat4: '#cc5a20',
  heat5: '#8f3208',
  third: '#1f5a45',
  fourth: '#5e4a10',
}

/** A spec with its colours and its look, as a notebook draws it. */
export function themed(spec: TopLevelSpec): TopLevelSpec {
  const coloured = JSON.stringify({ ...spec, config: CONFIG }).replace(
    /#fe00([0-9a-f]{2})/g,
    (_match, code: string) => PALETTE[ROLES[Number.parseInt(code, 16) - 16]!],
  )
  return JSON.parse(coloured) as TopLevelSpec
}
