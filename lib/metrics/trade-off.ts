/** Fewer dimensions and fewer bits, each searched with the same queries as the vectors as they are. */

import type { Dataset } from '../core/dataset.ts'
import { throwIfCancelled } from '../core/errors.ts'
import { sharedFloat32 } from '../core/shared-memory.ts'
import type { Loss, TradeOff, TradeOffVariant } from '../core/trade-off.ts'
import { mean } from '../stats/summary.ts'
import type { Matrix } from '../tensor/backend.ts'
import type { Space, SpaceOptions } from './space.ts'
import { type Answers, RankedQuery } from './trade-off-rank.ts'
import { type Compressed, compressions } from './trade-off-variants.ts'

/** A loss of one point: more than the interval of most runs can tell apart, less than a team would mind. */
const TARGET = 0.01
const SEED = 31
/** Rows that are searched, and pairs of query and row that are compared for each variant. */
const GALLERY = 5000
const PAIRS = 2.56e6
/** Fewer rows tell nothing about a loss of a point. */
const FEWEST_ROWS = 50
const TILE = 2048
const Z = 1.959963984540054

/**
 * Hit@1, Hit@10 and MAP@R for each compression, of 5,000 rows at most and queries among them, both in
 * proportion to the classes: a query's own row is left out, R is the number of its class mates among
 * those rows, ties go to the lower row. Distances are made of float32 products. Among fewer rows every
 * form does better than among all; what is compared is the loss.
 */
export async function tradeOff(
  allRows: Dataset,
  whole: Space,
  options: SpaceOptions,
): Promise<TradeOff> {
  const random = options.random(SEED)
  const gallery = sampleByClass([...allRows.labels.keys()], allRows.labels, GALLERY, random)
  const { dataset, space } = part(allRows, whole, gallery)
  const { labels, rows } = dataset
  const sizes = new Int32Array(dataset.classes.length)
  for (const label of labels) sizes[label]!++
  const able = [...labels.keys()].filter((row) => sizes[labels[row]!]! > 1)
  const queries = sampleByClass(able, labels, Math.floor(PAIRS / rows), random)
  const about = {
    queries: queries.length,
    gallery: rows,
    exactness: queries.length === able.length && rows === allRows.rows ? 'exact' : 'sampled',
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

/** Some of the rows, as if they were all. */
function part(
  dataset: Dataset,
  space: Space,
  rows: Int32Array,
): { dataset: Dataset; space: Space } {
  if (rows.length === dataset.rows) return { dataset, space }
  const { dimensions, vectors } = dataset
  return {
    dataset: {
      ...dataset,
      rows: rows.length,
      vectors: picked({ values: vectors, rows: dataset.rows, dimensions }, rows).values,
      labels: Int32Array.from(rows, (row) => dataset.labels[row]!),
    },
    space: {
      ...space,
      norms: Float64Array.from(rows, (row) => space.norms[row]!),
      centred: picked(space.centred, rows),
    },
  }
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
  const products = new Float32Array(queries.length * matrix.rows)
  const tiles = Array.from({ length: Math.ceil(matrix.rows / TILE) }, (_, tile) => ({
    leftStart: 0,
    leftEnd: queries.length,
    rightStart: tile * TILE,
    rightEnd: Math.min(matrix.rows, (tile + 1) * TILE),
  }))
  let next = 0
  for await (const block of backend.products(picked(matrix, queries), matrix, tiles)) {
    throwIfCancelled(signal)
    const { rightStart, rightEnd } = tiles[next++]!
    const width = rightEnd - rightStart
    for (let at = 0; at < queries.length; at++) {
      products.set(block.subarray(at * width, (at + 1) * width), at * matrix.rows + rightStart)
    }
  }
  for (const [at, query] of queries.entries()) {
    const own = products.subarray(at * matrix.rows, (at + 1) * matrix.rows)
    ranked.answer(own, query, sizes[dataset.labels[query]!]! - 1, answers, at)
  }
  return answers
}

function picked({ values, dimensions }: Matrix, rows: Int32Array): Matrix {
  const chosen = sharedFloat32(rows.length * dimensions)
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
