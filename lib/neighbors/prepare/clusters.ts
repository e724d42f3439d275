/** An order of rows by likeness, in clusters: it decides nothing but the order of the work. */

import { seededRandom } from '../../core/random.ts'
import type { Backend, Matrix } from '../../tensor/backend.ts'
import { selectSmallest } from '../distance/sorting.ts'
import { orderRows } from '../plan/row-order.ts'
import type { RowOrder } from '../types.ts'
import { rowTiles } from './axes.ts'

const MOST_CLUSTERS = 192
const SAMPLE_ROWS = 2048

/** Halving ends at the rows of a panel, because a panel's patch is ruled out as a whole. */
const LEAF_ROWS = 8
/** Clusters are halved along one of the first axes, on which rows differ most. */
const SPLIT_AXES = 24

/**
 * An order in which rows that are alike lie side by side: clusters one behind the other, each of which is
 * halved again and again along the axis on which it is widest, down to the rows of a panel. One cluster
 * without coordinates.
 */
export async function clusteredOrder(
  rows: number,
  coordinates: Matrix | null,
  backend: Backend,
): Promise<RowOrder> {
  const order = orderRows(...(await clusterLabels(rows, coordinates, backend)))
  if (coordinates === null) return order
  const keys = new Float32Array(rows)
  const { classStarts, rowAt } = order
  for (let segment = 0; segment + 1 < classStarts.length; segment++) {
    halve(coordinates, keys, rowAt, classStarts[segment]!, classStarts[segment + 1]!)
  }
  return order
}

/** Sorts a segment into a lower and an upper half along its widest axis, and then halves both likewise. */
function halve(
  coordinates: Matrix,
  keys: Float32Array,
  rowAt: Int32Array,
  start: number,
  end: number,
): void {
  if (end - start <= LEAF_ROWS) return
  const { values, dimensions } = coordinates
  let widest = 0
  let width = -1
  for (let axis = 0; axis < Math.min(SPLIT_AXES, dimensions); axis++) {
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    for (let at = start; at < end; at++) {
      const value = values[rowAt[at]! * dimensions + axis]!
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
    if (most - least <= width) continue
    width = most - least
    widest = axis
  }
  for (let at = start; at < end; at++) keys[at] = values[rowAt[at]! * dimensions + widest]!
  const half = Math.ceil((end - start) / 2 / LEAF_ROWS) * LEAF_ROWS
  selectSmallest(keys, rowAt, start, end - start, half)
  halve(coordinates, keys, rowAt, start, start + half)
  halve(coordinates, keys, rowAt, start + half, end)
}

/**
 * Cluster of each row, of rows that are alike on the principal axes. Seeds are drawn from a sample, each
 * with a chance in proportion to its squared distance from the seeds before it (Arthur, Vassilvitskii:
 * k-means++, 2007), and every row joins the nearest seed. Rows far from their seed, a tenth at most, form
 * the last cluster: one such row in a patch is enough that the patch can't be ruled out.
 */
async function clusterLabels(
  rows: number,
  coordinates: Matrix | null,
  backend: Backend,
): Promise<[labels: Int32Array, clusters: number]> {
  const labels = new Int32Array(rows)
  if (coordinates === null) return [labels, 1]
  const { values, dimensions } = coordinates
  const clusters = Math.min(MOST_CLUSTERS, Math.round(Math.sqrt(rows)))
  const seeds = drawSeeds(coordinates, clusters)
  const halves = Float64Array.from({ length: clusters }, (_, seed) => {
    const own = seeds.subarray(seed * dimensions, (seed + 1) * dimensions)
    return own.reduce((sum, value) => sum + value * value, 0) / 2
  })
  const distances = new Float64Array(rows)
  const right = { values: seeds, rows: clusters, dimensions }
  let row = 0
  for await (const products of backend.products(coordinates, right, rowTiles(rows, clusters))) {
    for (let from = 0; from < products.length; from += clusters, row++) {
      let highest = Number.NEGATIVE_INFINITY
      for (let seed = 0; seed < clusters; seed++) {
        const likeness = products[from + seed]! - halves[seed]!
        if (likeness <= highest) continue
        highest = likeness
        labels[row] = seed
      }
      let squared = 0
      for (let d = 0; d < dimensions; d++) squared += values[row * dimensions + d]! ** 2
      distances[row] = squared - 2 * highest
    }
  }
  const sorted = distances.slice().sort()
  const far = Math.max(sorted[Math.floor(0.9 * rows)]!, 1.5 * sorted[rows >> 1]!)
  for (let row = 0; row < rows; row++) if (distances[row]! > far) labels[row] = clusters
  return [labels, clusters + 1]
}

function drawSeeds({ values, rows, dimensions }: Matrix, count: number): Float32Array {
  const random = seededRandom(1)
  const sample = Array.from({ length: Math.min(rows, SAMPLE_ROWS) }, (_, at) =>
    Math.floor((at * rows) / Math.min(rows, SAMPLE_ROWS)),
  )
  const seeds = new Float32Array(count * dimensions)
  const nearest = new Float64Array(sample.length).fill(Number.POSITIVE_INFINITY)
  let draw = sample[0]!
  for (let seed = 0; seed < count; seed++) {
    seeds.set(values.subarray(draw * dimensions, (draw + 1) * dimensions), seed * dimensions)
    let total = 0
    for (const [at, row] of sample.entries()) {
      const squared = squaredDistance(
        values,
        row * dimensions,
        seeds,
        seed * dimensions,
        dimensions,
        nearest[at]!,
      )
      nearest[at] = Math.min(nearest[at]!, squared)
      total += nearest[at]!
    }
    const target = random() * total
    let sum = 0
    let at = 0
    while (at < sample.length - 1 && sum + nearest[at]! < target) sum += nearest[at++]!
    draw = sample[at]!
  }
  return seeds
}

/** The squared distance; where that is `limit` or more, any number from `limit` on. */
function squaredDistance(
  a: Float32Array,
  startA: number,
  b: Float32Array,
  startB: number,
  dimensions: number,
  limit: number,
): number {
  let sum = 0
  for (let start = 0; start < dimensions && sum < limit; start += 16) {
    const end = Math.min(dimensions, start + 16)
    for (let d = start; d < end; d++) {
      const difference = a[startA + d]! - b[startB + d]!
      sum += difference * difference
    }
  }
  return sum
}
