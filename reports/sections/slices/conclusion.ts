/** Which slice does worse than the rest. */

import type { Report } from '../../../lib/core/report.ts'
import type { Slice } from '../../../lib/core/slices.ts'
import { count, counted, named, share } from '../../words/format.ts'

/** `camera left × weather rain`: a value may itself hold a comma or an and. */
export function sliceName({ conditions }: Slice): string {
  return conditions.map(({ column, text }) => `${named(column, 24)} ${named(text, 28)}`).join(' × ')
}

export function slicesConclusion({ slices }: Report): string {
  if (slices.columns.length === 0) return 'No metadata column groups the rows.'
  if (slices.tested === 0) return 'No group of rows is large enough to be tested.'
  const worse = slices.list.filter(
    ({ difference, explainedBy }) => difference === 'worse' && explainedBy === null,
  )
  const [worst] = worse
  if (worst) {
    const others =
      worse.length === 1
        ? ''
        : `; ${counted(worse.length - 1, 'other slice is', 'other slices are')} worse than the rest too`
    return `Rows with ${sliceName(worst)} are wrong ${share(worst.rate)} of the time, all others ${share(worst.restRate)}${others}.`
  }
  const tested = slices.tested === 1 ? 'the one slice' : `the ${count(slices.tested)} slices`
  return slices.different > 0
    ? `Of ${tested}, none is worse than the rest of the rows.`
    : `No evidence that any of ${tested} does worse than the rest.`
}
