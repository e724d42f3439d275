/** The code behind each figure: what a reader pastes into a notebook to get the same numbers. */

export interface Snippet {
  readonly data: 'report.json' | 'rows.parquet'
  /** One expression over `aq` (arquero), `report` and `rows`. */
  readonly code: string
}

/**
 * How `report`, `rows` and `figures` get into Node, shown once a page. What the copy button puts in:
 * the run's own address, and for Observable its way to import.
 */
export const LOADING = `import { readFile } from 'node:fs/promises'
import * as aq from 'arquero'
import { parquetReadObjects } from 'hyparquet'

const { op } = aq
const run = new URL('https://where.the.report.lies/')
const load = async (name) => {
  const url = new URL(name, run)
  if (url.protocol === 'file:') return new Uint8Array(await readFile(url)).buffer
  return (await fetch(url)).arrayBuffer()
}
const text = async (name) => new TextDecoder().decode(await load(name))
const report = JSON.parse(await text('report.json'))
const rows = aq.from(await parquetReadObjects({ file: await load('rows.parquet') }))
const figures = await import(\`data:text/javascript,\${encodeURIComponent(await text('figures.js'))}\`)`

export const SNIPPETS = {
  pairs: {
    data: 'report.json',
    code: `aq.from(report.confusion.pairs)
  .select('a', 'b', 'count', 'aAsB', 'bAsA', 'rate', 'gain')
  .slice(0, 20)`,
  },
  roc: {
    data: 'report.json',
    code: `aq.from(report.verification.roc.map(([far, tar, threshold]) => ({ far, tar, threshold })))
  .derive({ frr: (d) => 1 - d.tar })`,
  },
  pairHistogram: {
    data: 'report.json',
    code: `aq.table({
  from: report.verification.histogram.edges.slice(0, -1),
  same: report.verification.histogram.same,
  other: report.verification.histogram.other,
})`,
  },
  operatingPoints: {
    data: 'report.json',
    code: `aq.from(report.verification.operatingPoints)
  .select('far', 'threshold', 'tar', 'frr', 'falseAccepts', 'resolved')`,
  },
  labelIssues: {
    data: 'report.json',
    code: `aq.from(report.quality.labelIssues.rows)
  .select('id', 'label', 'suggested', 'votes', 'neighbors', 'timesAsFar', 'score')
  .orderby(aq.desc('score'))`,
  },
  slices: {
    data: 'report.json',
    code: `aq.from(report.slices.list)
  .filter((d) => d.difference !== null)
  .select('id', 'rows', 'errors', 'rate', 'restRate', 'adjustedP', 'explainedBy')`,
  },
  tradeOff: {
    data: 'report.json',
    code: `aq.from(report.tradeOff.variants)
  .select('title', 'bytesPerRow', 'hitAt1', 'mapAtR', 'keepsTarget')`,
  },
  map: {
    data: 'rows.parquet',
    code: `rows
  .select('id', 'label', 'x', 'y', 'correct')
  .orderby(aq.desc('correct'))`,
  },
  changes: {
    data: 'rows.parquet',
    code: `rows
  .filter((d) => d.correct_in_baseline !== null && d.correct_in_baseline !== d.correct)
  .select('id', 'label', 'nearest_label_in_baseline', 'nearest_label', 'correct')`,
  },
  drift: {
    data: 'report.json',
    code: `aq.from(report.drift.classes)
  .select('label', 'shift', 'noise', 'spreadRatio', 'ks', 'adjustedP', 'drifted')`,
  },
  classChanges: {
    data: 'rows.parquet',
    code: `rows
  .filter((d) => d.correct_in_baseline !== null)
  .groupby('label')
  .rollup({
    fixed: (d) => op.sum(!d.correct_in_baseline && d.correct),
    broken: (d) => op.sum(d.correct_in_baseline && !d.correct),
  })`,
  },
} as const satisfies Record<string, Snippet>

export type SnippetName = keyof typeof SNIPPETS
