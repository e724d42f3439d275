/** The code behind each figure: what a reader pastes into a notebook to get the same numbers. */

export interface Snippet {
  readonly data: 'report.json' | 'rows.parquet'
  /** One expression over `aq` (arquero), `report` and `rows`. */
  readonly code: string
}

/** How `report` and `rows` get into a notebook; shown once a page. */
export const LOADING = `import * as aq from 'arquero'
import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet'

const { op } = aq
const report = await (await fetch('report.json')).json()
const file = await asyncBufferFromUrl({ url: 'rows.parquet' })
const rows = aq.from(await parquetReadObjects({ file }))`

export const SNIPPETS = {
  pairs: {
    data: 'report.json',
    code: `aq.from(report.confusion.pairs)
  .select('a', 'b', 'count', 'aAsB', 'bAsA', 'rate', 'gain')
  .slice(0, 20)`,
  },
  heatmap: {
    data: 'report.json',
    code: `aq.from(report.confusion.counts.map(([actual, predicted, count]) =>
  ({ actual, predicted, count })))
  .filter((d) => d.actual !== d.predicted)`,
  },
  concentration: {
    data: 'report.json',
    code: `aq.from(report.confusion.pairs)
  .derive({ held: aq.rolling((d) => op.sum(d.count)) })
  .derive({ share: (d) => d.held / op.sum(d.count) })`,
  },
  margins: {
    data: 'rows.parquet',
    code: `rows
  .derive({ bin: aq.bin('prediction_margin', { maxbins: 40 }) })
  .groupby('bin', 'correct')
  .count()
  .orderby('bin')`,
  },
  riskCoverage: {
    data: 'rows.parquet',
    code: `rows
  .filter((d) => d.prediction_margin !== null)
  .orderby(aq.desc('prediction_margin'))
  .derive({
    kept: (d) => op.row_number() / op.count(),
    accuracy: aq.rolling((d) => op.mean(d.correct)),
  })`,
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
  classes: {
    data: 'rows.parquet',
    code: `rows
  .groupby('label')
  .rollup({ rows: (d) => op.count(), accuracy: (d) => op.mean(d.correct) })
  .orderby('accuracy')`,
  },
  spread: {
    data: 'report.json',
    code: `aq.from(report.classes)
  .select('label', 'rows', 'intraClassDistance', 'interClassDistance', 'separation')
  .orderby('separation')`,
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
