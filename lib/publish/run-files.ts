/** The files of a run: written under its claim, the page last, and cleared of what another one left. */

import type { RunRecord } from '../core/run-record.ts'
import type { PutOptions, Store } from '../core/store.ts'
import { type HeldClaim, putIf } from './claim.ts'
import { runKey, runPrefix } from './keys.ts'

export const RECORD_FILE = 'run.json'
export const PAGE_FILE = 'index.html'
const CONCURRENT_WRITES = 8

/** By their path below the run's folder, such as `index.html`. */
export type RunFiles = Readonly<Record<string, Uint8Array | string>>

/** Deletes what lies in the run's folder besides its record and these files; the page goes first. */
export async function deleteOthers(
  site: Store,
  { project, run }: RunRecord,
  files: readonly string[],
): Promise<void> {
  const kept = new Set([RECORD_FILE, ...files].map((name) => runKey(project, run, name)))
  const others: string[] = []
  for await (const { key } of site.list(runPrefix(project, run))) {
    if (!kept.has(key)) others.push(key)
  }
  const page = runKey(project, run, PAGE_FILE)
  if (others.includes(page)) await site.delete(page)
  for (const key of others) if (key !== page) await site.delete(key)
}

/** Resolves to false where the claim was lost to somebody else. */
export async function writeFiles(
  site: Store,
  record: RunRecord,
  files: RunFiles,
  claim: HeldClaim,
  isNew: boolean,
): Promise<boolean> {
  const { project, run } = record
  const etags = new Map<string, string>()
  // What a writer left who is gone is no part of this run; what failed before stays until it is replaced.
  if (isNew) await deleteOthers(site, record, [])
  else {
    for await (const { key, etag } of site.list(runPrefix(project, run))) etags.set(key, etag)
  }
  const names = Object.keys(files).filter((name) => name !== PAGE_FILE)
  const batches: string[][] = []
  for (let start = 0; start < names.length; start += CONCURRENT_WRITES) {
    batches.push(names.slice(start, start + CONCURRENT_WRITES))
  }
  if (Object.hasOwn(files, PAGE_FILE)) batches.push([PAGE_FILE])
  for (const batch of batches) {
    if (!(await claim.isHeld())) return false
    const results = await Promise.all(
      batch.map((name) => {
        const key = runKey(project, run, name)
        return writeOver(site, key, files[name] ?? '', etags.get(key) ?? null, claim)
      }),
    )
    if (results.includes(false)) return false
  }
  return true
}

/** Writes over what was there, and over what a straggler has put there since, as long as the claim is ours. */
async function writeOver(
  site: Store,
  key: string,
  body: Uint8Array | string,
  before: string | null,
  claim: HeldClaim,
): Promise<boolean> {
  const conditionOf = (etag: string | null): PutOptions =>
    etag === null ? { ifAbsent: true } : { ifMatch: etag }
  let condition = conditionOf(before)
  while ((await putIf(site, key, body, condition)) === null) {
    if (!(await claim.isHeld())) return false
    condition = conditionOf((await site.head(key))?.etag ?? null)
  }
  return true
}
