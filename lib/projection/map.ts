/** The run's maps: laid out like the baseline's, and how far each can be believed. */

import type { Dataset } from '../core/dataset.ts'
import type { Metric } from '../core/manifest.ts'
import {
  FEW_DIMENSIONS,
  type MapCoordinates,
  type MapMethod,
  type ProjectionFigures,
} from '../core/projection.ts'
import type { Report } from '../core/report.ts'
import type { Backend } from '../tensor/backend.ts'
import { alignTo, type Points } from './align.ts'
import {
  type FindNeighbors,
  type LayoutMethod,
  LEAST_ROWS,
  layoutParameters,
  layouts,
  sampledVectors,
} from './layouts.ts'
import { type PrincipalSpace, principalPlane } from './pca.ts'
import { oneOfEach, stratifiedSample } from './sample.ts'
import { trustworthiness } from './trustworthiness.ts'

/** Rows squared are compared: more would cost more than they tell. */
const TRUST_ROWS = 5000
const SEED = 42
/** Rows that are laid out at most, and unless the manifest names the maps. */
const MOST_ROWS = 100_000
const ROWS_UNASKED = 10_000
/** UMAP beside t-SNE doubles the cost: unasked it comes where neither takes long. */
const UMAP_ROWS_UNASKED = 3000

const TITLES: Readonly<Record<MapMethod, string>> = {
  pca: 'Principal components',
  tsne: 't-SNE',
  umap: 'UMAP',
}

export interface MapOptions {
  readonly signal: AbortSignal
  readonly random: (seed: number) => () => number
  readonly space: PrincipalSpace
  /** The manifest's; null: what is affordable. PCA is always there. */
  readonly methods: readonly MapMethod[] | null
  readonly findNeighbors: FindNeighbors
  readonly progress: (fraction: number) => void
  /** Its maps, and for each row of this run its row there, −1 for none. */
  readonly baseline: {
    readonly run: string
    readonly maps: readonly MapCoordinates[]
    readonly rowOf: Int32Array
  } | null
}

export interface RunMaps {
  /** Of the principal components; NaN where they are not published. */
  readonly x: Float32Array
  readonly y: Float32Array
  readonly projection: Report['projection']
  /** PCA first, where it is published. */
  readonly projections: readonly ProjectionFigures[]
  readonly maps: readonly MapCoordinates[]
  /** Where the baseline's maps have each row of this run, NaN for none; of the maps that are aligned. */
  readonly before: readonly MapCoordinates[]
}

export async function alignedMaps(
  dataset: Dataset,
  metric: Metric,
  backend: Backend,
  options: MapOptions,
): Promise<RunMaps> {
  const { signal, random, space, baseline, progress } = options
  const plane = principalPlane(space)
  const methods = layoutMethods(options.methods, dataset.rows)
  const all = Int32Array.from({ length: dataset.rows }, (_, row) => row)
  const most = mapRows(options.methods, dataset.rows)
  const sample = most === 0 ? all : stratifiedSample(dataset.labels, most, random(SEED))
  const each = methods.length === 0 ? null : oneOfEach(sampledVectors(dataset, sample), LEAST_ROWS)
  const spots = each?.rows.map((at) => sample[at]!) ?? sample
  const laidOut =
    each === null
      ? []
      : await layouts({
          sampled: sampledVectors(dataset, spots),
          metric,
          methods,
          findNeighbors: options.findNeighbors,
          before: (method) => placesBefore(baseline, method, spots),
          random,
          signal,
          progress: (fraction) => progress(0.9 * fraction),
        })
  const layoutsByMethod = [
    { method: 'pca' as MapMethod, rows: all, points: plane as Points },
    ...laidOut.map(({ method, layout }) => ({
      method,
      rows: sample,
      points: spreadOut(expanded(layout, each!.placeOf), sample, dataset.rows),
    })),
  ]
  const aligned = layoutsByMethod.map((map) => ({ ...map, ...alignedTo(baseline, map) }))
  const trustRows = (rows: Int32Array) =>
    stratifiedSample(new Int32Array(rows.length), TRUST_ROWS, random(SEED)).map((at) => rows[at]!)
  // Maps of the same rows are judged in one go.
  const groups =
    sample.length === dataset.rows ? [aligned] : [aligned.slice(0, 1), aligned.slice(1)]
  const projections: ProjectionFigures[] = []
  for (const group of groups.filter(({ length }) => length > 0)) {
    const judged = trustRows(group[0]!.rows)
    const trusts = await trustworthiness(space.centred, [...judged], group, backend, signal)
    for (const [at, { method, rows, alignedRun }] of group.entries()) {
      projections.push({
        method,
        title: TITLES[method],
        rows: rows.length,
        sampled: rows.length < dataset.rows,
        trustworthiness: trusts[at]!,
        trustworthinessRows: judged.length,
        alignedTo: alignedRun,
        parameters: method === 'pca' ? {} : layoutParameters(method, spots.length),
        columns: method === 'pca' ? ['x', 'y'] : [`${method}_x`, `${method}_y`],
      })
    }
  }
  progress(1)
  const [main] = aligned
  const [figures] = projections
  const isPublished = ({ method }: { method: MapMethod }) =>
    method !== 'pca' || dataset.dimensions > FEW_DIMENSIONS
  const none = () => new Float32Array(dataset.rows).fill(Number.NaN)
  return {
    x: isPublished(main!) ? main!.x : none(),
    y: isPublished(main!) ? main!.y : none(),
    projection: {
      method: 'pca',
      explained: plane.explained,
      trustworthiness: figures!.trustworthiness,
      trustworthinessRows: figures!.trustworthinessRows,
      alignedTo: figures!.alignedTo,
    },
    projections: projections.filter(isPublished),
    maps: aligned.filter(isPublished).map(({ method, x, y }) => ({ method, x, y })),
    before: aligned.filter(isPublished).flatMap(({ before }) => before ?? []),
  }
}

