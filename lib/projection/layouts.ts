/** Maps that keep neighbours together: where each starts, and what it is laid out from. */

import type { Dataset } from '../core/dataset.ts'
import type { Metric } from '../core/manifest.ts'
import type { MapMethod } from '../core/projection.ts'
import { sharedFloat32, sharedFloat64, sharedInt32 } from '../core/shared-memory.ts'
import type { Points } from './align.ts'
import { type Neighbors, tsneLayout, umapLayout } from './layout-threads.ts'
import { type Layout, startingPlane } from './start.ts'

export type LayoutMethod = Exclude<MapMethod, 'pca'>

/** Vectors of the rows that are laid out. */
export interface Sampled {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
}

/** The join's answer for the sample: `k` nearest of each row. */
export type FindNeighbors = (
  input: Sampled,
  k: number,
  progress: (fraction: number) => void,
) => Promise<Neighbors>

export interface LayoutTask {
  readonly sampled: Sampled
  readonly metric: Metric
  readonly methods: readonly LayoutMethod[]
  readonly findNeighbors: FindNeighbors
  /** Where the baseline's map has each row of the sample; NaN where it hasn't. */
  readonly before: (method: LayoutMethod) => Points | null
  readonly random: (seed: number) => () => number
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
}

/** With fewer rows nothing can be laid out. */
export const LEAST_ROWS = 10
const SEED = 42
const PERPLEXITY = 30
/** A Gaussian's tail holds next to nothing beyond. */
const NEIGHBORS_PER_PERPLEXITY = 3
/** Counts the row itself, as UMAP's authors do. */
const UMAP_NEIGHBORS = 15
const UMAP_MIN_DIST = 0.1
const UMAP_WIDTH = 10
const TSNE_WIDTH = 1e-4
/** Of the start's width: rows that are equal must not start on one spot. */
const JITTER = 0.01
/** Of the rows that must be known to start where the baseline's map has them. */
const KNOWN_SHARE = 0.5

export function layoutParameters(method: LayoutMethod, rows: number): Record<string, number> {
  return method === 'tsne'
    ? { perplexity: Math.min(PERPLEXITY, (rows - 1) / NEIGHBORS_PER_PERPLEXITY), seed: SEED }
    : { n_neighbors: Math.min(UMAP_NEIGHBORS, rows), min_dist: UMAP_MIN_DIST, seed: SEED }
}

/** The rows laid out by each method, from where the baseline's map has them if it does. */
export async function layouts(
  task: LayoutTask,
): Promise<{ method: LayoutMethod; layout: Layout }[]> {
  const { sampled, metric, methods, signal, random } = task
  const { rows } = sampled
  const perplexity = layoutParameters('tsne', rows).perplexity!
  const k = methods.includes('tsne')
    ? Math.min(rows - 1, Math.floor(NEIGHBORS_PER_PERPLEXITY * perplexity))
    : Math.min(rows, UMAP_NEIGHBORS) - 1
  const fractions = new Map<string, number>()
  const progressOf = (part: string) => (fraction: number) => {
    fractions.set(part, fraction)
    const sum = [...fractions.values()].reduce((total, one) => total + one, 0)
    task.progress(sum / (methods.length + 1))
  }
  const neighborLists = await task.findNeighbors(sampled, k, progressOf('neighbors'))
  const plane = startingPlane(sampled.vectors, rows, sampled.dimensions, metric)
  return Promise.all(
    methods.map(async (method) => {
      const before = task.before(method)
      const placesBefore = before && startedFrom(before, neighborLists)
      const width = method === 'tsne' ? TSNE_WIDTH : UMAP_WIDTH
      const start = scaled(placesBefore ?? plane, width, method === 'tsne', random(SEED))
      const options = { signal, progress: progressOf(method) }
      const layout =
        method === 'tsne'
          ? await tsneLayout(
              neighborLists,
              squaresOf(neighborLists, metric),
              start,
              perplexity,
              options,
            )
          : await umapLayout(
              firstNeighbors(neighborLists, Math.min(rows, UMAP_NEIGHBORS) - 1),
              start,
              SEED,
              options,
            )
      return { method, layout }
    }),
  )
}

