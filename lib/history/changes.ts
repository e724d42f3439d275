/** What changed since the baseline, part by part: classes, slices, pairs, neighbourhoods and rows. */

import type { Changes, NeighborOverlap, PairChange, SliceChange } from '../core/changes.ts'
import type { Evaluation } from '../core/evaluation.ts'
import { compareText } from '../core/names.ts'
import type { Column } from '../core/table.ts'
import { meanInterval } from '../stats/interval.ts'
import { mean } from '../stats/summary.ts'
import { type AbsentClasses, absentClasses, turnedByAbsence } from './absent-classes.ts'
import { fallenRows } from './fallen-rows.ts'
import { neighborOverlap, OVERLAP_K } from './neighbor-overlap.ts'
import { countTurn, emptyCount, type PairedCount, testParts } from './paired-change.ts'
import type { BaselineRows, RunRows } from './run-rows.ts'

/** A column with more values than that names rows rather than slices. */
const MOST_VALUES = 50
const MOST_SLICES = 200
/** The pairs of either run that are held against each other. */
const WORST_PAIRS = 10

export interface ChangeTables {
  readonly changes: Changes
  /** Share of each row's neighbours that were kept; NaN where it can't be told. */
  readonly overlap: Float64Array
}

/** @param baselineRow for each row of this run the baseline's, −1 without */
export function changesSince(
  evaluation: Evaluation,
  current: RunRows,
  baseline: BaselineRows,
  baselineRow: Int32Array,
): ChangeTables {
  const overlap = neighborOverlap(evaluation, baseline, baselineRow)
  const matched = [...baselineRow.keys()].filter((row) => baselineRow[row]! >= 0)
  const absent = absentClasses(current, baseline, baselineRow)
  const count = (counts: PairedCount, row: number) => {
    const then = baselineRow[row]!
    counts.rows++
    const isRight = current.correct[row] === 1
    if (isRight === (baseline.correct[then] === 1)) return
    if (turnedByAbsence(absent, [current, row], [baseline, then])) {
      counts.absentNeighbors = (counts.absentNeighbors ?? 0) + 1
    } else countTurn(counts, isRight ? 'fixed' : 'broken', current, row)
  }
  const classes = classChanges(evaluation, matched, count, overlap)
  const pairs = pairChanges(current, baseline, baselineRow, matched, absent)
  const slices = sliceChanges(evaluation.dataset.metadata, matched, count)
  const changes: Changes = {
    baseline: baseline.run,
    classes,
    slices: slices.slice(0, MOST_SLICES),
    slicesTested: slices.filter(({ adjustedP }) => adjustedP !== null).length,
    pairs,
    overlap: overallOverlap(overlap, matched.length),
    lookFirst: fallenRows(evaluation, current, baseline, baselineRow, { classes, pairs }),
  }
  return { changes, overlap }
}

type Counter = (counts: PairedCount, row: number) => void

function classChanges(
  { dataset }: Evaluation,
  matched: readonly number[],
  count: Counter,
  overlap: Float64Array,
) {
  const counts = dataset.classes.map((label) => ({ label, ...emptyCount() }))
  const overlaps = dataset.classes.map(() => ({ sum: 0, rows: 0 }))
  for (const row of matched) {
    const label = dataset.labels[row]!
    count(counts[label]!, row)
    if (Number.isNaN(overlap[row]!)) continue
    overlaps[label]!.sum += overlap[row]!
    overlaps[label]!.rows++
  }
  return testParts(counts).map((change, label) => {
    const { sum, rows } = overlaps[label]!
    return { ...change, overlap: rows === 0 ? null : sum / rows }
  })
}

/** Clearest evidence first. */
function sliceChanges(
  metadata: readonly Column[],
  matched: readonly number[],
  count: Counter,
): SliceChange[] {
  const counts = metadata.flatMap((column) => {
    const values = new Map<string, PairedCount & { column: string; value: string }>()
    for (const row of matched) {
      const value = textOf(column, row)
      if (value === '') continue
      let counted = values.get(value)
      if (!counted) {
        if (values.size === MOST_VALUES) return []
        counted = { column: column.name, value, ...emptyCount() }
        values.set(value, counted)
      }
      count(counted, row)
    }
    return values.size < 2 ? [] : [...values.values()]
  })
  return testParts(counts).sort(
    (one, other) =>
      (one.adjustedP ?? 2) - (other.adjustedP ?? 2) ||
      one.p - other.p ||
      other.rows - one.rows ||
      compareText(one.column, other.column) ||
      compareText(one.value, other.value),
  )
}

function textOf(column: Column, row: number): string {
  if (column.type === 'text') return column.values[row]!
  const value = column.values[row]!
  return Number.isNaN(value) ? '' : String(value)
}

/**
 * Whether the worst pairs moved: an error of a pair is a row of one that is taken for the other. A
 * pair of a class that one run lacks can't have moved.
 */
function pairChanges(
  current: RunRows,
  baseline: BaselineRows,
  baselineRow: Int32Array,
  matched: readonly number[],
  { fromRun, fromBaseline }: AbsentClasses,
): PairChange[] {
  const pairs = new Map<
    string,
    PairedCount & { a: string; b: string; before: number; now: number }
  >()
  const of = (label: string, said: string) => {
    const [a, b] = compareText(label, said) < 0 ? [label, said] : [said, label]
    const key = JSON.stringify([a, b])
    const pair = pairs.get(key) ?? { a, b, before: 0, now: 0, ...emptyCount() }
    pairs.set(key, pair)
    return pair
  }
  const sizes = new Map<string, number>()
  for (const row of matched) {
    const then = baselineRow[row]!
    const label = current.labels[row]!
    sizes.set(label, (sizes.get(label) ?? 0) + 1)
    const saidNow = current.nearestLabel[row]!
    const saidThen = baseline.nearestLabel[then]!
    const wrongNow = current.correct[row] !== 1 && saidNow !== ''
    const wrongThen = baseline.correct[then] !== 1 && saidThen !== ''
    const now = wrongNow ? of(label, saidNow) : null
    const before = wrongThen ? of(baseline.labels[then]!, saidThen) : null
    if (now) now.now++
    if (before) before.before++
    if (now === before) continue
    if (now) countTurn(now, 'broken', current, row)
    if (before) countTurn(before, 'fixed', current, row)
  }
  const isInBoth = (label: string) => !fromRun.has(label) && !fromBaseline.has(label)
  const all = [...pairs.values()]
    .filter(({ a, b }) => isInBoth(a) && isInBoth(b))
    .map((pair) => ({ ...pair, rows: (sizes.get(pair.a) ?? 0) + (sizes.get(pair.b) ?? 0) }))
  const worstBy = (field: 'now' | 'before') =>
    [...all].sort((one, other) => other[field] - one[field] || byName(one, other))
  const worst = new Set([
    ...worstBy('now').slice(0, WORST_PAIRS),
    ...worstBy('before').slice(0, WORST_PAIRS),
  ])
  return testParts(worstBy('now').filter((pair) => worst.has(pair)))
}

function byName(
  one: { readonly a: string; readonly b: string },
  other: { readonly a: string; readonly b: string },
): number {
  return compareText(one.a, other.a) || compareText(one.b, other.b)
}

function overallOverlap(overlap: Float64Array, matched: number): NeighborOverlap | null {
  const shares = overlap.filter((share) => !Number.isNaN(share))
  if (shares.length === 0) return null
  const k = Math.min(OVERLAP_K, matched - 1)
  return {
    k,
    rows: shares.length,
    mean: mean(shares),
    interval: meanInterval(shares),
    chance: k / (matched - 1),
  }
}
