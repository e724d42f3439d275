/** Published runs, read back from the site. */

import type { Context } from '../core/context.ts'
import type { Centroid, RunSpace } from '../core/drift.ts'
import type { MapCoordinates } from '../core/projection.ts'
import type { Report } from '../core/report.ts'
import type { FailedRun } from '../core/run-record.ts'
import type { Store } from '../core/store.ts'
import { type BaselineRows, baselineRows } from '../history/run-rows.ts'
import { decodeCentroids } from '../publish/centroids-parquet.ts'
import { type JsonObject, readJson } from '../publish/json-object.ts'
import { centroidsKey, publishedCentroidsKey, runKey } from '../publish/keys.ts'
import { COMPARED_COLUMNS, decodeRows } from '../publish/rows-parquet.ts'
import { readRun } from '../publish/run.ts'
import { FAILED_RUN, REPORT } from '../publish/shapes.ts'

/**
 * The report of a run that is complete; null where there is none.
 *
 * @throws StoreRefusedError `unreadable-object` where the file isn't the run's report.
 */
export async function readReport(
  site: Store,
  project: string,
  run: string,
): Promise<Report | null> {
  const record = await readRun(site, project, run)
  if (record?.status !== 'published') return null
  return (await readJson(site, reportObject(project, run)))?.value ?? null
}

function reportObject(project: string, run: string): JsonObject<Report> {
  return {
    key: runKey(project, run, 'report.json'),
    title: 'report',
    schema: 'nearmiss.report/1',
    shape: REPORT,
    mismatch: (report) =>
      report.project === project && report.run === run
        ? null
        : `is of ${JSON.stringify(report.project)}/${JSON.stringify(report.run)}`,
    remedy: 'Restore it, or delete the folder of the run and evaluate its upload again.',
  }
}

/** What a failed run says of itself; null where there is none. */
export async function readFailure(
  site: Store,
  project: string,
  run: string,
): Promise<FailedRun | null> {
  const object: JsonObject<FailedRun> = {
    key: runKey(project, run, 'error.json'),
    title: 'account of a failed run',
    schema: 'nearmiss.error/1',
    shape: FAILED_RUN,
    remedy: 'Restore it, or delete the folder of the run and evaluate its upload again.',
  }
  return (await readJson(site, object))?.value ?? null
}

/** An earlier run as a later one is compared with it. */
export interface Baseline {
  readonly space: RunSpace
  readonly rows: BaselineRows
  readonly maps: readonly MapCoordinates[]
  /** Of its upload, as they were. */
  readonly files: Report['input']['files']
}

type Kept = Pick<Context, 'site' | 'vault'>

/** Null where the run isn't complete. */
export async function readBaseline(
  { site, vault }: Kept,
  project: string,
  run: string,
): Promise<Baseline | null> {
  const report = await readReport(site, project, run)
  const stored = report && (await site.get(runKey(project, run, 'rows.parquet')))
  if (!report || !stored) return null
  const { rows } = await decodeRows(stored.body, {
    source: runKey(project, run, 'rows.parquet'),
    columns: COMPARED_COLUMNS,
    metadata: () => [],
  })
  return {
    space: {
      run,
      metric: report.metric,
      dimensions: report.input.dimensions,
      model: report.model,
      centroids: await readCentroids({ site, vault }, report),
    },
    rows: baselineRows(report, rows),
    maps: rows.maps,
    files: report.input.files,
  }
}

/** What a run keeps of its space; null where its manifest doesn't allow it. */
async function readCentroids(
  { site, vault }: Kept,
  { project, run, input }: Report,
): Promise<Centroid[] | null> {
  await withdrawCentroids({ site, vault }, project, run, input.contentId)
  const key = centroidsKey(project, run, input.contentId)
  const stored = await vault.get(key)
  return stored && decodeCentroids(stored.body, key)
}

/**
 * Moves a run's means out of the site, where earlier versions published them: with them the rows of
 * classes that they left out follow by subtraction. Resolves to whether there were any.
 */
export async function withdrawCentroids(
  { site, vault }: Kept,
  project: string,
  run: string,
  contentId: string,
): Promise<boolean> {
  const former = publishedCentroidsKey(project, run)
  const stored = await site.get(former)
  if (stored === null) return false
  await vault.put(centroidsKey(project, run, contentId), stored.body)
  await site.delete(former)
  return true
}
