/**
 * The classes and slices whose pairs are told apart worst at a threshold that is the same for all. A row
 * is in many pairs, so how sure a rate is hangs on the rows: one that lies far off is rejected by all.
 */

import type { TableDefinition } from '../../core/definition.ts'
import { SIGNIFICANCE } from '../../core/significance.ts'
import type { Column } from '../../core/table.ts'
import type { PairErrors } from '../../core/verification.ts'
import { benjaminiHochberg } from '../../stats/false-discovery.ts'
import {
  type PairShare,
  pairShare,
  pairShareAtLeast,
  pairShareInterval,
} from '../../stats/pair-share.ts'
import type { MetricInput } from '../metric.ts'
import { type PairSample, pairsBetween, pairsWithin } from './pair-sample.ts'

/** Distances that are computed for all parts together, and for one of them. */
const PAIRS = 60_000
const MOST_PAIRS = 1_000
/** With fewer pairs of one class a part can't be called bad. */
const FEWEST_PAIRS = 10
/** Columns with more values are no slices. */
const MOST_VALUES = 50
const LISTED = 20
const SEED = 7

/** What all pairs together are told apart by, and how many of one class that rejects. */
export interface Threshold {
  readonly threshold: number
  readonly frr: number
}

/** A part's rows, and the rows that they are paired with. */
interface Part {
  readonly value: string
  readonly rows: Int32Array
  readonly others: Int32Array
}

/** Worst first: by the false reject rate that a part has at least, then by its false accept rate. */
export function worstClasses(input: MetricInput, threshold: Threshold): PairErrors[] {
  const { labels, classes } = input.dataset
  const all = Int32Array.from(labels.keys())
  const parts = rowsBy(labels, all).map((rows) => ({
    value: classes[labels[rows[0]!]!]!,
    rows,
    others: all,
  }))
  return worstOf(input, parts, threshold)
}

/** The same for the values of each metadata column with 2 to 50 of them; both rows have the value. */
export function worstSlices(
  input: MetricInput,
  threshold: Threshold,
): (PairErrors & { column: string })[] {
  const slices = input.dataset.metadata.flatMap((column) =>
    partsOf(column).map((part) => ({ ...part, column: column.name })),
  )
  const byPart = new Map(slices.map((slice) => [slice.rows, slice.column]))
  return worstOf(input, slices, threshold, (rows, errors) => ({
    ...errors,
    column: byPart.get(rows)!,
  }))
}

function worstOf<T extends PairErrors = PairErrors>(
  input: MetricInput,
  parts: readonly Part[],
  whole: Threshold,
  finish: (rows: Int32Array, errors: PairErrors) => T = (_, errors) => errors as T,
): T[] {
  const most = Math.min(MOST_PAIRS, Math.floor(PAIRS / Math.max(1, 2 * parts.length)))
  const random = input.random(SEED)
  const found = parts.flatMap((part) => {
    const found = errorsOf(input, part, whole.threshold, most, random)
    return found === null ? [] : [{ part, ...found }]
  })
  const adjusted = benjaminiHochberg(
    found.map(({ rejected }) => pairShareAtLeast(rejected, whole.frr)),
  )
  return found
    .map(({ part, errors }, at) => finish(part.rows, { ...errors, adjustedP: adjusted[at]! }))
    .sort((a, b) => b.frrInterval[0] - a.frrInterval[0] || (b.far ?? 0) - (a.far ?? 0))
    .slice(0, LISTED)
}

function errorsOf(
  { dataset, neighborhood }: MetricInput,
  { value, rows, others }: Part,
  threshold: number,
  most: number,
  random: () => number,
): { errors: Omit<PairErrors, 'adjustedP'>; rejected: PairShare } | null {
  const { metric } = neighborhood
  const blocks = rowsBy(dataset.labels, rows)
  const same = pairsWithin(dataset, metric, blocks, most, random)
  if (same.distances.length < FEWEST_PAIRS) return null
  const other = pairsBetween(dataset, metric, rows, others, most, random)
  const rejected = shareOf(same, (distance) => distance > threshold)
  const accepted =
    other.distances.length === 0 ? null : shareOf(other, (distance) => distance <= threshold)
  return {
    errors: {
      value,
      samePairs: same.distances.length,
      otherPairs: other.distances.length,
      sampled: same.sampled || other.sampled,
      frr: rejected.share,
      frrInterval: pairShareInterval(rejected),
      far: accepted?.share ?? null,
      farInterval: accepted && pairShareInterval(accepted),
    },
    rejected,
  }
}

