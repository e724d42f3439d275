/**
 * The work folder of a sharded evaluation, beside the uploads: `work/<name>/` holds the vectors in the
 * order of their classes, the plan, and each shard's result, until the report is published.
 */

import { canonicalJson, sha256 } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import { CancelledError, StoreRefusedError, UsageError } from '../core/errors.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import { isName } from '../core/names.ts'
import { pack, unpack } from '../core/packed.ts'
import type { Store } from '../core/store.ts'
import { countOf } from '../core/words.ts'
import {
  joinStrip,
  mergeStrips,
  planStrips,
  type ReadPositions,
  type Strip,
  type StripPlan,
  type StripRange,
} from '../neighbors/strip.ts'
import { uploadPrefix } from '../publish/keys.ts'
import type { Backend } from '../tensor/backend.ts'
import type { Upload } from '../upload/content.ts'
import { listSettings } from '../upload/files.ts'
import type { ReadUpload } from '../upload/rows.ts'
import { LIST_BYTES_PER_ROW } from './plan.ts'

/** What every shard of an evaluation needs to know. */
export interface ShardWork {
  readonly contentId: string
  /** The project's settings that it was planned by; null without. */
  readonly settings: { readonly name: string; readonly text: string } | null
  readonly plan: StripPlan
  readonly shards: readonly StripRange[]
}

const PLAN = { kind: 'nearmiss.shard-plan/3', file: 'plan.bin' }
const STRIP_KIND = 'nearmiss.strip/3'
const VECTORS_FILE = 'vectors.f32'
const CONCURRENT_CALLS = 16

/**
 * The name of the work on an upload as it is now: the same files give the same name, whoever asks and
 * however often; a file that is added or replaced gives another one.
 */
export async function workName(
  { uploads, tenant }: Pick<Context, 'uploads' | 'tenant'>,
  project: string,
  run: string,
): Promise<string> {
  const prefix = uploadPrefix(project, run)
  const files: string[][] = []
  for await (const { key, etag, modifiedAt } of uploads.list(prefix)) {
    // Pictures in folders of the upload play no part in it.
    if (!key.slice(prefix.length).includes('/')) files.push([key, etag, modifiedAt])
  }
  for (const { key, etag } of await listSettings(uploads, project)) files.push([key, etag])
  if (tenant !== undefined) files.push([tenant])
  const readable = `${project}-${run}`.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 40)
  return `${readable}-${sha256(canonicalJson(files)).slice(0, 32)}`
}

/** Bytes of an upload's files, pictures in folders left out. */
export async function uploadBytes(uploads: Store, project: string, run: string): Promise<number> {
  const prefix = uploadPrefix(project, run)
  let byteLength = 0
  for await (const object of uploads.list(prefix)) {
    if (!object.key.slice(prefix.length).includes('/')) byteLength += object.byteLength
  }
  return byteLength
}

/** Writes everything that the shards need; a second time it writes the same. */
export async function writeWork(
  uploads: Store,
  name: string,
  upload: Upload,
  { dataset, manifest }: ReadUpload,
  shards: readonly StripRange[],
): Promise<void> {
  const { rows, dimensions, vectors } = dataset
  const input = { ...dataset, classes: dataset.classes.length }
  const plan = planStrips(input, manifest.metric, manifest.k)
  const ordered = new Float32Array(rows * dimensions)
  for (let position = 0; position < rows; position++) {
    const start = plan.rowAt[position]! * dimensions
    ordered.set(vectors.subarray(start, start + dimensions), position * dimensions)
  }
  await uploads.put(workKey(name, VECTORS_FILE), new Uint8Array(ordered.buffer))
  const settings = upload.settings && {
    name: upload.settings.name,
    text: new TextDecoder().decode(upload.settings.bytes),
  }
  const work: ShardWork = { contentId: upload.contentId, settings, plan, shards }
  await uploads.put(workKey(name, PLAN.file), pack(PLAN.kind, work))
}

/** @throws StoreRefusedError where the folder is gone, or its plan can't be read */
export async function readWork(uploads: Store, name: string): Promise<ShardWork> {
  return readPacked(uploads, workKey(name, PLAN.file), PLAN.kind)
}

/**
 * Ranks the rows of a shard and writes what it found.
 *
 * @throws CancelledError that says how far it came, where the signal stops it
 */
