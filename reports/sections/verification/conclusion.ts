/** What the section on verification comes to. */

import type { Report } from '../../../lib/core/report.ts'
import { count, share } from '../../words/format.ts'

export function verificationConclusion(report: Report): string {
  const { verification } = report
  if (!verification) {
    return report.input.classes < 2
      ? 'With one class there are no pairs of two classes to tell apart.'
      : 'No two rows are of one class, so there is no pair to recognise.'
  }
  const trusted = verification.operatingPoints.filter(({ resolved }) => resolved)
  const loose = trusted[0]
  const strict = trusted.at(-1)
  if (!loose || !strict) {
    return `The best threshold is wrong for ${share(verification.equalError.rate)} of the pairs; there are too few of them to fix a rate of false accepts.`
  }
  const first = `At 1 false accept in ${count(1 / loose.far)}, a threshold recognises ${share(loose.tar)} of the pairs of one class`
  if (strict === loose) return `${first}.`
  return `${first}; at 1 in ${count(1 / strict.far)}, ${share(strict.tar)}.`
}
