/** A figure of each row and its means: over the rows (micro) and over the classes' means (macro). */

import { meanInterval, shareInterval } from '../stats/interval.ts'
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

/** Mean over the rows, with Wilson's interval, of values that are 0, 1 or NaN. */
export function share(input: MetricInput, values: Float64Array): Measured {
  const value = mean(values)
  if (Number.isNaN(value)) return noMatch()
  return {
    value,
    interval: shareInterval(values, input.clusters),
    classMeans: classMeans(input, values),
  }
}

/** Mean over the rows, with Johnson's interval. */
export function averaged(input: MetricInput, values: Float64Array, chance: number): Measured {
  const value = mean(values)
  if (Number.isNaN(value)) return noMatch()
  return {
    value,
    interval: meanInterval(values, input.clusters),
    classMeans: classMeans(input, values),
    chance,
  }
}

/** Share of the rows that are counted (all of the dataset’s, or fewer) for which something holds. */
export function shareOfRows(
  { dataset, clusters }: MetricInput,
  holds: (row: number) => boolean,
  counts: (row: number) => boolean = () => true,
): { value: number; interval: [number, number] | null } {
  const values = Float64Array.from({ length: dataset.rows }, (_, row) =>
    counts(row) ? Number(holds(row)) : Number.NaN,
  )
  return { value: mean(values), interval: shareInterval(values, clusters) }
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
