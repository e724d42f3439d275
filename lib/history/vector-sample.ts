/** Rows of two runs whose vectors are held against each other: a sample, whatever the runs' sizes. */

import type { Dataset } from '../core/dataset.ts'
import type { Metric } from '../core/manifest.ts'
import { scaledFor } from '../stats/centroid.ts'
import type { Configuration } from '../stats/procrustes.ts'
import { FOLDS } from '../stats/separation.ts'
import { MOST_POINTS, type SharedRows } from './space.ts'

/** Rows of each run that a classifier learns to tell apart. */
const ROWS = 400
/** Fewer tell nothing. */
const FEWEST_ROWS = 50
const SEED = 20260711

export interface VectorSample {
  /** The same rows in both runs; null where rows can't be matched. */
  readonly shared: SharedRows | null
  /** Rows of this run and of the baseline, each in proportion to the rows that the other has too. */
  readonly apart: {
    readonly rows: number
    readonly now: Configuration
    readonly before: Configuration
    /** A row that is in both is in one fold, so that no classifier knows it from the other run. */
    readonly folds: readonly [now: Int32Array, before: Int32Array]
  } | null
}

/** A sample of both runs' vectors, or why there is none, as a sentence. */
export type VectorsAtHand = { readonly sample: VectorSample } | { readonly note: string }

type Vectors = Pick<Dataset, 'rows' | 'dimensions' | 'vectors' | 'narrowing'>

/** @param baselineRow for each row of this run the baseline's, −1 without; null where none can be matched */
export function sampleVectors(
  now: Vectors,
  before: Vectors,
  baselineRow: Int32Array | null,
  metric: Metric,
  random: (seed: number) => () => number,
): VectorSample {
  const draw = random(SEED)
  const order = shuffled(now.rows, draw)
  const rowNow = new Int32Array(before.rows).fill(-1)
  for (const [row, then] of baselineRow?.entries() ?? []) if (then >= 0) rowNow[then] = row
  const matched = order.filter((row) => (baselineRow?.[row] ?? -1) >= 0)
  const both = matched.slice(0, MOST_POINTS)
  const here = measuredBy(metric, now)
  const there = measuredBy(metric, before)
  const count = Math.min(ROWS, now.rows, before.rows)
  const chosen = order.slice(0, count)
  const partners = sampleBefore(chosen, matched, baselineRow, rowNow, count, draw)
  return {
    shared:
      both.length === 0
        ? null
        : {
            count: both.length,
            now: here(both),
            before: there(both.map((row) => baselineRow![row]!)),
          },
    apart:
      count < FEWEST_ROWS
        ? null
        : {
            rows: count,
            now: here(chosen),
            before: there(partners),
            folds: [
              chosen.map((row) => row % FOLDS),
              partners.map((row) => (rowNow[row]! < 0 ? row : rowNow[row]!) % FOLDS),
            ],
          },
  }
}

/**
 * Rows of the baseline, of which as large a share is in this run as of all of its rows; those that were
 * chosen here come first, since a row against itself shows a change best.
 */
function sampleBefore(
  chosen: Int32Array,
  matched: Int32Array,
  baselineRow: Int32Array | null,
  rowNow: Int32Array,
  count: number,
  draw: () => number,
): Int32Array {
  const shared = Math.round((count * matched.length) / rowNow.length)
  const isChosen = new Set(chosen)
  const ordered = [
    ...matched.filter((row) => isChosen.has(row)),
    ...matched.filter((row) => !isChosen.has(row)),
  ]
  const own = shuffled(rowNow.length, draw).filter((row) => rowNow[row]! < 0)
  return Int32Array.of(
    ...ordered.slice(0, shared).map((row) => baselineRow![row]!),
    ...own.slice(0, count - shared),
  )
}

/** Where the rows were uploaded: each run may have taken something else away. */
function measuredBy(metric: Metric, { dimensions, vectors, narrowing }: Vectors) {
  const origin = narrowing?.origin ?? null
  return (chosen: Int32Array): Configuration => {
    if (origin !== null) {
      const values = Float64Array.from({ length: chosen.length * dimensions }, (_, at) => {
        const [place, d] = [Math.floor(at / dimensions), at % dimensions]
        return vectors[chosen[place]! * dimensions + d]! + origin[d]!
      })
      return { values, dimensions }
    }
    const values = new Float32Array(chosen.length * dimensions)
    for (const [at, row] of chosen.entries()) {
      values.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions)
    }
    const { scales } = scaledFor({ rows: chosen.length, dimensions, vectors: values }, metric)
    for (let at = 0; at < values.length; at++) values[at]! *= scales[Math.floor(at / dimensions)]!
    return { values, dimensions }
  }
}

/** Fisher and Yates. */
function shuffled(count: number, draw: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, at) => at)
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(draw() * (at + 1))
    const value = order[at]!
    order[at] = order[other]!
    order[other] = value
  }
  return order
}
