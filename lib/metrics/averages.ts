/** A figure of each row and its means: over the rows (micro) and over the classes' means (macro). */

import type { TieRange } from '../core/vote.ts'
import type { Clusters } from '../stats/clusters.ts'
import { meanInterval, shareInterval, spanning } from '../stats/interval.ts'
import { mean } from '../stats/summary.ts'
import type { Measured, MetricInput } from './metric.ts'

/** A value for each evaluated row, NaN for the others. */
export function perRow({ rows }: MetricInput, value: (row: number) => number): Float64Array {
  return Float64Array.from(rows.evaluated, (isEvaluated, row) =>
    isEvaluated ? value(row) : Number.NaN,
  )
}

/** A value for each row that has a match to find, NaN for the others. */
export function perMatchedRow(input: MetricInput, value: (row: number) => number): Float64Array {
  return perRow(input, (row) => (input.rows.mates[row] === 0 ? Number.NaN : value(row)))
}

/** A row's least and most over all orders of rows at equal distances. */
export type RowRange = (row: number) => TieRange

/** Mean over the rows, with Wilson's interval, of values that are 0, 1 or NaN. */
export function share(input: MetricInput, values: Float64Array, range: RowRange): Measured {
  return summarized(input, values, range, shareInterval)
}

/** Mean over the rows, with Johnson's interval. */
export function averaged(input: MetricInput, values: Float64Array, range: RowRange): Measured {
  return summarized(input, values, range, meanInterval)
}

/** The interval holds whatever the order of equal distances: it spans those of both ends of the range. */
function summarized(
  input: MetricInput,
  values: Float64Array,
  range: RowRange,
  intervalOf: typeof shareInterval,
): Measured {
  const value = mean(values)
  if (Number.isNaN(value)) return noMatch()
  const all = [values, ...(tieEnds(values, range) ?? [])]
  const [means, least, most] = all.map((one) => classMeans(input, one))
  return {
    value,
    interval: spanning(all.map((one) => intervalOf(one, input.clusters))),
    classMeans: means!,
    ...(least && most
      ? { classMeanEnds: [least, most], ties: [mean(all[1]!), mean(all[2]!)] }
      : {}),
    count: values.reduce((count, one) => count + (Number.isNaN(one) ? 0 : 1), 0),
  }
}

/** Wilson's interval of a share of 0s and 1s that holds for all orders of equal distances. */
export function tiedShareInterval(
  values: Float64Array,
  range: RowRange,
  clusters: Clusters | null,
): [number, number] | null {
  const all = [values, ...(tieEnds(values, range) ?? [])]
  return spanning(all.map((one) => shareInterval(one, clusters)))
}

/** The values where every row has the least, and the most, that ties allow; null where they decide nothing. */
export function tieEnds(
  values: Float64Array,
  range: RowRange,
): [least: Float64Array, most: Float64Array] | null {
  let ends: [Float64Array, Float64Array] | null = null
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue
    const [least, most] = range(row)
    if (least === most) continue
    ends ??= [values.slice(), values.slice()]
    ends[0][row] = least
    ends[1][row] = most
  }
  return ends
}

/** Share of the rows that are counted (all of the dataset’s, or fewer) for which something holds. */
export function shareOfRows(
  { dataset, clusters }: MetricInput,
  holds: (row: number) => boolean,
  counts: (row: number) => boolean = () => true,
): { value: number; interval: [number, number] | null; count: number } {
  const values = Float64Array.from({ length: dataset.rows }, (_, row) =>
    counts(row) ? Number(holds(row)) : Number.NaN,
  )
  const count = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0)
  return { value: mean(values), interval: shareInterval(values, clusters), count }
}

/** The same of the rows that are evaluated. */
export function shareOfEvaluated(input: MetricInput, holds: (row: number) => boolean) {
  return shareOfRows(input, holds, (row) => input.rows.evaluated[row] === 1)
}

function noMatch(): Measured {
  return { value: Number.NaN, note: 'no row has another of its class to find' }
}

/** Mean of each class's rows; NaN for a class without a value. */
export function classMeans({ dataset }: MetricInput, values: Float64Array): Float64Array {
  const { labels, classes } = dataset
  const sums = new Float64Array(classes.length)
  const counts = new Float64Array(classes.length)
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue
    sums[labels[row]!]! += value
    counts[labels[row]!]!++
  }
  return sums.map((sum, label) => (counts[label] === 0 ? Number.NaN : sum / counts[label]!))
}
