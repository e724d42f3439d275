/** Fewer dimensions and fewer bits, each searched with the same queries as the vectors as they are. */

import type { Dataset } from '../../core/dataset.ts'
import { firstEqualRows } from '../../core/equal-rows.ts'
import { throwIfCancelled } from '../../core/errors.ts'
import type { Neighborhood } from '../../core/evaluation.ts'
import { broughtIn } from '../../core/far-rows.ts'
import type { Metric } from '../../core/manifest.ts'
import type { Loss, TradeOff, TradeOffVariant } from '../../core/trade-off.ts'
import { NORMAL_95 } from '../../stats/interval.ts'
import { mean } from '../../stats/summary.ts'
import { rowNorms, type Space, type SpaceOptions } from '../structure/space.ts'
import { type Answers, RankedQuery } from './rank.ts'
import { picked, type TradeOffRows, tradeOffRows } from './rows.ts'
import { type Compressed, compressions } from './variants.ts'

type Ranked = Pick<Neighborhood, 'eligibleMates' | 'firstMateRank' | 'averagePrecisionAtR'>

/** A loss of one point: more than the interval of most runs can tell apart, less than a team would mind. */
const TARGET = 0.01
const SEED = 31
/** Fewer rows tell nothing about a loss of a point. */
const FEWEST_ROWS = 50
/** The same search as the run's own, of all rows, must give the same figures but for so much. */
const AGREEMENT = 0.002
/** Queries whose products are made at a time, those of the next while they are ranked. */
const TILE = 64

/**
 * Hit@1, Hit@10 and MAP@R for each compression, of 5,000 rows of the gallery at most and as many queries
 * as is affordable, both in proportion to the classes: a query's own row and its group are left out, R is
 * the number of its class mates that are left, ties go to the lower row. Among fewer rows every form does
 * better than among all; what is compared is the loss.
 *
 * @param ranked how the run's own search ranked all rows; null where the figures aren't to be held to it
 */
export async function tradeOff(
  allRows: Dataset,
  whole: Space,
  ranked: Ranked | null,
  options: SpaceOptions,
): Promise<TradeOff> {
  const near = nearRows(allRows, whole, options.metric)
  const rows = tradeOffRows(near.dataset, near.space, options.random(SEED))
  const { dataset, space, queries, able } = rows
  const about = {
    queries: queries.length,
    gallery: rows.gallery,
    exactness: rows.complete ? 'exact' : 'sampled',
    target: TARGET,
  } as const
  const none = (note: string) => ({ ...about, variants: [], smallest: null, note })
  if (dataset.classes.length < 2) return none('With one class every answer is right.')
  if (able < FEWEST_ROWS) {
    return none(
      `It takes ${FEWEST_ROWS} rows with another of their class to find; there are ${able}.`,
    )
  }
  if (space.totalVariance === 0) return none('All rows are equal.')

  // What is equal stays so in every form.
  const equal = firstEqualRows(dataset.vectors, dataset.rows, dataset.dimensions)
  const firstEqual = equal.every((first, row) => first === row) ? null : equal
  const variants: TradeOffVariant[] = []
  let full: Answers | null = null
  for await (const variant of compressions(dataset, space, options)) {
    throwIfCancelled(options.signal)
    const answers = await search(variant, rows, firstEqual, options)
    if (full === null && !beatsChance(answers, rows)) {
      return none('The vectors as they are find no better than chance: there is nothing to keep.')
    }
    if (full === null && rows.complete && !agrees(answers, ranked, near.farShare)) {
      return none(
        'The vectors as they are don’t give the run’s own Hit@1 and MAP@R here, so their smaller forms can’t be compared with them.',
      )
    }
    full ??= answers
    variants.push(measured(variant, answers, full, dataset.dimensions))
  }
  const smallest = variants
    .filter(({ kind, keepsTarget }) => kind !== 'full' && keepsTarget)
    .sort((a, b) => a.bytesPerRow - b.bytesPerRow || a.mapAtRLoss.value - b.mapAtRLoss.value)[0]
  return { ...about, variants, smallest: smallest?.id ?? null, note: null }
}

/** As they are laid out in the space: far rows, which would hide all others, brought in. */
function nearRows(dataset: Dataset, space: Space, metric: Metric) {
  const { rows, dimensions } = dataset
  const vectors =
    metric === 'cosine' ? dataset.vectors : broughtIn(dataset.vectors, rows, dimensions)
  if (vectors === dataset.vectors) return { dataset, space, farShare: 0 }
  const norms = rowNorms({ vectors, rows, dimensions }, null)
  const far = norms.filter((norm, row) => norm !== space.norms[row]).length
  return { dataset: { ...dataset, vectors }, space: { ...space, norms }, farShare: far / rows }
}

/** Whether the figures are those that the run's own search gives. */
function agrees(
  { hitAt1, averagePrecision }: Answers,
  ranked: Ranked | null,
  farShare: number,
): boolean {
  if (ranked === null) return true
  const { eligibleMates, firstMateRank, averagePrecisionAtR } = ranked
  const able = [...eligibleMates.keys()].filter((row) => eligibleMates[row]! > 0)
  const meanOf = (value: (row: number) => number) => mean(Float64Array.from(able, value))
  const hits = meanOf((row) => Number(firstMateRank[row] === 1))
  const precision = meanOf((row) => averagePrecisionAtR[row]!)
  return (
    Math.abs(mean(hitAt1) - hits) <= AGREEMENT + farShare &&
    Math.abs(mean(averagePrecision) - precision) <= AGREEMENT + farShare
  )
}

/** Whether Hit@1 is higher than random neighbours would reach, and not by luck. */
function beatsChance({ hitAt1 }: Answers, { queries, mates, hidden, dataset }: TradeOffRows) {
  const left = (query: number) => dataset.rows - hidden(query).length
  const chance = mean(Float64Array.from(queries, (query) => mates(query) / left(query)))
  const error = Math.sqrt((chance * (1 - chance)) / queries.length)
  return mean(hitAt1) > chance + NORMAL_95 * error
}

async function search(
  variant: Compressed,
  { dataset, queries, mates, hidden }: TradeOffRows,
  firstEqual: Int32Array | null,
  { backend, signal }: SpaceOptions,
): Promise<Answers> {
  const { matrix } = variant
  const answers: Answers = {
    hitAt1: new Float64Array(queries.length),
    hitAt10: new Float64Array(queries.length),
    averagePrecision: new Float64Array(queries.length),
  }
  const ranked = new RankedQuery(dataset.labels, variant, firstEqual)
  const tiles = Array.from({ length: Math.ceil(queries.length / TILE) }, (_, tile) => ({
    leftStart: tile * TILE,
    leftEnd: Math.min(queries.length, (tile + 1) * TILE),
    rightStart: 0,
    rightEnd: matrix.rows,
  }))
  let at = 0
  for await (const block of backend.products(picked(matrix, queries), matrix, tiles)) {
    throwIfCancelled(signal)
    for (let start = 0; start < block.length; start += matrix.rows, at++) {
      const query = queries[at]!
      const products = block.subarray(start, start + matrix.rows)
      ranked.answer(products, query, mates(query), hidden(query), answers, at)
    }
  }
  return answers
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
    (NORMAL_95 * Math.sqrt(squares / Math.max(1, differences.length - 1))) /
    Math.sqrt(differences.length)
  return { value, interval: [value - half, value + half] }
}
