/** `docs/metrics.md`: the page on which every figure and table is defined, made from their records. */

import type { Family, FigureDefinition, TableDefinition } from '../core/definition.ts'
import { BETWEEN_RUNS } from '../history/change-tables.ts'
import { FAMILIES } from '../metrics/registry.ts'
import { MAPS } from '../projection/map-table.ts'

/** Every family of the report, those of other stages included; one line adds one. */
export const REFERENCE: readonly Family[] = [...FAMILIES, MAPS, BETWEEN_RUNS]

const INTRODUCTION = `# Metrics

Every figure and table of a report: what it means, where its definition comes from, and what other tools call it. \`npm run docs\` writes this page from the records that compute the figures, and [schema/report.schema.json](schema/report.schema.json) beside it, by which a program can check a report.

A figure in \`report.json\` is \`metrics.<id>\`:

| field | says |
| --- | --- |
| \`value\` | the figure; null where it can't be computed, and \`note\` says why |
| \`interval\` | 95 %: where it would lie if other rows had been drawn, see below |
| \`exactness\` | \`exact\`; \`bounded\`: the true value lies between the two \`bounds\` for sure; \`sampled\`: of a seeded sample; \`truncated\`: of the neighbours that are kept |
| \`chance\` | what random neighbours reach with these classes |
| \`ceiling\` | what a perfect model reaches with these classes: every row finds all of its class first |
| \`ties\` | the least and the most that it can be in other orders of the rows at one distance, see below |
| \`macro\` | the mean of the classes' means |

A table stands at the path that is told with it. A row's neighbours never include the row itself.

**Intervals** speak of which rows were drawn, given the neighbours that they have: Wilson's for shares of rows; for means the normal one moved by the skewness (Johnson, 1978), to which a bias-corrected bootstrap (BCa) tends; for medians that of the order statistics (Conover, 1999); for the areas under a curve DeLong's on the logit scale (1988). Where rows come in groups (bursts, patients), or the manifest says \`intervals: {cluster: class}\`, the rows of one count together: their sums are what was drawn, with Student's t for their number (\`intervals\` says how many there are). No interval is drawn by chance. A macro average has one (\`macroInterval\`, over the classes) from 20 classes on.

**Ties.** Of rows at one distance (their doubles are equal) the lower row comes first. Where that decides anything, the figure has \`ties\`, and its interval spans those of both ends. Each row's ties are taken for themselves: its matches come first among their equals for the one end, and last for the other, so both ends are exact for each row. Without \`ties\` no order changes the value. Which rows are hubs depends on the order too, and has no such range.
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
