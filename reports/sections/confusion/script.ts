/** `confusion.js`: all pairs, and the script of the heatmap and its search. */

import { scriptJson } from '../../../lib/core/escape.ts'
import { reportFile } from '../../files/report-file.ts'
import { pairKey } from '../../view/evidence.ts'
import type { RunView } from '../../view/run-view.ts'

export const CONFUSION_SCRIPT = 'confusion.js'

/** Null where there are no pairs. */
export function confusionScript(view: RunView): string | null {
  const { report } = view
  if (report.confusion.pairs.length === 0) return null
  const place = new Map(report.classes.map(({ label }, index) => [label, index]))
  const data = {
    classes: report.classes.map(({ label }) => label),
    pairs: report.confusion.pairs.map(({ a, b, aAsB, bAsA }) => [
      place.get(a),
      place.get(b),
      aAsB,
      bAsA,
      view.evidence.href(pairKey(a, b)) ?? '',
    ]),
  }
  return `${reportFile('theme/finder.js')}nearmissConfusion(${scriptJson(data)})\n`
}
