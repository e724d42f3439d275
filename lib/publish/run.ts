/** Publishing a run: its files first, `run.json` last, so that who sees `run.json` sees everything. */

import { setTimeout as sleep } from 'node:timers/promises'
import { canonicalJson } from '../core/canonical.ts'
import { StoreRefusedError } from '../core/errors.ts'
import type { RunRecord } from '../core/run-record.ts'
import type { Store } from '../core/store.ts'
import {
  ABANDONED_AFTER_MS,
  dropClaim,
  type FoundClaim,
  type HeldClaim,
  putIf,
  readClaim,
  takeClaim,
} from './claim.ts'
import { stillness } from './holder.ts'
import { type JsonObject, readJson } from './json-object.ts'
import { runKey } from './keys.ts'
import { deleteOthers, PAGE_FILE, RECORD_FILE, type RunFiles, writeFiles } from './run-files.ts'
import { RUN_RECORD } from './shapes.ts'

export interface RunToPublish {
  readonly project: string
  readonly run: string
  readonly files: RunFiles
  readonly record: RunRecord
  /** Writes what lies elsewhere than in the run's folder, once the run is claimed and before its files. */
  readonly beside?: () => Promise<void>
  /**
   * Called once the run is complete, before its claim is given up: what lists it elsewhere.
   *
   * @param isOurs whether these very files are published, and not those of another evaluation of the same
   */
  readonly enter?: (isOurs: boolean) => Promise<void>
}

const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 1_000

/** The record of a complete run; null where there is none, or its files are still being written. */
export async function readRun(
  site: Store,
  project: string,
  run: string,
): Promise<RunRecord | null> {
  return (await readJson(site, runObject(project, run)))?.value ?? null
}

/**
 * Writes a run's files and then its record. A run that was published from the same content stays as
 * it is (`already`). A failed run gives way to what its corrected upload gives.
 *
 * Who writes claims the run first. Of two uploads with other content one is refused before its first
 * file, for as long as the other's process may run; a claim whose process is gone is taken over, with
 * what it left. Each file is only written over what was there when the claim was taken, and by who
 * still has it: a straggler changes nothing. The page comes last, so that no half of a run is reached.
 *
 * @throws StoreRefusedError `run-exists` where the run was, or is just being, published from other content.
 */
export async function publishRun(
  site: Store,
  publication: RunToPublish,
): Promise<'published' | 'already'> {
  const { project, run, record } = publication
  const object = runObject(project, run)
  const wait = waiting(record)
  for (let isFirst = true; ; ) {
    const before = await readJson(site, object)
    const found = await readClaim(site, project, run)
    if (before !== null && isSettled(before.value, record)) {
      if (!isSame(before.value, record)) throw runExists(site, before.value, record)
      await publication.enter?.(false)
      if (found !== null && isOf(found, before.value)) {
        await completeRun(site, found)
        await dropClaim(site, found)
      }
      return 'already'
    }
    if (found?.claim.state === 'written' && !isOf(found, before?.value)) {
      // All its files are there: whoever began it, it is published.
      if ((await completeRun(site, found)) !== 'deleted') continue
    }
    if (found?.claim.state === 'writing' && found.standing !== 'gone') {
      // The same content may go on in its place, once: two who take turns would never end.
      if (!isOf(found, record) || !isFirst) {
        const seen = await wait(found)
        if (seen === 'alive') throw runExists(site, found.claim.record, record)
        if (seen === 'unsure') continue
      }
    }
    isFirst = false
    const claim = await takeClaim(site, record, Object.keys(publication.files), found)
    if (claim === null) continue
    try {
      // Somebody else may have been done with it in between.
      if ((await readJson(site, object))?.etag !== before?.etag) await claim.release()
      else if (await publishClaimed(site, publication, claim, before?.etag ?? null)) {
        await claim.release()
        return 'published'
      }
    } finally {
      claim.abandon()
    }
  }
}

