/**
 * Evaluates what was uploaded: S3 tells a queue, the queue hands messages to this function in batches.
 * A message that comes back as a failure is delivered again, and after its last try put aside.
 */

import type { Context as LambdaContext, SQSBatchResponse } from 'aws-lambda'
import type { Context } from '../lib/core/context.ts'
import type { HandedOver, Outcome } from '../lib/core/ending.ts'
import { CancelledError, NearmissError } from '../lib/core/errors.ts'
import { type Log, withFields } from '../lib/core/log.ts'
import { refuseUpload } from '../lib/pipeline.ts'
import { parseUploadKey } from '../lib/publish/keys.ts'
import { splitTenant, tenantContext } from '../lib/publish/tenant.ts'
import type { EvaluationRequest } from '../lib/run/request.ts'
import { evaluateOrShard } from '../lib/shards/evaluation.ts'
import { healSite } from '../lib/site/heal.ts'
import type { BackendChoice } from '../lib/tensor/backend.ts'
import { attempt } from '../lib/upload/attempts.ts'
import { isProjectSettings } from '../lib/upload/files.ts'
import { usableMemory } from '../lib/upload/memory-limit.ts'
import {
  backendOf,
  functionMemory,
  required,
  setting,
  shardLimits,
  uploadRestMs,
  withinTimeLimit,
} from './context.ts'
import { NO_WATCH, uploadWatch } from './metrics/cloud.ts'
import { startExecution } from './start-execution.ts'
import { readUploadedKeys } from './upload-message.ts'

/** The part of a batch of SQS messages that is read. */
export interface UploadEvent {
  readonly Records: readonly {
    readonly messageId: string
    readonly body: string
    readonly attributes?: {
      readonly ApproximateReceiveCount: string
      /** Milliseconds since 1970. */
      readonly SentTimestamp: string
    }
  }[]
}

interface Run {
  /** Null: nobody's. */
  readonly tenant: string | null
  readonly project: string
  readonly run: string
  readonly messageIds: Set<string>
  /** When the first of them was sent, where that is known. */
  sentAtMs: number | null
  /** The most that one of them was delivered. */
  deliveries: number
}

/** So often a message is delivered before it is put aside; the queue's redrive policy says the same. */
export const DELIVERIES = 3

/**
 * Evaluates each run that the messages are about once, in the order in which they name them. An upload
 * that can't be evaluated, or isn't complete, is done with; only what is thrown fails its messages.
 * One whose evaluation ended with the process twice isn't taken up again: its page says so.
 *
 * @param longestMs how long somebody else may be evaluating the same upload
 */
export async function handleUploadEvent(
  context: Context,
  event: UploadEvent,
  backend: BackendChoice,
  evaluate: (
    context: Context,
    request: EvaluationRequest,
    messageId: string,
  ) => Promise<Outcome | HandedOver>,
  longestMs = 0,
  watch = NO_WATCH,
): Promise<SQSBatchResponse> {
  const failed = new Set<string>()
  for (const run of runsOf(event, failed, context.log).values()) {
    const { tenant, project, run: name } = run
    const messageId = [...run.messageIds].join(' ')
    const log = withFields(context.log, { tenant, project, run: name, messageId })
    const mine = tenantContext({ ...context, log }, tenant)
    const startMs = context.clock().getTime()
    try {
      if (run.sentAtMs !== null) watch.starts(Math.max(0, startMs - run.sentAtMs) / 1000, mine)
      if (context.signal.aborted) throw new CancelledError('no time was left to start')
      await attempt<Outcome | HandedOver>(
        mine,
        { project, run: name },
        longestMs,
        () => evaluate(mine, { project, run: name, backend }, messageId),
        (issue) => refuseUpload(mine, { project, run: name }, issue),
      )
    } catch (error) {
      for (const id of run.messageIds) failed.add(id)
      watch.failed(run.deliveries >= DELIVERIES, mine)
      const elapsedMs = context.clock().getTime() - startMs
      const problem = { elapsedMs, ...problemOf(error) }
      if (error instanceof CancelledError) {
        log.warn('stopped before the run was finished; it is delivered again', problem)
      } else log.error('the evaluation failed; it is delivered again', problem)
    }
  }
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) }
}

/** Set by the first call of this process: what was left of an earlier one that was ended is mended once. */
let isHealed = false

/** A function is stopped after 900 seconds. */
const LONGEST_MS = 900_000

/** The function's entry. */
export function handler(event: UploadEvent, lambda: LambdaContext): Promise<SQSBatchResponse> {
  const { env } = process
  return withinTimeLimit(env, lambda, async (context) => {
    const stateMachine = required(env, 'STATE_MACHINE')
    const cloud = {
      limits: shardLimits(env),
      memoryLimitBytes: usableMemory(functionMemory(env)),
    }
    const backend = backendOf(env)
    if (!isHealed && !context.signal.aborted) {
      await healSite(context)
      isHealed = true
    }
    return handleUploadEvent(
      context,
      event,
      backend,
      (asking, request, messageId) =>
        evaluateOrShard(
          asking,
          { ...request, restMs: uploadRestMs(env) },
          {
            ...cloud,
            // The steps' lines are found by it too.
            start: (name, input) =>
              startExecution(env, stateMachine, name, { ...input, messageId }),
          },
        ),
      LONGEST_MS,
      uploadWatch(setting(env, 'STAGE')),
    )
  })
}

/** What the messages are about, by run; ids of messages that can't be read are added to `failed`. */
function runsOf(event: UploadEvent, failed: Set<string>, log: Log): Map<string, Run> {
  const runs = new Map<string, Run>()
  for (const { messageId, body, attributes } of event.Records) {
    const keys = readUploadedKeys(body)
    if (keys === null) {
      failed.add(messageId)
      log.error('a message is no S3 event', { messageId, body: body.slice(0, 500) })
      continue
    }
    for (const uploaded of keys) {
      const { tenant, key } = splitTenant(uploaded)
      if (isProjectSettings(key)) {
        log.info('settings of a project: they hold for its runs from now on', { key: uploaded })
        continue
      }
      const upload = parseUploadKey(key)
      if ('problem' in upload) {
        log.info(`ignored: ${upload.problem}`, { key: uploaded })
        continue
      }
      const { project, run, file } = upload
      // Pictures lie in folders of the upload; nothing is evaluated because of them.
      if (file.includes('/')) continue
      const id = `${tenant ?? ''}/${project}/${run}`
      const entry = runs.get(id) ?? {
        tenant,
        project,
        run,
        messageIds: new Set(),
        sentAtMs: null,
        deliveries: 0,
      }
      if (attributes !== undefined) {
        const sentAtMs = Number(attributes.SentTimestamp)
        entry.sentAtMs = Math.min(entry.sentAtMs ?? sentAtMs, sentAtMs)
        entry.deliveries = Math.max(entry.deliveries, Number(attributes.ApproximateReceiveCount))
      }
      entry.messageIds.add(messageId)
      runs.set(id, entry)
    }
  }
  return runs
}

function problemOf(error: unknown): Record<string, unknown> {
  if (error instanceof NearmissError) {
    const { code, message, hint, retryable } = error
    return { code, reason: message, hint, retryable }
  }
  return { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
