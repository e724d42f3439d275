/** The figures of evaluations for `/metrics`, from the same list as CloudWatch's. */

import type { Announcer } from '../../lib/core/ending.ts'
import type { Registry } from './exposition.ts'
import { MEASURES, type MeasureName, measuresOf } from './measures.ts'

const OUTCOMES = {
  Published: 'published',
  Failed: 'failed',
  Waiting: 'waiting',
  HandedOver: 'handed-over',
} as const satisfies Partial<Record<MeasureName, string>>

const PAGE_BOUNDS = [1, 5, 15, 60, 300, 900, 3600]
const STAGE_BOUNDS = [0.01, 0.1, 1, 10, 60, 600]

export interface EvaluationMetrics {
  readonly announcer: Announcer
  /** Notes that an evaluation met trouble; `isLast`: it isn't tried again. */
  readonly fault: (isLast: boolean) => void
}

export function evaluationMetrics(registry: Registry, clock: () => Date): EvaluationMetrics {
  const outcomes = registry.counter(
    'nearmiss_evaluations_total',
    'Evaluations that ended, by how they ended.',
  )
  const faults = registry.counter('nearmiss_faults_total', sentence('Faults'))
  const stuck = registry.counter('nearmiss_stuck_total', sentence('Stuck'))
  const rows = registry.counter('nearmiss_rows_total', sentence('Rows'))
  const bytes = registry.counter('nearmiss_upload_bytes_total', sentence('Bytes'))
  const page = registry.histogram(
    'nearmiss_upload_to_page_seconds',
    sentence('UploadToPage'),
    PAGE_BOUNDS,
  )
  const stages = registry.histogram(
    'nearmiss_stage_seconds',
    'Seconds of each stage of an evaluation that was published.',
    STAGE_BOUNDS,
  )
  for (const outcome of Object.values(OUTCOMES)) outcomes({ outcome }, 0)
  for (const count of [faults, stuck, rows, bytes]) count({}, 0)
  return {
    announcer: (ending) => {
      const measured = measuresOf(ending, clock())
      for (const [name, outcome] of Object.entries(OUTCOMES)) {
        if (measured[name as MeasureName] !== undefined) outcomes({ outcome })
      }
      if (measured.Rows !== undefined) rows({}, measured.Rows)
      if (measured.Bytes !== undefined) bytes({}, measured.Bytes)
      if (measured.UploadToPage !== undefined) page(measured.UploadToPage)
      for (const [name, seconds] of Object.entries(measured)) {
        const stage = /^Stage-(.*)$/.exec(name)?.[1]
        if (stage !== undefined) stages(seconds, { stage })
      }
    },
    fault: (isLast) => {
      faults()
      if (isLast) stuck()
    },
  }
}

/** What any process says of itself. */
export function processMetrics(registry: Registry, startedAt: Date): void {
  registry.gauge('process_resident_memory_bytes', 'Memory that the process takes.', () =>
    process.memoryUsage.rss(),
  )
  registry.gauge(
    'process_start_time_seconds',
    'When the process started, in seconds since 1970.',
    () => startedAt.getTime() / 1000,
  )
}

function sentence(name: MeasureName): string {
  const { unit, help } = MEASURES[name]
  const text = unit === 'Count' ? help : `${unit} ${help}`
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
