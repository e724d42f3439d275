/** The code that the section shows: a notebook gets its numbers by it. */

import type { Snippet } from '../../components/behind.tsx'

export const roc: Snippet = {
  data: 'report.json',
  code: `aq.from(report.verification.roc.map(([far, tar, threshold]) => ({ far, tar, threshold })))
  .derive({ frr: (d) => 1 - d.tar })`,
}

export const pairHistogram: Snippet = {
  data: 'report.json',
  code: `aq.table({
  from: report.verification.histogram.edges.slice(0, -1),
  same: report.verification.histogram.same,
  other: report.verification.histogram.other,
})`,
}

export const operatingPoints: Snippet = {
  data: 'report.json',
  code: `aq.from(report.verification.operatingPoints)
  .select('far', 'threshold', 'tar', 'frr', 'falseAccepts', 'resolved')`,
}
