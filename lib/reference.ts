/** `docs/metrics.md`: the page on which every figure and table is defined, made from their records. */

import type { Family, FigureDefinition, TableDefinition } from './core/definition.ts'
import { BETWEEN_RUNS } from './history/change-tables.ts'
import { FAMILIES } from './metrics/registry.ts'
import { MAPS } from './projection/map-table.ts'

/** Every family of the report, those of other stages included; one line adds one. */
export const REFERENCE: readonly Family[] = [...FAMILIES, MAPS, BETWEEN_RUNS]

const INTRODUCTION = `# Metrics

Every figure and table of a report: what it means, where its definition comes from, and what other tools call it. \`npm run docs\` writes this page from the records that compute the figures, and [schema/report.schema.json](schema/report.schema.json) beside it, by which a program can check a report.

A figure in \`report.json\` is \`metrics.<id>\`, with its \`value\` (null where it can't be computed; \`note\` says why), a 95 % \`interval\`, its \`exactness\`, its level by \`chance\`, what a perfect model reaches with these classes (\`ceiling\`: every row finds all of its class first), and the mean of the classes' means (\`macro\`). An interval speaks of which rows were drawn, given the neighbours that they have: Wilson's for shares of rows; for means the normal one moved by the skewness (Johnson, 1978), to which a bias-corrected bootstrap (BCa) tends; for medians that of the order statistics (Conover, 1999); for the areas under a curve DeLong's on the logit scale (1988). Where rows come in groups (bursts, patients), or the manifest says \`intervals: {cluster: class}\`, the rows of one count together: their sums are what was drawn, with Student's t for their number (\`intervals\` says how many there are). None of them is drawn by chance, and a macro average has one (\`macroInterval\`, over the classes) from 20 classes on. A table stands at the path that is told with it. A row's neighbours never include the row itself; ties go to the lower row. Where that decides anything, the figure has \`ties\`: the least and the most that it can be in other orders of the rows at one distance (distances are equal where their doubles are). Both ends are exact for each row, whose ties are taken for themselves: its matches come first among their equals for the one, and last for the other. The interval then spans those of both ends. Without \`ties\` no order changes the value. Which rows are hubs depends on that order too, and has no such range.
`

const UNITS = {
  share: 'share, 0 to 1',
  distance: 'in units of the distance',
  count: 'count',
  number: 'number',
} as const

/** The page as Markdown. */
export function referencePage(families: readonly Family[]): string {
  return [INTRODUCTION, contents(families), ...families.map(chapter)].join('\n')
}

function contents(families: readonly Family[]): string {
  const entries = families.map(({ title, metrics, tables }) => {
    const names = [...metrics, ...tables].map(({ id }) => `\`${id}\``)
    return `- [${title}](#${title.toLowerCase().replaceAll(' ', '-')}): ${names.join(', ')}`
  })
  return `${entries.join('\n')}\n`
}

function chapter({ title, about, metrics, tables }: Family): string {
  return [`## ${title}\n\n${about}\n`, ...metrics.map(figure), ...tables.map(table)].join('\n')
}

function figure({ id, title, unit, better, ...words }: FigureDefinition): string {
  const direction = better === 'neither' ? 'neither direction is better' : `${better} is better`
  return `### ${title}\n\n\`${id}\` · ${UNITS[unit]} · ${direction}\n\n${told(words)}`
}

function table({ title, path, columns, ...words }: TableDefinition): string {
  const rows = columns.map(
    ({ name, unit, definition }) => `| \`${name}\` | ${unit} | ${cell(definition)} |`,
  )
  return `### ${title}\n\n\`${path}\` in \`report.json\`\n\n${told(words)}\n| column | unit | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}

function told(words: Pick<FigureDefinition, 'definition' | 'source' | 'elsewhere'>): string {
  const elsewhere = words.elsewhere === undefined ? '' : `\n\nElsewhere: ${words.elsewhere}`
  return `${words.definition}${elsewhere}\n\nSource: ${words.source}\n`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
