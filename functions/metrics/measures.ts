/** What is measured of evaluations, in one list: what a figure counts, and in which unit. */

import type { Ending } from '../../lib/core/ending.ts'
import { STAGES } from '../../lib/core/stage.ts'

/** Units as CloudWatch names them. */
export interface Measure {
  readonly unit: 'Count' | 'Seconds' | 'Bytes' | 'Percent'
  readonly help: string
  /** Whether it is counted for each tenant too; each such figure of each tenant costs as a metric of its own. */
  readonly byTenant?: true
}

/** An upload should be a page by then: the service level counts what is later. */
export const PAGE_WITHIN_SECONDS = 300

const MEASURES_OF_RUNS = {
  Published: { unit: 'Count', help: 'reports that were published', byTenant: true },
  Failed: {
    unit: 'Count',
    help: "uploads that can't be evaluated, whose page says why",
    byTenant: true,
  },
  Waiting: { unit: 'Count', help: 'times that an upload was not complete yet' },
  HandedOver: { unit: 'Count', help: 'evaluations that went on in shards' },
  Faults: { unit: 'Count', help: 'evaluations that met trouble and are tried again' },
  Stuck: { unit: 'Count', help: 'uploads that are not tried again', byTenant: true },
  UploadToPage: {
    unit: 'Seconds',
    help: "from an upload's last file to its page",
    byTenant: true,
  },
  // 0 or 100 each, so that its average is a share: an alarm can be set on it as it is.
  LatePages: {
    unit: 'Percent',
    help: `of uploads that were no page within ${PAGE_WITHIN_SECONDS} s`,
  },
  QueueTime: { unit: 'Seconds', help: 'from the message of an upload to its evaluation' },
  Evaluation: { unit: 'Seconds', help: 'of an evaluation that was published' },
  Rows: { unit: 'Count', help: 'rows of reports that were published' },
  Bytes: { unit: 'Bytes', help: "of their uploads' files" },
  Memory: { unit: 'Percent', help: "the most that a process took, of its function's memory" },
} as const satisfies Record<string, Measure>

export type StageMeasure = `Stage-${(typeof STAGES)[number]}`
export type MeasureName = keyof typeof MEASURES_OF_RUNS | StageMeasure

export const MEASURES = {
  ...MEASURES_OF_RUNS,
  ...Object.fromEntries(
    STAGES.map((stage) => [`Stage-${stage}`, { unit: 'Seconds', help: `of the stage ${stage}` }]),
  ),
} as Readonly<Record<MeasureName, Measure>>

export type Measured = Readonly<Partial<Record<MeasureName, number>>>

/** The figures of an evaluation that ended at a time; none of one that had been published before. */
export function measuresOf(ending: Ending, at: Date): Measured {
  switch (ending.status) {
    case 'failed':
      return { Failed: 1 }
    case 'waiting':
      return { Waiting: 1 }
    case 'handed-over':
      return { HandedOver: 1 }
    case 'published': {
      if (ending.alreadyPublished) return {}
      const { input, createdAt, timings } = ending.report
      const seconds = Math.max(0, (at.getTime() - Date.parse(createdAt)) / 1000)
      const isLate = seconds > PAGE_WITHIN_SECONDS
      return {
        Published: 1,
        UploadToPage: seconds,
        LatePages: isLate ? 100 : 0,
        Evaluation: ending.elapsedMs / 1000,
        Rows: input.rows,
        Bytes: input.files.reduce((sum, { byteLength }) => sum + byteLength, 0),
        ...Object.fromEntries(
          Object.entries(timings).map(([stage, { elapsedMs }]) => [
            `Stage-${stage}`,
            elapsedMs / 1000,
          ]),
        ),
      }
    }
  }
}
