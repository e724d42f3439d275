/** What is joined: vectors, and for a join by class their labels and which may be neighbours. */

import type { Metric } from '../core/manifest.ts'

export interface Vectors {
  /** Row-major; read in place where they lie on shared memory. */
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
}

/** The vectors as they were stored, from which exact distances are computed. */
export interface Source extends Vectors {
  readonly metric: Metric
}

export interface SelfJoinInput extends Vectors {
  /** Class of each row, from 0. */
  readonly labels: Int32Array
  readonly classes: number
  /** Rows of one group, from 0, are not neighbours of each other; −1: of no group. */
  readonly groups?: Int32Array
  /** 1: a query, 0: of the gallery, where neighbours then come from; the gallery gets none itself. */
  readonly queries?: Uint8Array
}
