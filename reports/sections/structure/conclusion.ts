/** What the shape of the space, the slices and the trade-off come to, as headings. */

import { type Item, openItems } from '../../../lib/core/item.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { Slice } from '../../../lib/core/slices.ts'
import { bytes, count, counted, named, share } from '../../words/format.ts'

/** Figures of the space's shape, in the order of their table. */
export const STRUCTURE_FIGURES = [
  'silhouette',
  'anti_hub_share_k10',
  'hub_share_k10',
  'robin_hood_k10',
  'hubness_skewness_k10',
  'effective_rank',
  'collapsed_dimensions',
  'norm_outlier_share',
  'intrinsic_dimension',
  'intrinsic_dimension_k10',
] as const

/** The kind of item that asks for work where a figure is bad; the others are told by no item. */
const ITEM_KINDS: Readonly<Record<string, string>> = {
  anti_hub_share_k10: 'hubs',
  hub_share_k10: 'hubs',
  robin_hood_k10: 'hubs',
  hubness_skewness_k10: 'hubs',
  collapsed_dimensions: 'collapsed-dimensions',
}

const PROBLEM = /^A problem(?=[:,])/

/** The open item that a bad figure has led to; null where nothing asks for work. */
export function itemOf(report: Report, id: string): Item | null {
  if (!PROBLEM.test(report.metrics[id]?.reading ?? '')) return null
  return openItems(report).find(({ kind }) => kind === ITEM_KINDS[id]) ?? null
}

/** What a figure means: a problem is only what the list of things to do knows of. */
export function readingOf(report: Report, id: string): string | undefined {
  const reading = report.metrics[id]?.reading
  return itemOf(report, id) === null ? reading?.replace(PROBLEM, 'Worth watching') : reading
}

export function structureConclusion(report: Report): string {
  const readings = STRUCTURE_FIGURES.flatMap((id) => {
    const says = readingOf(report, id)
    return says === undefined ? [] : [{ title: report.metrics[id]!.title, says }]
  })
  const bad = readings.filter(({ says }) => PROBLEM.test(says))
  const watched = readings.filter(({ says }) => says.startsWith('Worth'))
  if (readings.length === 0) return 'Nothing can be told of the shape of this space.'
  const first = (bad[0] ?? watched[0])?.title.replace(/ \(.*/, '').toLowerCase()
  if (bad.length > 0) {
    return bad.length === 1
      ? `One thing about the space is a problem: ${first}.`
      : `${count(bad.length)} things about the space are a problem, first of all ${first}.`
  }
  if (watched.length > 0) {
    return watched.length === 1
      ? `Nothing about the space is a problem; one thing is worth watching: ${first}.`
      : `Nothing about the space is a problem; ${count(watched.length)} things are worth watching.`
  }
  return 'Nothing about the shape of the space is a problem.'
}

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

export function tradeOffConclusion({ tradeOff }: Report): string {
  if (tradeOff.note !== null) return `Smaller vectors weren’t tried. ${tradeOff.note}`
  const full = tradeOff.variants[0]
  const best = tradeOff.variants.find(({ id }) => id === tradeOff.smallest)
  if (!full) return 'Smaller vectors weren’t tried.'
  if (!best) return 'No smaller form of the vectors that was tried keeps the target.'
  return `${best.title} would do: ${bytes(best.bytesPerRow)} a row instead of ${bytes(full.bytesPerRow)}, within a point of Hit@1 and MAP@R.`
}

/** How sure the trade-off is, below its chart. */
export function tradeOffNote({ tradeOff }: Report): string {
  const best = tradeOff.variants.find(({ id }) => id === tradeOff.smallest)
  const asked =
    tradeOff.exactness === 'exact'
      ? `All ${counted(tradeOff.queries, 'row')} with another of their class to find were asked`
      : `A seeded sample of ${counted(tradeOff.queries, 'row')}, in proportion to their classes, was asked against ${count(tradeOff.gallery)}; among more rows losses tend to be larger`
  if (!best) return `${asked}.`
  const most = Math.max(best.hitAt1Loss.interval[1], best.mapAtRLoss.interval[1])
  return most <= tradeOff.target
    ? `${asked}. Even the upper ends of the 95 % intervals of what ${best.title} loses lie within a point.`
    : `${asked}. The loss of ${best.title} may be as much as ${(100 * most).toFixed(1)} points (95 %): try it on more rows before you rely on it.`
}
