/** Messages between the threads of a join and the thread that started them. */

import type { Source } from '../input.ts'
import type { Frame, FramedRows, Histograms, PreparedRows, RankTask, ScanSetup } from '../types.ts'

/** A step of the join, which threads do piece by piece. */
export type Request =
  | {
      readonly do: 'frame'
      readonly source: Source
      readonly frame: Frame
      readonly framedRows: FramedRows
    }
  | {
      readonly do: 'quantize'
      readonly preparedRows: PreparedRows
      readonly framedRows: FramedRows
      /** Place of each position's row among the framed ones; null: the position itself. */
      readonly placeAt: Int32Array | null
    }
  | {
      readonly do: 'guess'
      readonly setup: ScanSetup
      /** How deep the ranks of each position of the range go. */
      readonly depths: Int32Array
    }
  | { readonly do: 'scan'; readonly setup: ScanSetup; readonly histograms: Histograms }
  | {
      readonly do: 'rank'
      readonly setup: ScanSetup
      readonly task: RankTask
      /** Exact distances are computed from it. */
      readonly source: Source
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
export const PIECE_ROWS = 512
