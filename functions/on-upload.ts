/**
 * Evaluates what was uploaded: S3 tells a queue, the queue hands messages to this function in batches.
 * A message that comes back as a failure is delivered again, and after its last try put aside.
 */

import type { Context as LambdaContext, SQSBatchResponse } from 'aws-lambda'
import type { Context, Log } from '../lib/core/context.ts'
import { CancelledError, NearmissError, UsageError } from '../lib/core/errors.ts'
import { type BackendChoice, evaluateUpload, type Outcome } from '../lib/pipeline.ts'
import { parseUploadKey } from '../lib/publish/keys.ts'
import { BACKEND_NAMES } from '../lib/tensor/backend.ts'
import { cloudContext } from './context.ts'
import { readUploadedKeys } from './upload-message.ts'

/** The part of a batch of SQS messages that is read. */
export interface UploadEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[]
}

/** Kept of the function's time, so that an evaluation stops by itself and says so. */
const MARGIN_MS = 10_000

interface Run {
  readonly project: string
  readonly run: string
  readonly messageIds: Set<string>
}

/**
 * Evaluates each run that the messages are about once, in the order in which they name them. An upload
 * that can't be evaluated, or isn't complete, is done with; only what is thrown fails its messages.
 */
export async function handleUploadEvent(
  context: Context,
  event: UploadEvent,
  backend: BackendChoice,
  evaluate: typeof evaluateUpload = evaluateUpload,
): Promise<SQSBatchResponse> {
  const failed = new Set<string>()
  for (const run of runsOf(event, failed, context.log).values()) {
    const { project, run: name } = run
    const startMs = context.clock().getTime()
    const said = () => ({ project, run: name, elapsedMs: context.clock().getTime() - startMs })
    try {
      if (context.signal.aborted) throw new CancelledError('no time was left to start')
      tell(context.log, await evaluate(context, { project, run: name, backend }), said())
    } catch (error) {
      for (const id of run.messageIds) failed.add(id)
      const problem = { ...said(), ...problemOf(error) }
      if (error instanceof CancelledError) {
        context.log.warn('stopped before the run was finished; it is delivered again', problem)
      } else context.log.error('the evaluation failed; it is delivered again', problem)
    }
  }
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) }
}

/** The function's entry. */
export async function handler(
  event: UploadEvent,
  lambda: LambdaContext,
): Promise<SQSBatchResponse> {
  const leftMs = Math.floor(lambda.getRemainingTimeInMillis()) - MARGIN_MS
  const signal = leftMs > 0 ? AbortSignal.timeout(leftMs) : AbortSignal.abort()
  const context = await cloudContext(process.env, signal)
  const sayLate = () =>
    context.log.warn('the time limit is near; stopping', { usedMs: leftMs, keptMs: MARGIN_MS })
  signal.addEventListener('abort', sayLate, { once: true })
  try {
    return await handleUploadEvent(context, event, backendOf(process.env.BACKEND))
  } finally {
    // The timer outlives the call: this process serves the next one too.
    signal.removeEventListener('abort', sayLate)
  }
}

/** What the messages are about, by run; ids of messages that can't be read are added to `failed`. */
function runsOf(event: UploadEvent, failed: Set<string>, log: Log): Map<string, Run> {
  const runs = new Map<string, Run>()
  for (const { messageId, body } of event.Records) {
    const keys = readUploadedKeys(body)
    if (keys === null) {
      failed.add(messageId)
      log.error('a message is no S3 event', { messageId, body: body.slice(0, 500) })
      continue
    }
    for (const key of keys) {
      const upload = parseUploadKey(key)
      if ('problem' in upload) {
        log.info(`ignored: ${upload.problem}`, { key })
        continue
      }
      const { project, run, file } = upload
      // Pictures lie in folders of the upload; nothing is evaluated because of them.
      if (file.includes('/')) continue
      const id = `${project}/${run}`
      const entry = runs.get(id) ?? { project, run, messageIds: new Set() }
      entry.messageIds.add(messageId)
      runs.set(id, entry)
    }
  }
  return runs
}

function tell(log: Log, outcome: Outcome, fields: Record<string, unknown>): void {
  switch (outcome.status) {
    case 'published':
      log.info(outcome.alreadyPublished ? 'already published' : 'published', {
        ...fields,
        publishedAs: outcome.run,
      })
      break
    case 'failed': {
      const [first] = outcome.issues
      log.warn('the upload cannot be evaluated; its page says why', {
        ...fields,
        publishedAs: outcome.run,
        code: first?.code,
        reason: first?.message,
      })
      break
    }
    case 'waiting':
      log.info(`waiting for ${outcome.missing}`, fields)
  }
}

function problemOf(error: unknown): Record<string, unknown> {
  if (error instanceof NearmissError) {
    const { code, message, hint, retryable } = error
    return { code, reason: message, hint, retryable }
  }
  return { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

function backendOf(name: string | undefined): BackendChoice {
  if (!name) return 'auto'
  const choices: readonly BackendChoice[] = ['auto', ...BACKEND_NAMES]
  const choice = choices.find((known) => known === name)
  if (choice !== undefined) return choice
  throw new UsageError('unknown-backend', `BACKEND is ${name}, which is no backend`, {
    hint: `It is one of ${choices.join(', ')}.`,
  })
}
