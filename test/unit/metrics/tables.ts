/** Evaluates rows that a test makes, through the same stages as an upload. */

import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Column } from '../../../lib/core/table.ts'
import { assembleDataset } from '../../../lib/dataset/assemble.ts'
import { evaluate } from '../../../lib/metrics/evaluate.ts'
import { measureSpace } from '../../../lib/metrics/structure/space.ts'
import { selfJoin } from '../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { UNTRIED } from '../../untried.ts'

export interface Rows {
  readonly points: readonly ArrayLike<number>[]
  readonly labels: readonly string[]
  readonly columns?: readonly Column[]
}

export function datasetOf({ points, labels, columns = [] }: Rows, settings = ''): Dataset {
  const dimensions = points[0]!.length
  const values = Float32Array.from(points.flatMap((point) => Array.from(point)))
  const table = {
    source: 'test',
    vectors: { values, rows: points.length, dimensions },
    columns: [{ name: 'label', type: 'text' as const, values: labels }, ...columns],
    rows: points.length,
    warnings: [],
  }
  const assembly = assembleDataset(
    { vectors: table, labels: null, metadata: null },
    parseManifest(settings, 'nearmiss.yaml'),
  )
  if ('issues' in assembly) throw new Error(JSON.stringify(assembly.issues))
  return assembly.dataset
}

export async function evaluateRows(
  rows: Rows,
  backend: Backend,
  settings = '',
): Promise<Evaluation> {
  const manifest = parseManifest(settings, 'nearmiss.yaml')
  const dataset = datasetOf(rows, settings)
  const { metric, k } = manifest
  const { signal } = new AbortController()
  const neighborhood = await selfJoin(
    { ...dataset, classes: dataset.classes.length },
    { backend, metric, k, signal, progress: () => {} },
  )
  const space = await measureSpace(dataset, { metric, backend, signal, random: seededRandom })
  return evaluate({
    dataset,
    neighborhood,
    manifest,
    space,
    tradeOff: UNTRIED,
    random: seededRandom,
  })
}
