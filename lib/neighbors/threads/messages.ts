/** What the threads of a join and the thread that started them tell each other. */

import type { Frame, FramedRows, FrameInput } from '../plan/frame.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { RankTask } from '../rank/rank.ts'
import type { Histograms, ScanSetup } from '../scan/scan.ts'

/** A stage of the join, which threads do piece by piece. */
export type Request =
  | {
      readonly do: 'frame'
      readonly input: FrameInput
      readonly frame: Frame
      readonly framed: FramedRows
    }
  | {
      readonly do: 'quantize'
      readonly prepared: Prepared
      readonly framed: FramedRows
      /** Where a position's row lies among the framed ones; null: at the position itself. */
      readonly placeAt: Int32Array | null
    }
  | {
      readonly do: 'guess'
      readonly setup: ScanSetup
      /** How deep the ranking of each row of the data set goes. */
      readonly depths: Int32Array
    }
  | { readonly do: 'scan'; readonly setup: ScanSetup; readonly histograms: Histograms }
  | {
      readonly do: 'rank'
      readonly setup: ScanSetup
      readonly task: RankTask
      /** The vectors, in double-precision distances of which the order is settled. */
      readonly input: FrameInput
      readonly histograms: Histograms
    }

/** A worker's data. */
export interface WorkerStart {
  /** From 0. */
  readonly thread: number
  /** Shared by all threads; see `Counter`. */
  readonly counters: Int32Array
}

export type Answer = { readonly done: true } | { readonly failed: string }

/** Words of the counters: the next piece of work, how many are done, and whether to stop. */
export const Counter = { next: 0, done: 1, stop: 2 } as const

/** Rows of a piece that is framed or quantised: whole panels. */
export const PREPARED_ROWS = 512
