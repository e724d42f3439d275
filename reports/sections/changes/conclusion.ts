/** What the changes since the baseline come to, as sentences. */

import type { ClassChange, NeighborOverlap, PairedChange } from '../../../lib/core/changes.ts'
import type { Drift } from '../../../lib/core/drift.ts'
import type { Report } from '../../../lib/core/report.ts'
import { joinWords } from '../../../lib/core/words.ts'
import { count, counted, interval, named, pValue, share } from '../../words/format.ts'

/** The heading of the part on what changed. */
export function changesConclusion(report: Report): string {
  const { comparison, changes } = report
  if (comparison === null)
    return report.comparisonNote ?? 'There is no earlier run to compare with.'
  const { fixed, broken, matchedRows } = comparison
  if (matchedRows === 0) return `No row is both here and in ${named(comparison.baseline)}.`
  if (fixed.length + broken.length === 0) return 'Not one row changed sides.'
  const net = fixed.length - broken.length
  const sum =
    net === 0 ? 'as many as' : net > 0 ? `${count(net)} more than` : `${count(-net)} fewer than`
  const evidence =
    comparison.verdict === 'no evidence of a change'
      ? `which chance alone could do (${pValue(comparison.p)})`
      : `which chance hardly does (${pValue(comparison.p)})`
  const parts = changes === null ? '' : partsClause(changes.classes)
  return `${counted(fixed.length, 'row')} turned right, ${sum} turned wrong, ${evidence}${parts}.`
}

/** Which classes moved for sure, where any did. */
function partsClause(classes: readonly ClassChange[]): string {
  const { better, worse } = labelsByVerdict(classes)
  const names = (labels: readonly string[]) =>
    `${labels.length === 1 ? 'class' : 'classes'} ${joinWords(
      labels.map((label) => named(label, 24)),
      3,
    )}`
  if (better.length + worse.length === 0) return ''
  if (worse.length === 0) return `; ${names(better)} got better`
  if (better.length === 0) return `; ${names(worse)} got worse`
  return `; ${names(better)} got better, ${names(worse)} worse`
}

function labelsByVerdict(classes: readonly (PairedChange & { readonly label: string })[]) {
  const of = (verdict: PairedChange['verdict']) =>
    classes.filter((part) => part.verdict === verdict).map(({ label }) => label)
  return { better: of('better'), worse: of('worse') }
}

/** The title of the chart of classes. */
export function changedPartsTitle(classes: readonly ClassChange[]): string {
  const { better, worse } = labelsByVerdict(classes)
  if (better.length + worse.length === 0) return 'No single class changed beyond chance.'
  if (worse.length === 0)
    return `${counted(better.length, 'class', 'classes')} got better, none worse.`
  if (better.length === 0)
    return `${counted(worse.length, 'class', 'classes')} got worse, none better.`
  return `${counted(better.length, 'class', 'classes')} got better, ${count(worse.length)} worse.`
}

/** How much of the neighbourhoods stayed, and what that means. */
export function overlapSentence(overlap: NeighborOverlap, baseline: string): string {
  const { k, mean, chance } = overlap
  const range = overlap.interval ? ` (95 %: ${interval(overlap.interval, 'share')})` : ''
  const meaning =
    mean > 0.95
      ? 'The neighbourhoods are nearly the same'
      : mean > 0.6
        ? 'The neighbourhoods moved a little'
        : 'The neighbourhoods were shuffled, also around rows that stayed right'
  const kept = `rows kept ${share(mean)} of ${k === 1 ? 'their nearest neighbour' : `their ${count(k)} nearest neighbours`}`
  return `${meaning}: since ${named(baseline)} ${kept}${range}; at random they would keep ${share(chance)}.`
}

/** The title of the drift's chart. */
export function driftTitle({ classes }: Drift): string {
  const names = classes.flatMap(({ drifted, label }) => (drifted ? [named(label ?? '', 24)] : []))
  if (names.length === 0) return 'No class lies differently beyond chance.'
  return `${counted(names.length, 'class', 'classes')} of ${count(classes.length)} lie differently: ${joinWords(names, 3)}.`
}

/** What the classifier that was told to separate the runs says. */
export function separationSentence({
  auc,
  interval: [low, high],
  rows,
}: NonNullable<Drift['separation']>): string {
  const range = `AUC ${auc.toFixed(2)}, 95\u00a0%: ${low.toFixed(2)} to ${high.toFixed(2)}, on a seeded sample of ${counted(rows, 'row')} of each run`
  const says =
    low <= 0.5
      ? 'A classifier can’t tell the two runs’ rows apart'
      : auc < 0.65
        ? 'A classifier tells the two runs’ rows apart a little better than a coin'
        : auc < 0.9
          ? 'A classifier often tells which run a row is from'
          : 'A classifier nearly always tells which run a row is from'
  return `${says} (${range}).`
}
