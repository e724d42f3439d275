/** Turns changed files into the events that a bucket would send, and tells how their evaluations go. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Progress } from '../../lib/core/context.ts'
import type { Ending } from '../../lib/core/ending.ts'
import { NearmissError } from '../../lib/core/errors.ts'
import { visible } from '../../lib/core/escape.ts'
import type { Log } from '../../lib/core/log.ts'
import { percent, pValue } from '../../lib/core/words.ts'
import { evaluateUpload } from '../../lib/pipeline.ts'
import type { BackendChoice } from '../../lib/tensor/backend.ts'
import { READY_FILE } from '../../lib/upload/files.ts'
import type { CommandContext } from '../commands/command-context.ts'
import { localContext } from '../context.ts'
import type { EvaluationMetrics } from '../metrics/evaluation-metrics.ts'
import { DELIVERIES, handleUploadEvent, type UploadEvent } from '../on-upload.ts'
import { createQueue, type RunName } from './queue.ts'

export interface Evaluations {
  /** Notes that an object of a run's upload changed. */
  readonly changed: (run: RunName, key: string) => void
  /** Where the evaluation that is under way stands; null where the run is not being evaluated. */
  readonly progressOf: (project: string, run: string) => Progress | null
  /** What is being done and what waits, a sentence each. */
  readonly activity: () => readonly string[]
  /** How many uploads wait. */
  readonly waiting: () => number
  /** Whether a run is being published: a matter of moments, and not to be cut short. */
  readonly isPublishing: () => boolean
  /** The server's address, for messages; ends with `/`. */
  setAddress(address: string): void
  close(): Promise<void>
}

export interface EvaluationsOptions {
  readonly bucket: string
  readonly backend: BackendChoice
  readonly context: CommandContext
  readonly evaluate?: typeof evaluateUpload
  readonly redeliveryMs?: number
  /** How long an upload's files must be at rest, unless `_READY` is among them. */
  readonly waitMs?: number
  readonly metrics?: EvaluationMetrics
}

/** Files of one upload seldom come at once: labels follow vectors by a moment. */
const REST_MS = 400
const REDELIVERY_MS = 2_000

export function createEvaluations(options: EvaluationsOptions): Evaluations {
  const { bucket, backend, context, redeliveryMs = REDELIVERY_MS, waitMs = 0, metrics } = options
  const { terminal, signal } = context
  let address = '/'
  let current: { readonly run: RunName; readonly progress: Progress } | null = null
  const queue = createQueue({
    restMs: Math.max(REST_MS, waitMs),
    ready: { restMs: REST_MS, says: (key) => key.endsWith(`/${READY_FILE}`) },
    evaluate: deliver,
    failed,
  })

  const evaluate = options.evaluate ?? evaluateUpload

  async function deliver(run: RunName, keys: readonly string[]): Promise<void> {
    const name = `${run.project}/${run.run}`
    const progress = (at: Progress) => {
      current = { run, progress: at }
      terminal.progress(at)
    }
    terminal.begin(name)
    progress({ stage: 'read', fraction: 0 })
    const event = uploadEvent(keys)
    let worthwhile = true
    try {
      for (let delivery = 1; !signal.aborted; delivery++) {
        const { batchItemFailures } = await handleUploadEvent(
          localContext({
            bucket,
            log: quiet(context),
            signal,
            progress,
            announcers: [
              (ending) => terminal.say(sentence(ending)),
              ...(metrics === undefined ? [] : [metrics.announcer]),
            ],
          }),
          event,
          backend,
          async (asking, request) => {
            try {
              return await evaluate(asking, request)
            } catch (error) {
              worthwhile = !(error instanceof NearmissError) || error.retryable
              throw error
            }
          },
        )
        if (batchItemFailures.length === 0) break
        const isLast = !worthwhile || delivery === DELIVERIES
        metrics?.fault(isLast)
        if (isLast) break
        await wait(redeliveryMs, undefined, { signal }).catch(() => {})
      }
    } finally {
      current = null
      terminal.clear()
    }
  }

  function failed({ project, run }: RunName, error: unknown): void {
    terminal.log.error(`${project}/${run}: ${error instanceof Error ? error.message : error}`)
  }

  function sentence(ending: Ending): string {
    const { project, upload } = ending
    const name = `${project}/${upload}`
    switch (ending.status) {
      case 'published': {
        const page = `${address}${project}/runs/${ending.run}/`
        if (ending.alreadyPublished) return `${name}: published before: ${page}`
        const { metrics, comparison } = ending.report
        const accuracy = metrics.nearest_neighbor_accuracy?.value ?? null
        const figure = accuracy === null ? '' : `${percent(accuracy)} nearest-neighbour accuracy, `
        const change =
          comparison === null
            ? ''
            : `${comparison.fixed.length} fixed and ${comparison.broken.length} broken ` +
              `since ${comparison.baseline} (${pValue(comparison.p)}), `
        return `${name}: ${figure}${change}${page}`
      }
      case 'failed': {
        const [issue] = ending.issues
        const what =
          issue === undefined ? '' : `: ${visible(issue.message)} (${visible(issue.where)})`
        return `${name} can't be evaluated${what}, ${address}${project}/runs/${ending.run}/`
      }
      case 'waiting':
        return `${name} waits for ${ending.missing}`
      case 'handed-over':
        return `${name}: ${ending.why}`
    }
  }

  return {
    changed: (run, key) => queue.add(run, key),
    progressOf: (project, run) =>
      current?.run.project === project && current.run.run === run ? current.progress : null,
    isPublishing: () => current?.progress.stage === 'publish',
    activity: () => [
      ...(current === null
        ? []
        : [`${current.run.project}/${current.run.run} is being evaluated.`]),
      ...queue.waiting().map(({ project, run }) => `${project}/${run} waits.`),
    ],
    waiting: () => queue.waiting().length,
    setAddress: (known) => {
      address = known
    },
    close: () => queue.close(),
  }
}

/** What S3 and SQS would have sent for these objects. */
function uploadEvent(keys: readonly string[]): UploadEvent {
  const records = keys.map((key) => ({
    eventName: 'ObjectCreated:Put',
    s3: { object: { key: encodeURIComponent(key).replaceAll('%2F', '/') } },
  }))
  return { Records: [{ messageId: 'local', body: JSON.stringify({ Records: records }) }] }
}

/** The outcome is told in a sentence of its own, so only trouble is left to say. */
function quiet({ terminal, verbose }: CommandContext): Log {
  if (verbose) return terminal.log
  return {
    info: () => {},
    warn: () => {},
    error: (_message, fields) => {
      // The first line of a stack says what; the others are for those who ask for more.
      const [reason] = String(fields?.reason).split('\n')
      const hint = fields?.hint === undefined ? '' : ` (${fields.hint})`
      terminal.log.error(`${fields?.project}/${fields?.run}: ${reason}${hint}`)
    },
  }
}
