/** What deployed functions measure, as lines of their log from which CloudWatch makes metrics. */

import type { Context } from '../../lib/core/context.ts'
import type { Announcer } from '../../lib/core/ending.ts'
import { logMetrics } from './embedded.ts'
import { type Measured, measuresOf } from './measures.ts'

/** Of the deployment; null where nothing is measured. */
type Stage = string | null
type Measuring = Pick<Context, 'log' | 'clock' | 'tenant'>

/** Who counts what is no ending of an evaluation. */
export interface UploadWatch {
  /** An evaluation starts so long after its message was sent. */
  readonly starts: (seconds: number, context: Measuring) => void
  /** One met trouble; with `isLast` it isn't tried again. */
  readonly failed: (isLast: boolean, context: Measuring) => void
}

export const NO_WATCH: UploadWatch = { starts: () => {}, failed: () => {} }

function measure(stage: Stage, { log, clock, tenant }: Measuring, measured: Measured): void {
  if (stage === null) return
  logMetrics(log, { stage, tenant: tenant ?? null, at: clock() }, measured)
}

/** Tells CloudWatch how an evaluation ended. */
export function announceToMetrics(stage: Stage, clock: () => Date): Announcer {
  return (ending, log) => {
    const at = clock()
    if (stage !== null)
      logMetrics(log, { stage, tenant: ending.tenant, at }, measuresOf(ending, at))
  }
}

/** Counts how long messages waited, and what isn't tried again: that is a page which comes too late. */
export function uploadWatch(stage: Stage): UploadWatch {
  return {
    starts: (QueueTime, context) => measure(stage, context, { QueueTime }),
    failed: (isLast, context) =>
      measure(stage, context, { Faults: 1, ...(isLast ? { Stuck: 1, LatePages: 100 } : {}) }),
  }
}

/**
 * Tells how much of its function's memory the process took at most.
 *
 * @param limitMegabytes as Lambda tells it
 */
export function measureMemory(stage: Stage, context: Measuring, limitMegabytes: number): void {
  if (!(limitMegabytes > 0)) return
  // In kibibytes.
  const { maxRSS } = process.resourceUsage()
  measure(stage, context, { Memory: (100 * maxRSS) / (limitMegabytes * 1024) })
}