function shareOf(
  { distances, firsts, seconds }: PairSample,
  holds: (distance: number) => boolean,
): PairShare {
  return pairShare(
    Uint8Array.from(distances, (one) => Number(holds(one))),
    firsts,
    seconds,
  )
}

/** The rows of each class that has any, in the order of the classes: in time that grows with the rows alone. */
function rowsBy(labels: Int32Array, rows: Int32Array): Int32Array[] {
  const lists = new Map<number, number[]>()
  for (const row of rows) {
    const list = lists.get(labels[row]!)
    if (list) list.push(row)
    else lists.set(labels[row]!, [row])
  }
  return [...lists].sort(([a], [b]) => a - b).map(([, list]) => Int32Array.from(list))
}

function partsOf({ values }: Column): Part[] {
  const found = new Map<string, number[]>()
  for (const [row, value] of values.entries()) {
    if (value === '' || Number.isNaN(value)) continue
    const rows = found.get(String(value))
    if (rows) rows.push(row)
    else if (found.size === MOST_VALUES) return []
    else found.set(String(value), [row])
  }
  if (found.size < 2) return []
  return Array.from(found, ([value, list]) => {
    const rows = Int32Array.from(list)
    return { value, rows, others: rows }
  })
}

const PART_COLUMNS: TableDefinition['columns'] = [
  { name: 'value', unit: 'text', definition: 'The class, or the value of the slice’s column.' },
  { name: 'samePairs', unit: 'count', definition: 'Pairs of one class that were looked at.' },
  { name: 'otherPairs', unit: 'count', definition: 'Pairs of two classes that were looked at.' },
  { name: 'sampled', unit: 'yes or no', definition: 'Whether there are more than those.' },
  { name: 'frr', unit: 'share', definition: 'Share of the pairs of one class that are rejected.' },
  {
    name: 'frrInterval',
    unit: 'list',
    definition:
      'Its 95 % interval: Wilson’s, for as many independent pairs as would be as sure. The rows are what was drawn: over all pairs of n rows the rate’s standard error is 2 × the standard deviation of the rows’ own rates / √n. Where all pairs are alike, half of the rows count.',
  },
  {
    name: 'adjustedP',
    unit: 'number',
    definition: `Chance of such a rate at that of all pairs, one-sided: a score test with Student’s t for as many independent pairs, after Benjamini-Hochberg over the parts that were looked at; the report names a part under ${SIGNIFICANCE.evidence}.`,
  },
  {
    name: 'far',
    unit: 'share',
    definition: 'Share of the pairs of two classes that are accepted.',
  },
  { name: 'farInterval', unit: 'list', definition: 'Its interval, made in the same way.' },
]

export const worstClassTable: TableDefinition = {
  id: 'verification_classes',
  title: 'Classes that verify worst',
  path: 'verification.worst.classes',
  definition:
    'Errors of the pairs of a class at the threshold that is `verification.worst.threshold` for all (FAR 0.01, or the equal error rate where the pairs can’t resolve it): pairs within the class, and pairs of the class with another. At most 1,000 of each are drawn (seeded), fewer where there are many classes; up to twice as many are all taken. Each pair’s own distance is measured, in double precision; only what the threshold does to all pairs is read from bins where they are many, and `verification.worst.bounds` say how far that may be off. The 20 whose false reject rate is the highest at the lower end of its interval.',
  source:
    'Hoeffding: A class of statistics with asymptotically normal distribution, 1948; Fafchamps, Gubert: The formation of risk sharing networks, 2007 (pairs that share rows); Korn, Graubard: Confidence intervals for proportions with small expected number of positive counts estimated from survey data, 1998',
  columns: PART_COLUMNS,
}

export const worstSliceTable: TableDefinition = {
  id: 'verification_slices',
  title: 'Slices that verify worst',
  path: 'verification.worst.slices',
  definition:
    'The same for each value of a metadata column with 2 to 50 values, over the pairs of which both rows have the value. Rows without an entry make no slice here, as they do in `slices`.',
  source: 'nearmiss definitions',
  columns: [{ name: 'column', unit: 'text', definition: 'The metadata column.' }, ...PART_COLUMNS],
}
