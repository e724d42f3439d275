/** What is told of a slice: its errors beside those of the rest, and the classes it confuses more than they do. */

import type { Slice, SliceCondition } from '../../core/slices.ts'
import { tiedShareInterval } from '../averages.ts'
import { clustersAmong } from '../interval-clusters.ts'
import type { MetricInput } from '../metric.ts'
import { hitRange } from '../retrieval/retrieval.ts'
import type { Grouping } from './columns.ts'
import type { Counts, Tested } from './preference.ts'

const MOST_CONFUSED = 3

/** The evaluated rows that are in all of these groups. */
export function rowsOf(
  { rows: { evaluated } }: MetricInput,
  groupings: readonly Grouping[],
  places: readonly (readonly [column: number, group: number])[],
): readonly number[] {
  const codes = places.map(([column]) => groupings[column]!.codes)
  const rows: number[] = []
  for (let row = 0; row < codes[0]!.length; row++) {
    if (evaluated[row] === 1 && places.every(([, group], at) => codes[at]![row] === group))
      rows.push(row)
  }
  return rows
}

/** Prepares what all slices share. */
export function sliceEntries(
  input: MetricInput,
  groupings: readonly Grouping[],
  whole: Counts,
): (
  tested: Tested,
  explainedBy: string | null,
) => { readonly slice: Slice; readonly rows: readonly number[] } {
  const { dataset, rows: figures } = input
  const { classes, labels } = dataset
  const sizes = new Float64Array(classes.length)
  const wrong = new Float64Array(classes.length)
  for (let row = 0; row < dataset.rows; row++) {
    if (figures.evaluated[row] === 0) continue
    sizes[labels[row]!]!++
    if (figures.correct[row] === 0) wrong[labels[row]!]!++
  }
  const everywhere = pairsOf(input, labels.keys())
  const hits = hitRange(input, 1)
  return (tested, explainedBy) => {
    const rows = rowsOf(input, groupings, tested.places)
    const pairs = pairsOf(input, rows)
    const inside = new Float64Array(classes.length)
    let expected = 0
    for (const row of rows) {
      inside[labels[row]!]!++
      expected += wrong[labels[row]!]! / sizes[labels[row]!]!
    }
    /** Errors of a pair beyond what its rate among the rows outside would give; all, where it has none. */
    const excessOf = ([key, times]: readonly [number, number]) => {
      const both = [Math.floor(key / classes.length), key % classes.length]
      const own = both.reduce((sum, label) => sum + inside[label]!, 0)
      const outside = both.reduce((sum, label) => sum + sizes[label]! - inside[label]!, 0)
      return outside === 0 ? times : times - (own * (everywhere.get(key)! - times)) / outside
    }
    const conditions = tested.places.map(
      ([column, group]): SliceCondition => ({
        column: groupings[column]!.name,
        ...groupings[column]!.groups[group]!,
      }),
    )
    const { id, errors, p, adjustedP, difference } = tested
    const slice: Slice = {
      id,
      conditions,
      rows: tested.rows,
      errors,
      rate: errors / tested.rows,
      interval: tiedShareInterval(
        Float64Array.from(rows, (row) => 1 - figures.correct[row]!),
        (at) => {
          const [least, most] = hits(rows[at]!)
          return [1 - most, 1 - least]
        },
        clustersAmong(input.clustersWithin, rows),
      ) ?? [0, 1],
      restRate: (whole.errors - errors) / (whole.rows - tested.rows),
      p,
      adjustedP,
      difference,
      explainedBy,
      expectedErrors: expected,
      confused: [...pairs]
        .sort((a, b) => excessOf(b) - excessOf(a) || b[1] - a[1] || a[0] - b[0])
        .slice(0, MOST_CONFUSED)
        .map(([key, times]) => ({
          a: classes[Math.floor(key / classes.length)]!,
          b: classes[key % classes.length]!,
          count: times,
        })),
    }
    return { slice, rows }
  }
}

/** How many of the rows are errors between two classes, by lower class × classes + higher class. */
function pairsOf(
  { dataset: { classes, labels }, rows: figures }: MetricInput,
  rows: Iterable<number>,
): Map<number, number> {
  const pairs = new Map<number, number>()
  for (const row of rows) {
    const [label, other] = [labels[row]!, figures.predicted[row]!]
    if (figures.evaluated[row] === 0 || figures.correct[row] === 1 || other === label) continue
    const key = Math.min(label, other) * classes.length + Math.max(label, other)
    pairs.set(key, (pairs.get(key) ?? 0) + 1)
  }
  return pairs
}