export async function runShard(
  { uploads, signal, progress }: Pick<Context, 'uploads' | 'signal' | 'progress'>,
  name: string,
  shard: number,
  backend: Backend,
): Promise<StripRange & { readonly contentId: string }> {
  const work = await readWork(uploads, name)
  const range = work.shards[shard]
  if (range === undefined) {
    throw new UsageError(
      'no-such-shard',
      `there is no shard ${shard}: ${name} has ${countOf(work.shards.length, 'shard')}, counted from 0`,
    )
  }
  let done = 0
  try {
    const read = positionReader(uploads, workKey(name, VECTORS_FILE), work.plan)
    const strip = await joinStrip(work.plan, range, read, {
      backend,
      signal,
      listBytes: (range.end - range.start) * LIST_BYTES_PER_ROW,
      progress: (fraction) => {
        done = fraction
        progress({ stage: 'neighbors', fraction })
      },
    })
    await uploads.put(stripKey(name, shard), pack(STRIP_KIND, { contentId: work.contentId, strip }))
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error
    const { start, end } = range
    throw new CancelledError(
      `shard ${shard} of ${name} (positions ${start} to ${end} of ${work.plan.rows}) was stopped after ${Math.floor(100 * done)} % of its work: shards must be shorter, or the function must have more memory`,
    )
  }
  return { ...range, contentId: work.contentId }
}

/** What the shards found, as one neighbourhood of all rows. Every shard must have ended. */
export async function readNeighborhood(
  uploads: Store,
  name: string,
  { contentId, plan, shards }: Pick<ShardWork, 'contentId' | 'plan' | 'shards'>,
): Promise<Neighborhood> {
  const strips: Strip[] = []
  for (const [shard, { start, end }] of shards.entries()) {
    const key = stripKey(name, shard)
    const result = await readPacked<{ contentId: string; strip: Strip }>(uploads, key, STRIP_KIND)
    const isOfPlan =
      result.contentId === contentId && result.strip.start === start && result.strip.end === end
    if (!isOfPlan) {
      throw unusable(
        uploads,
        key,
        `holds positions ${result.strip.start} to ${result.strip.end} of ${result.contentId}, and the plan has ${start} to ${end} of ${contentId}`,
      )
    }
    strips.push(result.strip)
  }
  return mergeStrips(plan, strips)
}

export async function deleteWork(uploads: Store, name: string): Promise<void> {
  const keys: string[] = []
  for await (const { key } of uploads.list(workKey(name, ''))) keys.push(key)
  for (let start = 0; start < keys.length; start += CONCURRENT_CALLS) {
    await Promise.all(keys.slice(start, start + CONCURRENT_CALLS).map((key) => uploads.delete(key)))
  }
}

/**
 * Reads vectors by position. Where parts are read one after the other the next one is fetched
 * meanwhile: the network is idle while pairs are compared.
 */
function positionReader(
  uploads: Store,
  key: string,
  { rows, dimensions }: StripPlan,
): ReadPositions {
  const bytesEach = dimensions * Float32Array.BYTES_PER_ELEMENT
  const fetchPart = async (start: number, end: number) => {
    const bytes = await uploads.getRange(key, start * bytesEach, end * bytesEach)
    if (bytes === null) throw unusable(uploads, key, 'is gone')
    // A copy only where the bytes don't start where an array of floats may.
    const { buffer, byteOffset } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
    return new Float32Array(buffer, byteOffset, (end - start) * dimensions)
  }
  let previousEnd = -1
  let ahead: { start: number; end: number; part: Promise<Float32Array> } | null = null
  return async (start, end) => {
    const isAhead = ahead !== null && ahead.start === start && ahead.end === end
    const values = await (isAhead ? ahead!.part : fetchPart(start, end))
    const next = Math.min(rows, 2 * end - start)
    ahead = null
    if (start === previousEnd && next > end) {
      ahead = { start: end, end: next, part: fetchPart(end, next) }
      // Who never asks for it needn't know that it failed.
      ahead.part.catch(() => {})
    }
    previousEnd = end
    return values
  }
}

async function readPacked<T>(uploads: Store, key: string, kind: string): Promise<T> {
  const stored = await uploads.get(key)
  if (stored === null) throw unusable(uploads, key, 'is gone')
  const unpacked = unpack<T>(kind, stored.body)
  if ('problem' in unpacked) throw unusable(uploads, key, unpacked.problem)
  return unpacked.value
}

function unusable(uploads: Store, key: string, problem: string): StoreRefusedError {
  return new StoreRefusedError('unusable-work', `${key} in ${uploads.name} ${problem}`, {
    hint: 'Work is deleted after its report is published, and two days later in any case. Upload the files again.',
  })
}

function workKey(name: string, file: string): string {
  if (isName(name)) return `work/${name}/${file}`
  throw new UsageError('invalid-name', `${JSON.stringify(name)} is no name of work on an upload`)
}

function stripKey(name: string, shard: number): string {
  return workKey(name, `strips/${String(shard).padStart(5, '0')}.bin`)
}
