/** Rows as float32, as they are evaluated, and what that loses of numbers that were wider. */

import type { Narrowing } from '../core/dataset.ts'
import { type Issue, someRows } from '../core/errors.ts'
import type { Metric } from '../core/manifest.ts'
import { isShared, sharedFloat32 } from '../core/shared-memory.ts'
import type { Vectors } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { partOf, rowNumbers } from '../core/words.ts'

/** Rows that the middle of a dimension is found from; an odd number has a middle row. */
const SAMPLE = 1001
/** A dimension whose middle is so many times its usual deviation from zero loses six bits or more. */
const FAR = 64
/** Rounding to float32, as a share of a number. */
const ROUNDING = 2 ** -24
/** Rounding that is less, as a share of how far rows usually lie from the middle, moves no figure. */
const NO_MATTER = 1e-6
/** Of the rows: where more than these lose all that they were, no figure would be right. */
const MOST_LOST = 0.5

export interface NarrowRows {
  /** Rows × dimensions, on shared memory. */
  readonly vectors: Float32Array
  readonly narrowing?: Narrowing
  readonly warnings: readonly Warning[]
}

/**
 * The kept rows. Float32 rows that are on shared memory already stay where they are: the kept ones move
 * together over those that are set aside, so that no moment has room for all of them twice. Wider numbers are rounded once: with Euclidean distance less the middle of each
 * dimension that lies far from zero, which changes no distance, and taken away in double precision
 * loses nothing. With cosine distance nothing may be taken away.
 */
export function narrow(
  { values, dimensions }: Vectors,
  kept: Int32Array,
  metric: Metric,
  source: string,
): NarrowRows | { readonly issues: readonly Issue[] } {
  if (values instanceof Float32Array) {
    const room = isShared(values) ? values : sharedFloat32(kept.length * dimensions)
    for (const [place, row] of kept.entries()) {
      if (room === values && place === row) continue
      room.set(values.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions)
    }
    return { vectors: room.subarray(0, kept.length * dimensions), warnings: [] }
  }
  const vectors = sharedFloat32(kept.length * dimensions)
  const identities = identitiesOf(values, dimensions, kept)
  const origin = metric === 'cosine' ? null : originOf(values, dimensions, kept, identities)
  const moved = new Float64Array(kept.length)
  const zero: number[] = []
  const infinite: number[] = []
  let largest = 0
  for (const [place, row] of kept.entries()) {
    let [lost, length, size] = [0, 0, 0]
    for (let d = 0; d < dimensions; d++) {
      const value = values[row * dimensions + d]! - (origin === null ? 0 : origin[d]!)
      const rounded = Math.fround(value)
      vectors[place * dimensions + d] = rounded
      lost += (value - rounded) ** 2
      length += rounded ** 2
      size = Math.max(size, Math.abs(value))
    }
    moved[place] = Math.sqrt(metric === 'cosine' && length > 0 ? lost / length : lost)
    largest = Math.max(largest, size)
    // Squares of float32 neither overflow nor vanish in double precision.
    if (!Number.isFinite(length)) infinite.push(row)
    if (length === 0 && size > 0 && origin === null) zero.push(row)
  }
  const issue =
    infinite.length > 0
      ? tooLarge(infinite, kept.length, largest, source)
      : zero.length > MOST_LOST * kept.length
        ? tooSmall(zero, kept.length, largest, source)
        : null
  if (issue !== null) return { issues: [issue] }
  return {
    vectors,
    // Where nothing was rounded there is nothing to tell.
    ...(origin === null && moved.every((by) => by === 0)
      ? {}
      : { narrowing: { origin, moved, identities } }),
    warnings: zero.length === 0 ? [] : [becameZero(zero, kept.length)],
  }
}

/** A number of 53 bits for each row, the same for equal ones: which row it is, whatever its place. */
function identitiesOf(values: Float64Array, dimensions: number, kept: Int32Array): Float64Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  return Float64Array.from(kept, (row) => {
    let [high, low] = [0x9e3779b9, 0x85ebca6b]
    for (let at = row * dimensions * 2; at < (row + 1) * dimensions * 2; at++) {
      high = Math.imul(high ^ words[at]!, 0x01000193)
      high = (high << 13) | (high >>> 19)
      low = Math.imul(low ^ (words[at]! + high), 0xc2b2ae35)
      low ^= low >>> 15
    }
    return (high >>> 0) * 2 ** 21 + (low >>> 11)
  })
}

/**
 * What is taken away from each dimension: its middle where that lies far from zero, else 0; null where
 * that holds for none. By the rows of least identities, so that neither their order nor a few that lie
 * far off decide. A middle is a row's own number: of whole numbers it leaves whole numbers.
 */
function originOf(
  values: Float64Array,
  dimensions: number,
  kept: Int32Array,
  identities: Float64Array,
): Float64Array | null {
  const places = Int32Array.from(kept.keys())
    .sort((a, b) => identities[a]! - identities[b]! || a - b)
    .subarray(0, SAMPLE)
  const middles = new Float64Array(dimensions)
  const deviations = new Float64Array(dimensions)
  for (let d = 0; d < dimensions; d++) {
    const column = Float64Array.from(places, (place) => values[kept[place]! * dimensions + d]!)
    const middle = middleOf(column)
    middles[d] = middle
    deviations[d] = middleOf(column.map((value) => Math.abs(value - middle)))
  }
  const spread = Math.sqrt(deviations.reduce((sum, deviation) => sum + deviation ** 2, 0))
  const origin = middles.map((middle, d) => {
    const rounding = Math.abs(middle) * ROUNDING
    const isFar = deviations[d]! > 0 && Math.abs(middle) > FAR * deviations[d]!
    return isFar || (deviations[d] === 0 && rounding > NO_MATTER * spread) ? middle : 0
  })
  return origin.every((middle) => middle === 0) ? null : origin
}

function middleOf(numbers: Float64Array): number {
  return numbers.sort()[(numbers.length - 1) >> 1]!
}

function tooLarge(rows: readonly number[], count: number, largest: number, source: string): Issue {
  return {
    code: 'vectors-too-large',
    message: `${partOf(rows.length, count, 'rows')} ${rows.length === 1 ? 'has' : 'have'} values that are too large for float32, in which rows are evaluated: up to ${largest.toPrecision(3)}, and it ends at 3.40e+38 (${rowNumbers(rows)}).`,
    where: source,
    hint: 'Check the step that writes the embeddings for an overflow; if they are right, scale them all by one factor, for example embeddings / abs(embeddings).max()',
    ...someRows(rows.map(String)),
  }
}

function tooSmall(rows: readonly number[], count: number, largest: number, source: string): Issue {
  return {
    code: 'vectors-too-small',
    message: `${partOf(rows.length, count, 'rows')} are too small for float32, in which rows are evaluated, and would be zeros: the largest value is ${largest.toPrecision(3)}, and float32 begins at 1.40e-45 (${rowNumbers(rows)}).`,
    where: source,
    hint: 'Scale the embeddings, all by one factor, for example embeddings / abs(embeddings).max()',
    ...someRows(rows.map(String)),
  }
}

function becameZero(rows: readonly number[], count: number): Warning {
  const told = `${partOf(rows.length, count, 'rows')} ${rows.length === 1 ? 'is' : 'are'} too small for float32 and evaluated as zeros`
  return {
    code: 'rows-became-zero',
    message: `${told} (${rowNumbers(rows)}): scale the embeddings, all by one factor`,
    headline: told,
  }
}