/** How many of the rows are laid out: all, a sample, or none where only the principal plane is drawn. */
export function mapRows(methods: readonly MapMethod[] | null, rows: number): number {
  if (layoutMethods(methods, rows).length === 0) return 0
  return Math.min(rows, methods === null ? ROWS_UNASKED : MOST_ROWS)
}

function layoutMethods(methods: readonly MapMethod[] | null, rows: number): LayoutMethod[] {
  if (rows < LEAST_ROWS) return []
  const wanted = methods ?? (rows <= UMAP_ROWS_UNASKED ? ['tsne', 'umap'] : ['tsne'])
  return (['tsne', 'umap'] as const).filter((method) => wanted.includes(method))
}

function placesBefore(
  baseline: MapOptions['baseline'],
  method: MapMethod,
  sample: Int32Array,
): Points | null {
  const map = baseline?.maps.find((one) => one.method === method)
  if (!baseline || !map) return null
  const place = (values: Float32Array) =>
    Float32Array.from(sample, (row) => {
      const before = baseline.rowOf[row]!
      return before < 0 ? Number.NaN : values[before]!
    })
  return { x: place(map.x), y: place(map.y) }
}

/** Equal rows lie on one spot. */
function expanded({ x, y }: Points, placeOf: Int32Array): Points {
  const at = (values: ArrayLike<number>) => Float32Array.from(placeOf, (place) => values[place]!)
  return { x: at(x), y: at(y) }
}

/** By row of the run; NaN where it isn't in the sample. */
function spreadOut({ x, y }: Points, sample: Int32Array, rows: number): Points {
  const points = {
    x: new Float32Array(rows).fill(Number.NaN),
    y: new Float32Array(rows).fill(Number.NaN),
  }
  for (const [at, row] of sample.entries()) {
    points.x[row] = x[at]!
    points.y[row] = y[at]!
  }
  return points
}

function alignedTo(
  baseline: MapOptions['baseline'],
  { method, points, rows }: { method: MapMethod; points: Points; rows: Int32Array },
): {
  x: Float32Array
  y: Float32Array
  alignedRun: string | null
  before: MapCoordinates | null
} {
  const before = placesBefore(baseline, method, rows)
  const target = before && spreadOut(before, rows, points.x.length)
  const pairs = target
    ? Array.from(rows, (row) => [row, row] as const).filter(([row]) =>
        Number.isFinite(target.x[row]!),
      )
    : []
  const turned = target && alignTo(points, target, pairs)
  if (!turned || !target) {
    const own = { x: Float32Array.from(points.x), y: Float32Array.from(points.y) }
    return { ...own, alignedRun: null, before: null }
  }
  // The turned map has its middle at 0.
  const middle = (values: ArrayLike<number>) =>
    pairs.reduce((sum, [row]) => sum + values[row]! / pairs.length, 0)
  const [middleX, middleY] = [middle(target.x), middle(target.y)]
  return {
    ...turned,
    alignedRun: baseline!.run,
    before: {
      method,
      x: Float32Array.from(target.x, (value) => value - middleX),
      y: Float32Array.from(target.y, (value) => value - middleY),
    },
  }
}
