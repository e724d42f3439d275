/** The second step of an evaluation: from rows to figures, drift and maps. It judges nothing. */

import type { Centroid, Drift, RunSpace } from '../core/drift.ts'
import type { Evaluation, Neighborhood } from '../core/evaluation.ts'
import type { Stage } from '../core/stage.ts'
import type { Warning } from '../core/warning.ts'
import { runSpace } from '../history/centroids.ts'
import { relabelledRows } from '../history/comparison.ts'
import { measureDrift } from '../history/drift.ts'
import { type RunRows, runRows } from '../history/run-rows.ts'
import { evaluate } from '../metrics/evaluate.ts'
import { narrowingLoss } from '../metrics/narrowing-loss.ts'
import { measureSpace } from '../metrics/structure/space.ts'
import { tradeOff } from '../metrics/trade-off/trade-off.ts'
import { nearestNeighbors } from '../neighbors/nearest-neighbors.ts'
import { selfJoin } from '../neighbors/self-join.ts'
import { alignedMaps, type RunMaps } from '../projection/map.ts'
import type { Backend } from '../tensor/backend.ts'
import { openBackend } from '../tensor/open-backend.ts'
import { listMemory } from '../upload/memory-limit.ts'
import { type RunInput, sizeOf } from './read.ts'
import type { EvaluationRequest } from './request.ts'
import type { StageContext } from './stages.ts'

export interface Measurement {
  readonly evaluation: Evaluation
  /** The rows, as they are compared with those of other runs. */
  readonly rows: RunRows
  readonly maps: RunMaps
  /** What later runs measure drift by. */
  readonly space: RunSpace & { readonly centroids: readonly Centroid[] }
  readonly warnings: readonly Warning[]
}

export async function measure(
  context: StageContext,
  input: RunInput,
  request: EvaluationRequest,
): Promise<Measurement> {
  const backend = await context.stage('backend', () => openBackend(request.backend))
  try {
    return await measureOn(backend, context, input, request)
  } finally {
    await backend.close()
  }
}

async function measureOn(
  backend: Backend,
  context: StageContext,
  input: RunInput,
  request: EvaluationRequest,
): Promise<Measurement> {
  const { stage, signal, random } = context
  const { upload, run, dataset, manifest, past } = input
  const { metric } = manifest
  const progress = (name: Stage) => (fraction: number) =>
    context.progress({ stage: name, fraction })
  const options = { backend, metric, signal, random }

  const neighborhood = await stage(
    'neighbors',
    request.neighborhood ?? (() => join(backend, input, signal, progress('neighbors'))),
  )
  const shape = await stage('structure', () => measureSpace(dataset, options))
  const compressed = await stage('trade-off', () => tradeOff(dataset, shape, neighborhood, options))
  const figures = await stage('metrics', () =>
    evaluate({ dataset, neighborhood, manifest, random, space: shape, tradeOff: compressed }),
  )
  const rows = runRows(figures)
  const { space, drift } = await stage('drift', () => {
    const space = runSpace(run, dataset, manifest)
    return { space, drift: driftSince(input, space, rows) }
  })
  const maps = await stage('projection', () =>
    alignedMaps(dataset, metric, backend, {
      signal,
      random,
      space: shape,
      methods: manifest.maps,
      findNeighbors: (input, k, progress) =>
        nearestNeighbors(input, { backend, metric, k, signal, progress }),
      progress: progress('projection'),
      baseline: past.baseline &&
        past.baselineRow && {
          maps: past.baseline.maps,
          run: past.baseline.rows.run,
          rowOf: past.baselineRow,
        },
    }),
  )
  return {
    evaluation: { ...figures, drift },
    rows,
    maps,
    space,
    warnings: narrowingLoss(dataset, neighborhood, upload.parts?.vectors ?? ''),
  }
}

/** Finds the neighbours of all rows among all rows. */
function join(
  backend: Backend,
  input: RunInput,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<Neighborhood> {
  const { dataset, manifest, limitBytes } = input
  const { metric, k } = manifest
  return selfJoin(
    { ...dataset, classes: dataset.classes.length },
    { backend, metric, k, signal, progress, listBytes: listMemory(sizeOf(input), limitBytes) },
  )
}

/** How the rows lie against the baseline's; null without one. */
function driftSince(
  { dataset, past }: RunInput,
  space: Measurement['space'],
  rows: RunRows,
): Drift | null {
  const { baseline, vectors, baselineRow } = past
  if (baseline === null || vectors === null) return null
  const drift = measureDrift(dataset, space, baseline.space, vectors)
  const relabelled = baselineRow === null ? 0 : relabelledRows(rows, baseline.rows, baselineRow)
  return { ...drift, relabelled }
}
