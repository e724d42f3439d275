/** Publishing a run: its files first, `run.json` last, so that who sees `run.json` sees everything. */

import { canonicalJson } from '../core/canonical.ts'
import { PreconditionFailedError, StoreRefusedError } from '../core/errors.ts'
import type { RunRecord } from '../core/report.ts'
import type { Store } from '../core/store.ts'
import { type JsonObject, readJson } from './json-object.ts'
import { headersOf, runKey } from './keys.ts'

export interface RunToPublish {
  readonly project: string
  readonly run: string
  /** By their path below the run's folder, such as `index.html`. */
  readonly files: Readonly<Record<string, Uint8Array | string>>
  readonly record: RunRecord
}

const RECORD_FILE = 'run.json'
const ERROR_FILE = 'error.json'
const CONCURRENT_WRITES = 8

/** The record of a complete run; null where there is none, or its files are still being written. */
export async function readRun(
  site: Store,
  project: string,
  run: string,
): Promise<RunRecord | null> {
  return (await readJson(site, recordObject(project, run)))?.value ?? null
}

/**
 * Writes a run's files and then its record. A run that was published from the same content stays as
 * it is (`already`). A failed run gives way to what its corrected upload gives. Whichever it was, the
 * indexes may still lack the run: who published it may have stopped before it got to them.
 *
 * @throws StoreRefusedError `run-exists` where the run was published from other content.
 */
export async function publishRun(
  site: Store,
  publication: RunToPublish,
): Promise<'published' | 'already'> {
  const { project, run, files, record } = publication
  const object = recordObject(project, run)
  const before = await readJson(site, object)
  if (before && isSettled(site, before.value, record)) return 'already'
  const names = Object.keys(files)
  for (let start = 0; start < names.length; start += CONCURRENT_WRITES) {
    await Promise.all(
      names.slice(start, start + CONCURRENT_WRITES).map((name) => {
        const key = runKey(project, run, name)
        return site.put(key, files[name] ?? '', headersOf(key))
      }),
    )
  }
  if (before && !names.includes(ERROR_FILE)) await site.delete(runKey(project, run, ERROR_FILE))
  try {
    await site.put(object.key, `${canonicalJson(record)}\n`, {
      ...headersOf(object.key),
      ...(before ? { ifMatch: before.etag } : { ifAbsent: true }),
    })
    return 'published'
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error
  }
  // Somebody else was first, or this very write was and its answer got lost: look again.
  return publishRun(site, publication)
}

/** Whether the run stays as it is published; throws where it was published as something else. */
function isSettled(site: Store, found: RunRecord, wanted: RunRecord): boolean {
  const sameContent = found.contentId === wanted.contentId
  if (found.status === 'failed') return sameContent && wanted.status === 'failed'
  if (sameContent) return true
  throw new StoreRefusedError(
    'run-exists',
    `run ${found.run} of project ${found.project} exists in ${site.name} with other content: it was published from ${found.contentId}, this upload is ${wanted.contentId}`,
    { hint: 'A published run is never changed. Upload under a new run name.' },
  )
}

function recordObject(project: string, run: string): JsonObject<RunRecord> {
  return {
    key: runKey(project, run, RECORD_FILE),
    title: 'record of the run',
    schema: 'nearmiss.run/1',
    problem: ({ contentId, status }) =>
      typeof contentId === 'string' && typeof status === 'string'
        ? null
        : 'has no "contentId" or no "status"',
    remedy:
      'If a newer nearmiss wrote it, use that one. Otherwise delete it and evaluate the upload again.',
  }
}
