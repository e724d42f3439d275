/** The code that the section shows: a notebook gets its numbers by it. */

import type { Snippet } from '../../components/behind.tsx'

export const changes: Snippet = {
  data: 'rows.parquet',
  code: `rows
  .filter((d) => d.correct_in_baseline !== null && d.correct_in_baseline !== d.correct)
  .select('id', 'label', 'nearest_label_in_baseline', 'nearest_label', 'correct')`,
}

export const drift: Snippet = {
  data: 'report.json',
  code: `aq.from(report.drift.classes)
  .select('label', 'shift', 'noise', 'spreadRatio', 'ks', 'adjustedP', 'drifted')`,
}

export const classChanges: Snippet = {
  data: 'rows.parquet',
  code: `rows
  .filter((d) => d.correct_in_baseline !== null)
  .groupby('label')
  .rollup({
    fixed: (d) => op.sum(!d.correct_in_baseline && d.correct),
    broken: (d) => op.sum(d.correct_in_baseline && !d.correct),
  })`,
}
