/** How well a margin predicts errors where the order of equal distances decides which rows are errors. */

import { type Area, lowScoreAuc } from '../../stats/auc.ts'
import { spanning } from '../../stats/interval.ts'
import type { Measured, MetricInput } from '../metric.ts'
import { hitRange } from '../retrieval/retrieval.ts'

/** How many of the rows in doubt are errors where the area is least, and where it is most. */
export interface AreaEnds {
  readonly least: { readonly errors: number; readonly area: number }
  readonly most: { readonly errors: number; readonly area: number }
}

/**
 * A row whose nearest neighbours of different labels are equally near has a margin of 0, whichever comes
 * first: so only how many of the rows in doubt are errors decides the area, and each number is tried.
 * With U of the Mann-Whitney test for the rows that are in no doubt, one that turns out to be an error
 * wins against every right row, ties with those of margin 0 counting half; one that is right wins half
 * against errors of margin 0 alone.
 * @param margins of rows; NaN: none
 * @param errors 1: an error
 * @param isOpen whether the order decides that
 */
export function areaEnds(
  margins: Float64Array,
  errors: Uint8Array,
  isOpen: (row: number) => boolean,
): AreaEnds | null {
  const open = new Uint8Array(margins.length)
  let doubtful = 0
  const sure = { errors: 0, right: 0, zeroErrors: 0, zeroRight: 0 }
  for (const [row, margin] of margins.entries()) {
    if (Number.isNaN(margin)) continue
    if (isOpen(row)) {
      open[row] = 1
      doubtful++
    } else if (errors[row] === 1) {
      sure.errors++
      if (margin === 0) sure.zeroErrors++
    } else {
      sure.right++
      if (margin === 0) sure.zeroRight++
    }
  }
  if (doubtful === 0) return null
  const certain = margins.map((margin, row) => (open[row] === 1 ? Number.NaN : margin))
  const pairs = sure.errors * sure.right
  const won = pairs === 0 ? 0 : lowScoreAuc(certain, errors)!.value * pairs
  let least: AreaEnds['least'] | null = null
  let most: AreaEnds['most'] | null = null
  for (let wrong = 0; wrong <= doubtful; wrong++) {
    const right = doubtful - wrong
    const all = (sure.errors + wrong) * (sure.right + right)
    if (all === 0) continue
    const wins =
      won +
      wrong * (sure.right - sure.zeroRight / 2) +
      right * (sure.zeroErrors / 2) +
      (wrong * right) / 2
    const area = wins / all
    if (least === null || area < least.area) least = { errors: wrong, area }
    if (most === null || area > most.area) most = { errors: wrong, area }
  }
  return least && most && { least, most }
}

/** What another order of equal distances makes of the area; its interval holds for all of them. */
export function tiedArea(
  input: MetricInput,
  margins: Float64Array,
  errors: Uint8Array,
  area: Area,
): Pick<Measured, 'ties' | 'interval'> {
  const range = hitRange(input, 1)
  const isOpen = (row: number) => !Number.isNaN(margins[row]!) && range(row)[0] !== range(row)[1]
  const ends = areaEnds(margins, errors, isOpen)
  if (ends === null) return {}
  const intervalWith = (wrong: number) => {
    let left = wrong
    const made = errors.map((error, row) => (isOpen(row) ? Number(left-- > 0) : error))
    return lowScoreAuc(margins, made, input.clusters)!.interval
  }
  return {
    ties: [ends.least.area, ends.most.area],
    interval: spanning([
      area.interval,
      intervalWith(ends.least.errors),
      intervalWith(ends.most.errors),
    ]),
  }
}
