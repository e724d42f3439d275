/** What the threads of a join and the thread that started them tell each other. */

import type { Metric } from '../core/manifest.ts'
import type { RankTask } from './rank.ts'
import type { ScanSetup, ScanState } from './scan.ts'

/** The vectors, in double-precision distances of which the order is settled. */
export interface RankSource {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
  readonly metric: Metric
}

export type Request =
  | { readonly do: 'scan'; readonly state: ScanState }
  | { readonly do: 'rank'; readonly task: RankTask; readonly source: RankSource }

export interface WorkerStart {
  readonly setup: ScanSetup
  readonly thread: number
  /** Shared by all threads; see `Counter`. */
  readonly counters: Int32Array
}

export type Answer = { readonly done: true } | { readonly failed: string }

/** Words of the counters: the next piece of work, how many are done, and whether to stop. */
export const Counter = { next: 0, done: 1, stop: 2 } as const
