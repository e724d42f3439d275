/** Publishing a run: its files first, `run.json` last, so that who sees `run.json` sees everything. */

import { canonicalJson } from '../core/canonical.ts'
import { PreconditionFailedError, StoreRefusedError } from '../core/errors.ts'
import type { RunRecord } from '../core/run-record.ts'
import type { PutOptions, Store } from '../core/store.ts'
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
/** The record that is being published; it is there from before the first file until after `run.json`. */
const CLAIM_FILE = 'claim.json'
const CONCURRENT_WRITES = 8

/** The record of a complete run; null where there is none, or its files are still being written. */
export async function readRun(
  site: Store,
  project: string,
  run: string,
): Promise<RunRecord | null> {
  return (await readJson(site, runObject(project, run, RECORD_FILE)))?.value ?? null
}

/**
 * Writes a run's files and then its record. A run that was published from the same content stays as
 * it is (`already`). A failed run gives way to what its corrected upload gives. Whichever it was, the
 * indexes may still lack the run: who published it may have stopped before it got to them.
 *
 * Who writes claims the run for its content first: of two uploads with other content one is refused
 * before its first file. The same content shares a claim, so that who stopped halfway can be followed.
 * Each file is only written over what was there before the claim: a straggler changes nothing that
 * was published since.
 *
 * @throws StoreRefusedError `run-exists` where the run was, or is just being, published from other content.
 */
export async function publishRun(
  site: Store,
  publication: RunToPublish,
): Promise<'published' | 'already'> {
  const { project, run, files, record } = publication
  const object = runObject(project, run, RECORD_FILE)
  const names = Object.keys(files)
  for (;;) {
    const before = await readJson(site, object)
    if (before !== null && isSettled(before.value, record)) {
      await release(site, record)
      if (isSame(before.value, record)) return 'already'
      throw runExists(site, before.value, record)
    }
    const conditions = new Map<string, PutOptions>()
    for (const name of names)
      conditions.set(name, await unchanged(site, runKey(project, run, name)))
    await claim(site, record)
    // Somebody else may have been done with it in between.
    if ((await readJson(site, object))?.etag !== before?.etag) continue
    for (let start = 0; start < names.length; start += CONCURRENT_WRITES) {
      await Promise.all(
        names.slice(start, start + CONCURRENT_WRITES).map((name) => {
          const key = runKey(project, run, name)
          return putOver(site, key, files[name] ?? '', conditions.get(name)!)
        }),
      )
    }
    if (before && !names.includes(ERROR_FILE)) await site.delete(runKey(project, run, ERROR_FILE))
    const condition = before ? { ifMatch: before.etag } : { ifAbsent: true }
    if (await putIf(site, object.key, `${canonicalJson(record)}\n`, condition)) {
      await release(site, record)
      return 'published'
    }
    // Somebody else was first, or this very write was and its answer got lost: look again.
  }
}

/** Whether the run stays as it is found; only a failed one gives way, and not to the same failure. */
function isSettled(found: RunRecord, wanted: RunRecord): boolean {
  return found.status === 'published' || isSame(found, wanted)
}

function isSame(found: RunRecord, wanted: RunRecord): boolean {
  if (found.contentId !== wanted.contentId) return false
  return found.status === 'published' || wanted.status === 'failed'
}

async function claim(site: Store, record: RunRecord): Promise<void> {
  const object = runObject(record.project, record.run, CLAIM_FILE)
  for (;;) {
    if (await putIf(site, object.key, `${canonicalJson(record)}\n`, { ifAbsent: true })) return
    const found = await readJson(site, object)
    if (found === null) continue
    if (isSameClaim(found.value, record)) return
    throw runExists(site, found.value, record)
  }
}

async function release(site: Store, record: RunRecord): Promise<void> {
  const object = runObject(record.project, record.run, CLAIM_FILE)
  const found = await readJson(site, object)
  if (found !== null && isSameClaim(found.value, record)) await site.delete(object.key)
}

function isSameClaim(found: RunRecord, wanted: RunRecord): boolean {
  return found.contentId === wanted.contentId && found.status === wanted.status
}

/** Resolves to false where the condition doesn't hold. */
async function putIf(
  site: Store,
  key: string,
  body: Uint8Array | string,
  condition: PutOptions,
): Promise<boolean> {
  try {
    await site.put(key, body, { ...headersOf(key), ...condition })
    return true
  } catch (error) {
    if (error instanceof PreconditionFailedError) return false
    throw error
  }
}

/**
 * Writes unless something else lies there by now: the same content's file, or a later run's, and then
 * the record's write is lost too. A write that was lost to one that failed itself is tried again.
 */
async function putOver(
  site: Store,
  key: string,
  body: Uint8Array | string,
  condition: PutOptions,
): Promise<void> {
  while (!(await putIf(site, key, body, condition))) {
    if ((await unchanged(site, key)).ifMatch !== condition.ifMatch) return
  }
}

/** The condition that what lies there now still does. */
async function unchanged(site: Store, key: string): Promise<PutOptions> {
  const found = await site.head(key)
  return found === null ? { ifAbsent: true } : { ifMatch: found.etag }
}

function runExists(site: Store, found: RunRecord, wanted: RunRecord): StoreRefusedError {
  return new StoreRefusedError(
    'run-exists',
    `run ${found.run} of project ${found.project} exists in ${site.name} with other content: it is of ${found.contentId}, this upload is ${wanted.contentId}`,
    { hint: 'A published run is never changed. Upload under a new run name.' },
  )
}

function runObject(project: string, run: string, file: string): JsonObject<RunRecord> {
  return {
    key: runKey(project, run, file),
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
