/** The run's map: the principal plane, turned like the baseline's, and how far it can be believed. */

import type { Dataset } from '../core/dataset.ts'
import type { Metric } from '../core/manifest.ts'
import type { Report } from '../core/report.ts'
import type { Backend } from '../tensor/backend.ts'
import { alignTo, type Points } from './align.ts'
import { principalPlane } from './pca.ts'
import { trustworthiness } from './trustworthiness.ts'

/** Rows squared are compared: more would cost more than they tell. */
const TRUST_ROWS = 5000
const TRUST_SEED = 42

export interface MapOptions {
  readonly signal: AbortSignal
  readonly random: (seed: number) => () => number
  readonly baseline: (Points & { readonly run: string; readonly rowOf: Int32Array }) | null
}

export interface RunMap {
  readonly x: Float32Array
  readonly y: Float32Array
  readonly projection: Report['projection']
}

/** @param options.baseline its map, and for each row of this run its row there, −1 for none */
export async function alignedMap(
  dataset: Dataset,
  metric: Metric,
  backend: Backend,
  { signal, random, baseline }: MapOptions,
): Promise<RunMap> {
  const plane = await principalPlane(dataset, metric, backend, signal)
  const pairs = baseline
    ? Array.from(baseline.rowOf, (target, row) => [row, target] as const).filter(
        ([, target]) => target >= 0 && Number.isFinite(baseline.x[target]),
      )
    : []
  const aligned = baseline && alignTo(plane, baseline, pairs)
  const { x, y } = aligned ?? plane
  const sample = sampleRows(dataset.rows, random(TRUST_SEED))
  return {
    x,
    y,
    projection: {
      method: 'pca',
      explained: plane.explained,
      trustworthiness: await trustworthiness(plane.centred, sample, x, y, backend, signal),
      trustworthinessRows: sample.length,
      alignedTo: aligned && baseline ? baseline.run : null,
    },
  }
}

/** All rows, or a sample without replacement, in row order (Fisher and Yates). */
function sampleRows(rows: number, random: () => number): number[] {
  const all = Array.from({ length: rows }, (_, row) => row)
  if (rows <= TRUST_ROWS) return all
  for (let at = 0; at < TRUST_ROWS; at++) {
    const other = at + Math.floor(random() * (rows - at))
    const row = all[at]!
    all[at] = all[other]!
    all[other] = row
  }
  return all.slice(0, TRUST_ROWS).sort((a, b) => a - b)
}
