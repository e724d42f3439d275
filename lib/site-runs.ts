/** Published runs, read back from the site. */

import type { RunSpace } from './core/drift.ts'
import type { MapCoordinates } from './core/projection.ts'
import type { Report } from './core/report.ts'
import type { Store } from './core/store.ts'
import { type BaselineRows, baselineRows } from './history/run-rows.ts'
import { decodeCentroids } from './publish/centroids-parquet.ts'
import { runKey } from './publish/keys.ts'
import { decodeRows } from './publish/rows-parquet.ts'
import { readRun } from './publish/run.ts'

/** The report of a run that is complete; null where there is none. */
export async function readReport(
  site: Store,
  project: string,
  run: string,
): Promise<Report | null> {
  const record = await readRun(site, project, run)
  if (record?.status !== 'published') return null
  const stored = await site.get(runKey(project, run, 'report.json'))
  return stored === null ? null : (JSON.parse(new TextDecoder().decode(stored.body)) as Report)
}

/** What a run keeps of its space; absent where its manifest doesn't allow it. */
export const CENTROIDS_FILE = 'centroids.parquet'

/** An earlier run as a later one is compared with it. */
export interface Baseline {
  readonly space: RunSpace
  readonly rows: BaselineRows
  readonly maps: readonly MapCoordinates[]
  /** Of its upload, as they were. */
  readonly files: Report['input']['files']
}

/** Null where the run isn't complete. */
export async function readBaseline(
  site: Store,
  project: string,
  run: string,
): Promise<Baseline | null> {
  const report = await readReport(site, project, run)
  const stored = report && (await site.get(runKey(project, run, 'rows.parquet')))
  if (!report || !stored) return null
  const rows = await decodeRows(stored.body, runKey(project, run, 'rows.parquet'))
  const key = runKey(project, run, CENTROIDS_FILE)
  const centroids = await site.get(key)
  return {
    space: {
      run,
      metric: report.metric,
      dimensions: report.input.dimensions,
      model: report.model,
      centroids: centroids && (await decodeCentroids(centroids.body, key)),
    },
    rows: baselineRows(report, rows),
    maps: rows.maps,
    files: report.input.files,
  }
}
