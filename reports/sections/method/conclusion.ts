/** How exact the figures are. */

import type { Report } from '../../../lib/core/report.ts'
import { count } from '../../words/format.ts'

export function methodConclusion(report: Report): string {
  const figures = Object.values(report.metrics)
  const inexact = figures.filter((figure) => figure.exactness !== 'exact' && figure.value !== null)
  return inexact.length === 0
    ? 'Every figure in this table is exact; tables and maps that use a sample say so.'
    : `${count(figures.length - inexact.length)} of the ${count(figures.length)} figures in this table are exact; the others say what they leave out, and so do tables and maps that use a sample.`
}
