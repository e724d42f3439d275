/** Distances of pairs of rows: of all pairs where they are few, else of a seeded sample. */

import type { Dataset } from '../../core/dataset.ts'
import type { Metric } from '../../core/manifest.ts'
import { squaredDistance } from '../../core/vectors.ts'

/** Draws that may fail, for each pair that is wanted, before it is held that there are no more. */
const PATIENCE = 8

export interface PairSample {
  /** Distances in double precision. */
  readonly distances: Float64Array
  /** The two rows of each. */
  readonly firsts: Int32Array
  readonly seconds: Int32Array
  /** Whether these are some of the pairs rather than all. */
  readonly sampled: boolean
}

/** Whether two rows make a pair: a row of the gallery with a query, and not two of one group. */
function mayPair({ queries, groups }: Dataset, a: number, b: number): boolean {
  if (a === b) return false
  if (queries !== undefined && queries[a] === queries[b]) return false
  return groups === undefined || groups[a]! < 0 || groups[a] !== groups[b]
}

/**
 * Pairs within the blocks, which are rows of one class each: all of them where they are at most
 * twice `most`, else so many, drawn with replacement.
 */
export function pairsWithin(
  dataset: Dataset,
  metric: Metric,
  blocks: readonly Int32Array[],
  most: number,
  random: () => number,
): PairSample {
  const ends: number[] = []
  let pairs = 0
  for (const { length } of blocks) {
    pairs += (length * (length - 1)) / 2
    ends.push(pairs)
  }
  if (pairs <= 2 * most) {
    const all = blocks.flatMap((rows) =>
      Array.from(rows, (a, at) => Array.from(rows.subarray(at + 1), (b) => [a, b] as const)).flat(),
    )
    return measured(dataset, metric, all, false)
  }
  const draw = (): readonly [number, number] => {
    const at = random() * pairs
    const rows = blocks[ends.findIndex((end) => at < end)]!
    const first = Math.floor(random() * rows.length)
    const second = Math.floor(random() * (rows.length - 1))
    return [rows[first]!, rows[second < first ? second : second + 1]!]
  }
  return drawn(dataset, metric, draw, () => true, most)
}

/** The same of pairs of two classes: one row of `firsts`, the other of `seconds`. */
export function pairsBetween(
  dataset: Dataset,
  metric: Metric,
  firsts: Int32Array,
  seconds: Int32Array,
  most: number,
  random: () => number,
): PairSample {
  const { labels } = dataset
  const differ = (a: number, b: number) => labels[a] !== labels[b]
  if (firsts.length * seconds.length <= 2 * most) {
    const all = Array.from(firsts, (a) => Array.from(seconds, (b) => [a, b] as const)).flat()
    // Of two equal lists a pair counts once.
    const once = firsts === seconds ? all.filter(([a, b]) => a < b) : all
    const fitting = once.filter(([a, b]) => differ(a, b))
    return measured(dataset, metric, fitting, false)
  }
  const draw = () =>
    [
      firsts[Math.floor(random() * firsts.length)]!,
      seconds[Math.floor(random() * seconds.length)]!,
    ] as const
  return drawn(dataset, metric, draw, differ, most)
}

function drawn(
  dataset: Dataset,
  metric: Metric,
  draw: () => readonly [number, number],
  fits: (a: number, b: number) => boolean,
  most: number,
): PairSample {
  const pairs: (readonly [number, number])[] = []
  for (let turn = 0; turn < PATIENCE * most && pairs.length < most; turn++) {
    const [a, b] = draw()
    if (fits(a, b) && mayPair(dataset, a, b)) pairs.push([a, b])
  }
  return measured(dataset, metric, pairs, true)
}

/** Of those that make a pair. */
function measured(
  dataset: Dataset,
  metric: Metric,
  pairs: readonly (readonly [number, number])[],
  sampled: boolean,
): PairSample {
  const distance = distanceBetween(dataset, metric)
  const made = pairs.filter(([a, b]) => mayPair(dataset, a, b))
  return {
    distances: Float64Array.from(made, ([a, b]) => distance(a, b)),
    firsts: Int32Array.from(made, ([a]) => a),
    seconds: Int32Array.from(made, ([, b]) => b),
    sampled,
  }
}

function distanceBetween({ vectors, dimensions }: Dataset, metric: Metric) {
  const euclidean = (a: number, b: number) => Math.sqrt(squaredDistance(vectors, dimensions, a, b))
  const cosine = (a: number, b: number): number => {
    let dot = 0
    let squaredA = 0
    let squaredB = 0
    for (let d = 0; d < dimensions; d++) {
      const left = vectors[a * dimensions + d]!
      const right = vectors[b * dimensions + d]!
      dot += left * right
      squaredA += left * left
      squaredB += right * right
    }
    return squaredA === 0 || squaredB === 0 ? 1 : 1 - dot / Math.sqrt(squaredA * squaredB)
  }
  return metric === 'euclidean' ? euclidean : cosine
}

/** How many pairs of two classes are of rows with the same bytes. */
export function identicalPairs(dataset: Dataset, firstEqual: Int32Array): number {
  const { labels, queries, groups } = dataset
  const members = new Map<number, number[]>()
  for (const [row, first] of firstEqual.entries()) {
    if (first === row) continue
    const known = members.get(first)
    if (known) known.push(row)
    else members.set(first, [first, row])
  }
  let pairs = 0
  for (const rows of members.values()) {
    // Rows that are alike in all that decides count together.
    const kinds = new Map<string, { row: number; count: number }>()
    for (const row of rows) {
      const ofNone = groups !== undefined && groups[row]! < 0
      const kind = `${labels[row]} ${queries?.[row]} ${ofNone ? '' : groups?.[row]}`
      const known = kinds.get(kind)
      if (known) known.count++
      else kinds.set(kind, { row, count: 1 })
    }
    const all = [...kinds.values()]
    for (const [at, a] of all.entries()) {
      for (const b of all.slice(0, at)) {
        const differ = labels[a.row] !== labels[b.row]
        if (differ && mayPair(dataset, a.row, b.row)) pairs += a.count * b.count
      }
    }
  }
  return pairs
}