/** Resolves to false where somebody else took the claim over, or wrote the record. */
async function publishClaimed(
  site: Store,
  publication: RunToPublish,
  claim: HeldClaim,
  before: string | null,
): Promise<boolean> {
  const { project, run, record, files, beside, enter } = publication
  await beside?.()
  if (!(await writeFiles(site, record, files, claim, before === null))) return false
  if (!(await claim.finish())) return false
  const key = runKey(project, run, RECORD_FILE)
  const condition = before === null ? { ifAbsent: true } : { ifMatch: before }
  if ((await putIf(site, key, `${canonicalJson(record)}\n`, condition)) === null) {
    // Who found all files written may have been faster.
    const found = await readRun(site, project, run)
    if (found === null || !isSame(found, record)) return false
  }
  await deleteOthers(site, record, Object.keys(files))
  await enter?.(true)
  return true
}

/**
 * Looks at a claim of somebody who isn't known to be gone: `alive` where it will hardly ever be given
 * up, `abandoned` where nothing has renewed it for long, and after a moment `unsure`. One for the same
 * content is waited for.
 */
function waiting(record: RunRecord) {
  const isStill = stillness(ABANDONED_AFTER_MS)
  let first: FoundClaim | null = null
  let waitMs = FIRST_WAIT_MS
  return async (found: FoundClaim): Promise<'alive' | 'abandoned' | 'unsure'> => {
    const isOther = !isOf(found, record)
    if (isOther && found.standing === 'runs') return 'alive'
    if (isStill(found.etag)) return 'abandoned'
    const isRenewed =
      first?.claim.holder.token === found.claim.holder.token && first.etag !== found.etag
    if (isOther && isRenewed) return 'alive'
    first = found
    await sleep(waitMs)
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
    return 'unsure'
  }
}

/**
 * Ends a run all of whose files are written, as its claim says: writes its record, and deletes what
 * another one left under the name. `settled` where the record was there, or another one that stays;
 * `deleted` where the files are no longer there.
 */
export async function completeRun(
  site: Store,
  found: FoundClaim,
): Promise<'complete' | 'settled' | 'deleted'> {
  const { claim } = found
  const { record, files } = claim
  const { project, run } = record
  for (;;) {
    const now = await readJson(site, runObject(project, run))
    if (now !== null && isSettled(now.value, record)) {
      if (claim.state === 'written' && isOf(found, now.value)) {
        await deleteOthers(site, record, files)
      }
      return 'settled'
    }
    if ((await site.head(runKey(project, run, PAGE_FILE))) === null) return 'deleted'
    const condition = now ? { ifMatch: now.etag } : { ifAbsent: true }
    const key = runKey(project, run, RECORD_FILE)
    if ((await putIf(site, key, `${canonicalJson(record)}\n`, condition)) === null) continue
    await deleteOthers(site, record, files)
    return 'complete'
  }
}

/**
 * Takes away what a publication left whose process is gone, and its claim. What had failed under the
 * name before stays published. Resolves to false where somebody else took the claim over.
 *
 * @param failedFiles makes the files anew of the failed run that is there
 */
export async function clearRun(
  site: Store,
  found: FoundClaim,
  failedFiles: () => Promise<RunFiles>,
): Promise<boolean> {
  const { record } = found.claim
  const { project, run } = record
  const claim = await takeClaim(site, record, [], found)
  if (claim === null) return false
  try {
    const before = await readRun(site, project, run)
    const files = before?.status === 'failed' ? await failedFiles() : {}
    if (before?.status !== 'published') await deleteOthers(site, record, Object.keys(files))
    await writeFiles(site, record, files, claim, false)
    await claim.release()
    return true
  } finally {
    claim.abandon()
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

/** Whether a claim is for publishing this very thing. */
function isOf(found: FoundClaim, record: RunRecord | undefined): boolean {
  if (record === undefined) return false
  const { contentId, status } = found.claim.record
  return contentId === record.contentId && status === record.status
}

function runExists(site: Store, found: RunRecord, wanted: RunRecord): StoreRefusedError {
  return new StoreRefusedError(
    'run-exists',
    `run ${found.run} of project ${found.project} exists in ${site.name} with other content: it is of ${found.contentId}, this upload is ${wanted.contentId}`,
    { hint: 'A published run is never changed. Upload under a new run name.' },
  )
}

function runObject(project: string, run: string): JsonObject<RunRecord> {
  return {
    key: runKey(project, run, RECORD_FILE),
    title: 'record of the run',
    schema: 'nearmiss.run/1',
    shape: RUN_RECORD,
    remedy:
      'If a newer nearmiss wrote it, use that one. Otherwise delete it and evaluate the upload again.',
  }
}
