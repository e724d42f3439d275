/** Fewer dimensions and fewer bits, each searched with the same queries as the vectors as they are. */

import type { Dataset } from '../core/dataset.ts'
import { throwIfCancelled } from '../core/errors.ts'
import type { Loss, TradeOff, TradeOffVariant } from '../core/trade-off.ts'
import { mean } from '../stats/summary.ts'
import type { Matrix } from '../tensor/backend.ts'
import type { Space, SpaceOptions } from './space.ts'
import { type Answers, RankedQuery } from './trade-off-rank.ts'
import { type Compressed, compressions } from './trade-off-variants.ts'

/** A loss of one point: more than the interval of most runs can tell apart, less than a team would mind. */
const TARGET = 0.01
const SEED = 31
/** Pairs of query and row that are compared for each variant. */
const PAIRS = 8e6
const FEWEST_QUERIES = 256
/** Fewer rows tell nothing about a loss of a point. */
const FEWEST_ROWS = 50
/** Distances that are held at a time. */
const HELD = 16e6
const TILE = 2048
const Z = 1.959963984540054

/**
 * Hit@1, Hit@10 and MAP@R of a sample of the rows, in proportion to their classes, against all rows,
 * for each compression: a query's own row is left out, R is the number of its class mates, ties go to
 * the lower row. Distances are made of float32 products.
 */
export async function tradeOff(
  dataset: Dataset,
  space: Space,
  options: SpaceOptions,
): Promise<TradeOff> {
  const { labels, rows } = dataset
  const sizes = new Int32Array(dataset.classes.length)
  for (const label of labels) sizes[label]!++
  const able = [...labels.keys()].filter((row) => sizes[labels[row]!]! > 1)
  const wanted = Math.max(FEWEST_QUERIES, Math.floor(PAIRS / rows))
  const queries = sampleByClass(able, labels, wanted, options.random(SEED))
  const about = {
    queries: queries.length,
    gallery: rows,
    exactness: queries.length === able.length ? 'exact' : 'sampled',
    target: TARGET,
  } as const
  const none = (note: string) => ({ ...about, variants: [], smallest: null, note })
  if (dataset.queries !== undefined || dataset.groups !== undefined) {
    return none('It is tried only where every row is held against all others.')
  }
  if (dataset.classes.length < 2) return none('With one class every answer is right.')
  if (able.length < FEWEST_ROWS) {
    return none(
      `It takes ${FEWEST_ROWS} rows with another of their class; there are ${able.length}.`,
    )
  }
  if (space.totalVariance === 0) return none('All rows are equal.')

  const variants: TradeOffVariant[] = []
  let full: Answers | null = null
  for await (const variant of compressions(dataset, space, options)) {
    throwIfCancelled(options.signal)
    const answers = await search(variant, queries, dataset, sizes, options)
    full ??= answers
    variants.push(measured(variant, answers, full, dataset.dimensions))
  }
  const smallest = variants
    .filter(({ kind, keepsTarget }) => kind !== 'full' && keepsTarget)
    .sort((a, b) => a.bytesPerRow - b.bytesPerRow || a.mapAtRLoss.value - b.mapAtRLoss.value)[0]
  return { ...about, variants, smallest: smallest?.id ?? null, note: null }
}

/** All, or at even steps through the rows ordered by class and, within it, by chance. */
function sampleByClass(
  rows: readonly number[],
  labels: Int32Array,
  count: number,
  random: () => number,
): Int32Array {
  if (rows.length <= count) return Int32Array.from(rows)
  const keyed = rows.map((row) => ({ row, label: labels[row]!, key: random() }))
  keyed.sort((a, b) => a.label - b.label || a.key - b.key)
  const start = random()
  const chosen = Array.from(
    { length: count },
    (_, at) => keyed[Math.floor(((at + start) * rows.length) / count)]!.row,
  )
  return Int32Array.from(chosen).sort()
}

async function search(
  variant: Compressed,
  queries: Int32Array,
  dataset: Dataset,
  sizes: Int32Array,
  { backend, signal }: SpaceOptions,
): Promise<Answers> {
  const { matrix, squaredNorms } = variant
  const answers: Answers = {
    hitAt1: new Float64Array(queries.length),
    hitAt10: new Float64Array(queries.length),
    averagePrecision: new Float64Array(queries.length),
  }
  const ranked = new RankedQuery(dataset.labels, squaredNorms)
  const group = Math.max(64, Math.floor(HELD / matrix.rows))
  for (let start = 0; start < queries.length; start += group) {
    throwIfCancelled(signal)
    const rows = queries.subarray(start, start + group)
    const products = new Float32Array(rows.length * matrix.rows)
    const left = picked(matrix, rows)
    const tiles = Array.from({ length: Math.ceil(matrix.rows / TILE) }, (_, tile) => ({
      leftStart: 0,
      leftEnd: rows.length,
      rightStart: tile * TILE,
      rightEnd: Math.min(matrix.rows, (tile + 1) * TILE),
    }))
    let next = 0
    for await (const block of backend.products(left, matrix, tiles)) {
      const { rightStart, rightEnd } = tiles[next++]!
      const width = rightEnd - rightStart
      for (let at = 0; at < rows.length; at++) {
        products.set(block.subarray(at * width, (at + 1) * width), at * matrix.rows + rightStart)
      }
    }
    for (const [at, row] of rows.entries()) {
      const own = products.subarray(at * matrix.rows, (at + 1) * matrix.rows)
      ranked.answer(own, row, sizes[dataset.labels[row]!]! - 1, answers, start + at)
    }
  }
  return answers
}

function picked({ values, dimensions }: Matrix, rows: Int32Array): Matrix {
  const chosen = new Float32Array(rows.length * dimensions)
  for (const [at, row] of rows.entries()) {
    chosen.set(values.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions)
  }
  return { values: chosen, rows: rows.length, dimensions }
}

function measured(
  { id, kind, title, dimensions, bytesPerRow }: Compressed,
  answers: Answers,
  full: Answers,
  fullDimensions: number,
): TradeOffVariant {
  const hitAt1Loss = loss(full.hitAt1, answers.hitAt1)
  const mapAtRLoss = loss(full.averagePrecision, answers.averagePrecision)
  return {
    id,
    kind,
    title,
    dimensions,
    bytesPerRow,
    searchCost: bytesPerRow / (4 * fullDimensions),
    hitAt1: mean(answers.hitAt1),
    hitAt10: mean(answers.hitAt10),
    mapAtR: mean(answers.averagePrecision),
    hitAt1Loss,
    mapAtRLoss,
    keepsTarget: hitAt1Loss.value <= TARGET && mapAtRLoss.value <= TARGET,
  }
}

/** Mean of the paired differences, with its normal interval. */
function loss(before: Float64Array, after: Float64Array): Loss {
  const differences = before.map((value, at) => value - after[at]!)
  const value = mean(differences)
  let squares = 0
  for (const difference of differences) squares += (difference - value) ** 2
  const half =
    (Z * Math.sqrt(squares / Math.max(1, differences.length - 1))) / Math.sqrt(differences.length)
  return { value, interval: [value - half, value + half] }
}
