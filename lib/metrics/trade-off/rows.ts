/** Which rows the trade-off asks, which it searches, and what of those each of them may find. */

import type { Dataset } from '../../core/dataset.ts'
import { sharedFloat32 } from '../../core/shared-memory.ts'
import type { Matrix } from '../../tensor/backend.ts'
import type { Space } from '../structure/space.ts'

/** Rows that are searched, and pairs of query and row that are compared for each variant. */
const GALLERY = 5000
const PAIRS = 2.56e6

/** Some of the rows, as if they were all; rows are counted among these. */
export interface TradeOffRows {
  readonly dataset: Dataset
  readonly space: Space
  readonly queries: Int32Array
  /** How many are searched: all, but for queries that stand beside a gallery. */
  readonly gallery: number
  /** Queries with a row to find, whether or not they are asked. */
  readonly able: number
  /** Whether every row is searched and every able query asked. */
  readonly complete: boolean
  /** Rows of the query's class that it may find. */
  readonly mates: (query: number) => number
  /** What it may not find: itself, its group, and other queries where there is a gallery. */
  readonly hidden: (query: number) => ArrayLike<number>
}

/** Rows and queries are both drawn in proportion to their classes. */
export function tradeOffRows(all: Dataset, space: Space, random: () => number): TradeOffRows {
  const everyRow = [...all.labels.keys()]
  const { queries: asks } = all
  const searchable = asks ? everyRow.filter((row) => asks[row] === 0) : everyRow
  const gallery = sampleByClass(searchable, all.labels, GALLERY, random)
  const { mates, group } = matching(all, gallery)
  const asking = asks ? everyRow.filter((row) => asks[row] === 1) : [...gallery]
  const able = asking.filter((row) => mates(row) > 0)
  const asked = sampleByClass(able, all.labels, Math.floor(PAIRS / gallery.length), random)
  const chosen = asks ? Int32Array.from([...gallery, ...asked]).sort() : gallery
  const place = new Map(Array.from(chosen, (row, at) => [row, at]))
  const beside = asks ? Array.from(asked, (row) => place.get(row)!) : []
  return {
    ...part(all, space, chosen),
    queries: asked.map((row) => place.get(row)!),
    gallery: gallery.length,
    able: able.length,
    complete: asked.length === able.length && gallery.length === searchable.length,
    mates: (query) => mates(chosen[query]!),
    hidden(query) {
      const own = group(chosen[query]!).map((row) => place.get(row)!)
      return asks ? [...beside, ...own] : own
    },
  }
}

/** Of each row: how many of the gallery it is to find, and which of the gallery are of its group. */
function matching({ labels, classes, groups }: Dataset, gallery: Int32Array) {
  const sizes = new Int32Array(classes.length)
  const members = new Map<number, number[]>()
  for (const row of gallery) {
    sizes[labels[row]!]!++
    const group = groups?.[row] ?? -1
    if (group < 0) continue
    const others = members.get(group)
    if (others) others.push(row)
    else members.set(group, [row])
  }
  const searched = new Set(gallery)
  const group = (row: number): readonly number[] => {
    const own = groups?.[row] ?? -1
    if (own >= 0) return members.get(own) ?? []
    return searched.has(row) ? [row] : []
  }
  const mates = (row: number) =>
    sizes[labels[row]!]! - group(row).filter((other) => labels[other] === labels[row]).length
  return { mates, group }
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

export function picked({ values, dimensions }: Matrix, rows: Int32Array): Matrix {
  const chosen = sharedFloat32(rows.length * dimensions)
  for (const [at, row] of rows.entries()) {
    chosen.set(values.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions)
  }
  return { values: chosen, rows: rows.length, dimensions }
}
