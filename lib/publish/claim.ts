/**
 * Claims: who is publishing a run, from before its first file until the indexes have it. A claim is both
 * the lock and the journal of a publication. Its step from `writing` to `written` decides: until then
 * another writer may take it over, one of them alone, and from then on whoever finds it finishes it.
 */

import { canonicalJson } from '../core/canonical.ts'
import { PreconditionFailedError } from '../core/errors.ts'
import type { RunRecord } from '../core/run-record.ts'
import type { PutOptions, Store } from '../core/store.ts'
import {
  type Holder,
  LONG_AGO_MS,
  newHolder,
  type Standing,
  standingOf,
  toHolder,
} from './holder.ts'
import { claimKey, headersOf } from './keys.ts'

const CLAIM_SCHEMA = 'nearmiss.claim/1'

export interface Claim {
  readonly schema: typeof CLAIM_SCHEMA
  readonly state: 'writing' | 'written'
  /** What `run.json` will hold. */
  readonly record: RunRecord
  /** Names of the run's other files. */
  readonly files: readonly string[]
  readonly holder: Holder
  /** How often it was renewed: each time it is other content, which a store tells apart. */
  readonly renewals: number
}

export interface FoundClaim {
  readonly claim: Claim
  readonly etag: string
  /** `gone` too where it was renewed so long ago that no two clocks differ by as much. */
  readonly standing: Standing
}

/** A claim that this process holds, and renews until it is released. */
export interface HeldClaim {
  readonly holder: Holder
  /** Whether it is still ours. */
  isHeld(): Promise<boolean>
  /** Says that all files are written; false where somebody else has taken it over. */
  finish(): Promise<boolean>
  /** Takes it away: all is done. */
  release(): Promise<void>
  /** Leaves it, for who comes next to see how far it got. */
  abandon(): void
}

const RENEWED_EACH_MS = 5_000
/** A claim that somebody who waits for it has seen unchanged for so long is abandoned. */
export const ABANDONED_AFTER_MS = 30_000

/** Null where there is none. One that can't be read is nobody's who can be asked, and says no file is whole. */
export async function readClaim(
  site: Store,
  project: string,
  run: string,
): Promise<FoundClaim | null> {
  const stored = await site.get(claimKey(project, run))
  if (stored === null) return null
  const claim = parseClaim(stored.body, project, run)
  const standing = claim === null ? 'unknown' : standingOf(claim.holder)
  const isOld = Date.now() - Date.parse(stored.modifiedAt) > LONG_AGO_MS
  return {
    claim: claim ?? nobodysClaim(project, run),
    etag: stored.etag,
    standing: standing === 'unknown' && isOld ? 'gone' : standing,
  }
}

/**
 * Claims the run, or takes a claim over that still is as it was found. Null where somebody was faster.
 *
 * @param found null: there was none
 */
export async function takeClaim(
  site: Store,
  record: RunRecord,
  files: readonly string[],
  found: FoundClaim | null,
): Promise<HeldClaim | null> {
  const { project, run } = record
  const key = claimKey(project, run)
  const { holder, end } = newHolder()
  let claim: Claim = {
    schema: CLAIM_SCHEMA,
    state: 'writing',
    record,
    files,
    holder,
    renewals: 0,
  }
  let etag: string | null = null
  let renewing: Promise<unknown> = Promise.resolve()

  async function write(next: Claim, condition: PutOptions): Promise<boolean> {
    const written = await putIf(site, key, `${canonicalJson(next)}\n`, condition)
    if (written !== null) {
      etag = written
      claim = next
      return true
    }
    // A write whose answer was lost is tried again by the store, and then fails by its own first success.
    const now = await readClaim(site, project, run)
    if (now === null || canonicalJson(now.claim) !== canonicalJson(next)) return false
    etag = now.etag
    claim = next
    return true
  }

  let isTaken: boolean
  try {
    isTaken = await write(claim, found === null ? { ifAbsent: true } : { ifMatch: found.etag })
  } catch (error) {
    end()
    throw error
  }
  if (!isTaken) {
    end()
    return null
  }
  const renew = async () => {
    // Trouble with the store shows when the claim is needed.
    await write({ ...claim, renewals: claim.renewals + 1 }, { ifMatch: etag! }).catch(() => {})
  }
  const renewal = setInterval(() => {
    renewing = renewing.then(renew)
  }, RENEWED_EACH_MS)
  renewal.unref()
  const abandon = () => {
    clearInterval(renewal)
    end()
  }
  const isHeld = async () =>
    (await readClaim(site, project, run))?.claim.holder.token === holder.token
  return {
    holder,
    isHeld,
    async finish() {
      await renewing
      const finishing = write({ ...claim, state: 'written' }, { ifMatch: etag! })
      renewing = finishing.catch(() => {})
      return finishing
    },
    abandon,
    async release() {
      abandon()
      await renewing
      if (await isHeld()) await site.delete(key)
    },
  }
}

/** Removes a claim that is still as it was found. */
export async function dropClaim(site: Store, { claim, etag }: FoundClaim): Promise<void> {
  const { project, run } = claim.record
  const now = await readClaim(site, project, run)
  if (now?.etag === etag) await site.delete(claimKey(project, run))
}

/** Resolves to the new etag, and to null where the condition doesn't hold. */
export async function putIf(
  site: Store,
  key: string,
  body: Uint8Array | string,
  condition: PutOptions,
): Promise<string | null> {
  try {
    return (await site.put(key, body, { ...headersOf(key), ...condition })).etag
  } catch (error) {
    if (error instanceof PreconditionFailedError) return null
    throw error
  }
}

/** Null where the content, whoever wrote it, is no claim of the run. */
function parseClaim(body: Uint8Array, project: string, run: string): Claim | null {
  let value: Partial<Claim> | null
  try {
    value = JSON.parse(new TextDecoder().decode(body))
  } catch {
    return null
  }
  const { schema, state, record, files, holder, renewals } = value ?? {}
  const isClaim =
    schema === CLAIM_SCHEMA &&
    (state === 'writing' || state === 'written') &&
    record?.project === project &&
    record.run === run &&
    Array.isArray(files) &&
    toHolder(holder) !== null &&
    typeof renewals === 'number'
  return isClaim ? (value as Claim) : null
}

function nobodysClaim(project: string, run: string): Claim {
  const nobody = { machine: '', pid: 1, started: '', process: '', token: '' }
  const record: RunRecord = {
    schema: 'nearmiss.run/1',
    project,
    run,
    status: 'failed',
    createdAt: '',
    contentId: '',
  }
  return { schema: CLAIM_SCHEMA, state: 'writing', record, files: [], holder: nobody, renewals: 0 }
}