/** Vectors of some rows; all of them as they are. */
export function sampledVectors(dataset: Dataset, rows: Int32Array): Sampled {
  const { vectors, dimensions } = dataset
  if (rows.length === dataset.rows) return { vectors, rows: rows.length, dimensions }
  const sampleVectors = sharedFloat32(rows.length * dimensions)
  for (const [at, row] of rows.entries()) {
    sampleVectors.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions)
  }
  return { vectors: sampleVectors, rows: rows.length, dimensions }
}

/**
 * The baseline's places; a row that is new starts amid those of its neighbours that are known, or in
 * the middle. Null where too few are known.
 */
function startedFrom(before: Points, { neighbors, k }: Neighbors): Layout | null {
  const rows = before.x.length
  const x = Float64Array.from(before.x)
  const y = Float64Array.from(before.y)
  let knownCount = 0
  for (const value of x) knownCount += Number(Number.isFinite(value))
  if (knownCount < rows * KNOWN_SHARE) return null
  for (let row = 0; row < rows; row++) {
    if (Number.isFinite(before.x[row]!)) continue
    let count = 0
    let sumX = 0
    let sumY = 0
    for (let at = row * k; at < (row + 1) * k && count < 3; at++) {
      const other = neighbors[at]!
      if (!Number.isFinite(before.x[other]!)) continue
      sumX += before.x[other]!
      sumY += before.y[other]!
      count++
    }
    x[row] = count === 0 ? Number.NaN : sumX / count
    y[row] = count === 0 ? Number.NaN : sumY / count
  }
  const middleX = mean(x)
  const middleY = mean(y)
  return {
    x: x.map((value) => (Number.isNaN(value) ? middleX : value)),
    y: y.map((value) => (Number.isNaN(value) ? middleY : value)),
  }
}

/**
 * Around the middle: with a standard deviation of `width` along x (t-SNE), or as far as `width` (UMAP),
 * and a little apart by chance.
 */
function scaled(
  { x, y }: Layout,
  width: number,
  byDeviation: boolean,
  random: () => number,
): Layout {
  const middleX = mean(x)
  const middleY = mean(y)
  let squares = 0
  let farthest = 0
  for (let at = 0; at < x.length; at++) {
    squares += (x[at]! - middleX) ** 2
    farthest = Math.max(farthest, Math.abs(x[at]! - middleX), Math.abs(y[at]! - middleY))
  }
  const size = byDeviation ? Math.sqrt(squares / x.length) : farthest
  const factor = size > 0 ? width / size : 0
  const jitter = () => (random() - 0.5) * 2 * JITTER * width
  const placed = { x: new Float64Array(x.length), y: new Float64Array(x.length) }
  for (let at = 0; at < x.length; at++) {
    placed.x[at] = (x[at]! - middleX) * factor + jitter()
    placed.y[at] = (y[at]! - middleY) * factor + jitter()
  }
  return placed
}

/** With cosine, the distance is half of the squared one between directions: the unit doesn't matter. */
function squaresOf({ distances }: Neighbors, metric: Metric): Float64Array {
  const squares = sharedFloat64(distances.length)
  for (let at = 0; at < squares.length; at++) {
    squares[at] = metric === 'cosine' ? distances[at]! : distances[at]! ** 2
  }
  return squares
}

function firstNeighbors({ neighbors, distances, k }: Neighbors, wanted: number): Neighbors {
  const rows = neighbors.length / k
  const first = {
    k: wanted,
    neighbors: sharedInt32(rows * wanted),
    distances: sharedFloat64(rows * wanted),
  }
  for (let row = 0; row < rows; row++) {
    first.neighbors.set(neighbors.subarray(row * k, row * k + wanted), row * wanted)
    first.distances.set(distances.subarray(row * k, row * k + wanted), row * wanted)
  }
  return first
}

/** Of what there is. */
function mean(values: Float64Array): number {
  let sum = 0
  let count = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? 0 : sum / count
}
