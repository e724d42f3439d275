/** How a large self-join is divided: which one is too large for one function, and into how many parts. */

import { MOST_SUMS } from '../core/class-distances.ts'
import { InputError } from '../core/errors.ts'
import { countOf } from '../core/words.ts'
import { STRIP_STEP, type StripRange } from '../neighbors/strip.ts'

export interface JoinSize {
  readonly rows: number
  readonly dimensions: number
  readonly classes: number
}

/** What a function of the cloud may take for a shard. */
export interface ShardLimits {
  readonly memoryBytes: number
  /** How long a shard should take; it is given a multiple of it until it is stopped. */
  readonly seconds: number
}

/** Memory that a function has for each whole processor core. */
const BYTES_PER_CORE = 1769 * 2 ** 20

/** Seconds of one core of a function, for a pair of rows itself and for each of its dimensions. */
interface PairCost {
  readonly pair: number
  readonly dimension: number
}

/*
 * Half again what was measured, see `docs/scale.md`: a function's core is a thread of one, and slower.
 * One function looks at each pair once for both of its rows, strips at each once for either.
 */
const WHOLE: PairCost = { pair: 25e-9, dimension: 1 / 28e9 }
const STRIP: PairCost = { pair: 25e-9, dimension: 1 / 28e9 }

/** Node, the threads and what they write. */
const SHARD_BASE_BYTES = 400e6
/** Of each of all rows: its vector as it was read, as it is prepared, and in whole numbers of two bytes. */
const BYTES_PER_COMPONENT = 10
/** And its neighbours, ranks and place, apart from its vector. */
const BYTES_PER_ROW = 400
/** A position's lists of all that is near, as far as they fit, and what else is kept of it. */
export const LIST_BYTES_PER_ROW = 3072
const SHARD_ROW_BYTES = LIST_BYTES_PER_ROW + 1024
/** Of a class sum, which a row has one of for each class; the strip keeps `MOST_SUMS` at a time. */
const SUM_BYTES = Float64Array.BYTES_PER_ELEMENT

/** A function is stopped after 900. */
const LONGEST_SECONDS = 800
/** More would only be a list that no state machine takes; each is the longer. */
const MOST_SHARDS = 10_000

/** How long a function with this much memory takes to rank so many rows against all. */
export function stripSeconds(strip: number, size: JoinSize, memoryBytes: number): number {
  return secondsFor(strip * size.rows, size.dimensions, STRIP, memoryBytes)
}

/** How long it takes for all rows, each pair looked at once. */
export function joinSeconds({ rows, dimensions }: JoinSize, memoryBytes: number): number {
  return secondsFor((rows * rows) / 2, dimensions, WHOLE, memoryBytes)
}

function secondsFor(
  pairs: number,
  dimensions: number,
  { pair, dimension }: PairCost,
  memoryBytes: number,
): number {
  return (pairs * (pair + dimensions * dimension) * BYTES_PER_CORE) / memoryBytes
}

/**
 * Ranges of positions of nearly equal length, each of which a function ranks against all rows within
 * its memory and in about the time that a shard should take.
 *
 * @throws InputError `too-large` where no number of shards does it
 */
export function planShards(size: JoinSize, limits: ShardLimits, file: string): StripRange[] {
  const { rows, dimensions, classes } = size
  const ofAll = SHARD_BASE_BYTES + rows * (dimensions * BYTES_PER_COMPONENT + BYTES_PER_ROW)
  const bytesPerRow = SHARD_ROW_BYTES + classes * SUM_BYTES
  const usable = 0.8 * limits.memoryBytes
  const what = `${countOf(rows, 'row')} of ${countOf(dimensions, 'dimension')} in ${countOf(classes, 'class', 'classes')}`
  if (ofAll + bytesPerRow * STRIP_STEP > usable) {
    throw new InputError({
      code: 'too-large',
      message: `${what} take about ${gigabytes(ofAll + bytesPerRow * STRIP_STEP)} in every shard, which holds all vectors, and ${gigabytes(usable)} may be used there.`,
      where: file,
      hint: 'Give the function shard more memory, evaluate a sample of the rows, or evaluate them on one machine that holds them.',
    })
  }
  const left = usable - ofAll
  const most = Math.floor(
    Math.max(left / bytesPerRow, (left - MOST_SUMS * SUM_BYTES) / SHARD_ROW_BYTES),
  )
  const seconds = stripSeconds(rows, size, limits.memoryBytes)
  const count = Math.min(rows, MOST_SHARDS, Math.ceil(seconds / limits.seconds))
  const shards = Math.max(count, Math.ceil(rows / most))
  if (shards > MOST_SHARDS || seconds / shards > LONGEST_SECONDS) {
    throw new InputError({
      code: 'too-large',
      message: `${what} take more than ${countOf(MOST_SHARDS, 'shard')} of ${Math.round(limits.memoryBytes / 2 ** 20)} MB and ${LONGEST_SECONDS} s, which is the most.`,
      where: file,
      hint: 'Evaluate a sample of the rows, or give the function shard more memory.',
    })
  }
  const steps = Math.ceil(rows / STRIP_STEP)
  const edge = (shard: number) => Math.min(rows, Math.floor((shard * steps) / shards) * STRIP_STEP)
  return Array.from({ length: shards }, (_, shard) => ({
    start: edge(shard),
    end: shard + 1 === shards ? rows : edge(shard + 1),
  })).filter(({ start, end }) => end > start)
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`
}
