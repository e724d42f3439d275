/**
 * An evaluation that goes on in shards: started by the function that met the upload, planned, joined
 * in parts, and ended by the very pipeline that evaluates a small one.
 */

import type { Context } from '../core/context.ts'
import type { HandedOver, Outcome } from '../core/ending.ts'
import { evaluateOrHandOver } from '../pipeline.ts'
import { sizeOf } from '../run/read.ts'
import { type EvaluationRequest, NO_TAKEOVER } from '../run/request.ts'
import { listUpload, missingPart } from '../upload/files.ts'
import { checkMemory, memoryEstimate } from '../upload/memory-limit.ts'
import { joinSeconds, planShards, type ShardLimits } from './plan.ts'
import { deleteWork, readNeighborhood, readWork, uploadBytes, workName, writeWork } from './work.ts'

/** What is told to each step: which upload, and the name of the work on it. */
export interface ShardedUpload {
  /** Whose it is; null or left out: nobody's. */
  readonly tenant?: string | null
  readonly project: string
  readonly run: string
  readonly work: string
  /** Of the message that it was started for, for the logs. */
  readonly messageId?: string | null
}

export interface ShardStart {
  readonly limits: ShardLimits
  /** What the evaluation of a small upload may take. */
  readonly memoryLimitBytes: number
  /** Starts the steps under a name; a name that was started before is not started again. */
  readonly start: (name: string, input: ShardedUpload) => Promise<void>
}

/** Files of more than this share of the memory aren't read to find out how many rows they hold. */
const READABLE_SHARE = 1 / 8

/**
 * Evaluates an upload, or starts its evaluation in shards where one function would take too long for
 * its rows and dimensions or hasn't the memory.
 */
export async function evaluateOrShard(
  context: Context,
  request: EvaluationRequest,
  { limits, memoryLimitBytes, start }: ShardStart,
): Promise<Outcome | HandedOver> {
  const { project, run, restMs = 0 } = request
  const { uploads } = context
  const startShards = async (): Promise<HandedOver> => {
    const work = await workName(context, project, run)
    await start(work, { tenant: context.tenant ?? null, project, run, work })
    return { status: 'handed-over', why: 'too large for one function; it goes on in shards' }
  }
  return evaluateOrHandOver(
    context,
    { ...request, memoryLimitBytes },
    {
      unread: async () => {
        const rest = { hasVectors: true, ready: 'files', restMs, now: context.clock() } as const
        const missing = missingPart(await listUpload(uploads, project, run), rest)
        if (missing !== null) return { status: 'waiting', missing }
        const byteLength = await uploadBytes(uploads, project, run)
        return byteLength > memoryLimitBytes * READABLE_SHARE ? startShards() : null
      },
      read: async (_upload, read) => {
        const size = sizeOf(read)
        const fits =
          memoryEstimate(size) <= memoryLimitBytes &&
          joinSeconds(size, limits.memoryBytes) <= limits.seconds
        return fits ? null : startShards()
      },
    },
  )
}

/** What there is to do for an upload: shards to run, or nothing, since it ended in order. */
export interface PlannedUpload extends ShardedUpload {
  readonly status: 'planned' | 'published' | 'failed' | 'waiting'
  /** Numbers of the shards. */
  readonly shards: readonly number[]
}

/**
 * Reads and checks an upload and writes what its shards need. An upload that can't be evaluated
 * publishes its error page and has no shards.
 *
 * @param request `memoryLimitBytes` is what the function may take that merges the shards
 */
export async function planUpload(
  context: Context,
  { project, run, work }: ShardedUpload,
  request: Omit<EvaluationRequest, 'project' | 'run'> & { readonly memoryLimitBytes: number },
  limits: ShardLimits,
): Promise<PlannedUpload> {
  let shards: number[] = []
  const outcome = await evaluateOrHandOver(
    context,
    { ...request, project, run },
    {
      ...NO_TAKEOVER,
      read: async (upload, read) => {
        const size = sizeOf(read)
        const file = upload.parts?.vectors ?? ''
        checkMemory(size, request.memoryLimitBytes, file)
        const ranges = planShards(size, limits, file)
        await writeWork(context.uploads, work, upload, read, ranges)
        shards = [...ranges.keys()]
        return { status: 'handed-over', why: 'its shards are planned; it goes on in them' }
      },
    },
  )
  const status = outcome.status === 'handed-over' ? 'planned' : outcome.status
  return { project, run, work, status, shards }
}

/**
 * Ends the evaluation whose shards are done: publishes its report and deletes the work folder. Where
 * the upload was replaced meanwhile nothing is published: its new files have work of their own.
 */
export async function mergeShards(
  context: Context,
  { project, run, work }: ShardedUpload,
  request: Omit<EvaluationRequest, 'project' | 'run'>,
): Promise<Outcome | HandedOver> {
  const { uploads } = context
  const { contentId, settings, plan, shards } = await readWork(uploads, work)
  const outcome = await evaluateOrHandOver(
    context,
    {
      ...request,
      project,
      run,
      plannedSettings: settings && {
        name: settings.name,
        bytes: new TextEncoder().encode(settings.text),
      },
      neighborhood: () => readNeighborhood(uploads, work, { contentId, plan, shards }),
    },
    {
      ...NO_TAKEOVER,
      read: async (upload) => (upload.contentId === contentId ? null : REPLACED),
    },
  )
  await deleteWork(uploads, work)
  return outcome
}

const REPLACED: HandedOver = {
  status: 'handed-over',
  why: 'the upload was replaced meanwhile; its new files have work of their own',
}
