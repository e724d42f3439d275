/** Checked rows, ready to be evaluated. */

import type { SeenFile } from './seen.ts'
import type { Column } from './table.ts'
import type { Warning } from './warning.ts'

export interface Dataset {
  /** Rows that are evaluated; every array below has one entry (or `dimensions` values) for each. */
  readonly rows: number
  readonly dimensions: number
  /** Row-major, all finite. On a `SharedArrayBuffer`, so that worker threads read it in place. */
  readonly vectors: Float32Array
  /** What was done to the rows to make them float32; left out where the upload's numbers are that. */
  readonly narrowing?: Narrowing
  readonly ids: readonly string[]
  /** Name of the key that ids were hashed with; left out where they are plain. */
  readonly idKey?: string
  /** Set where what the pictures are called isn't published: messages name their rows instead. */
  readonly imagesHidden?: true
  /** False where the upload has no ids and `ids` are row numbers, counted from 0. */
  readonly hasIds: boolean
  /** Index into `classes`. */
  readonly labels: Int32Array
  /** Class names in code-unit order, each with at least one row. */
  readonly classes: readonly string[]
  /**
   * 1 for a query, 0 for a row of the gallery: neighbours of queries come from the gallery only, and
   * queries alone are evaluated. Left out where every row is both (leave-one-out).
   */
  readonly queries?: Uint8Array
  /**
   * Rows with the same number are of one burst, session or patient and no neighbours of each other;
   * −1 where a row is of none. Left out where the upload names no group.
   */
  readonly groups?: Int32Array
  /**
   * How many queries are in the gallery too, each kept apart from its own row there by a number of `groups`:
   * those from `firstGroup` on are of such pairs, and those below it of the groups that the upload names.
   */
  readonly ownRows?: { readonly queries: number; readonly firstGroup: number }
  /** Each row's place in the upload, counted from 0: its tile in a sprite. */
  readonly sourceRows: Int32Array
  /** Picture of each row (key beside the upload or https URL; empty: none), or null without such a column. */
  readonly images: readonly string[] | null
  /** Every other column, ids and labels excluded. */
  readonly metadata: readonly Column[]
  /** Rows in the upload, those set aside included. */
  readonly inputRows: number
  readonly setAside: readonly SetAside[]
  readonly warnings: readonly Warning[]
  /** What was seen in the upload's files; left out where the rows come from no file. */
  readonly seen?: readonly SeenFile[]
}

/** How rows of double precision or large whole numbers became float32. */
export interface Narrowing {
  /** What was taken away from each dimension: `vectors` + origin is the upload. Null: nothing. */
  readonly origin: Float64Array | null
  /** Of each row, how far rounding moved it: as a distance, with cosine as a share of its length. */
  readonly moved: Float64Array
  /** Equal for rows that were equal before, and for no others. */
  readonly identities: Float64Array
}

/** How many groups the upload names. */
export function groupCount({ groups, ownRows }: Pick<Dataset, 'groups' | 'ownRows'>): number {
  if (groups === undefined) return 0
  const { firstGroup = Number.POSITIVE_INFINITY } = ownRows ?? {}
  return new Set(groups.filter((group) => group >= 0 && group < firstGroup)).size
}

/** Whether a row of the upload is all zeros. */
export function isZeroRow(
  { vectors, dimensions, narrowing }: Pick<Dataset, 'vectors' | 'dimensions' | 'narrowing'>,
  row: number,
): boolean {
  for (let d = 0; d < dimensions; d++) {
    if (vectors[row * dimensions + d] !== Math.fround(-(narrowing?.origin?.[d] ?? 0))) return false
  }
  return true
}

/** Rows that are not evaluated, and why. */
export interface SetAside {
  readonly reason: string
  readonly count: number
  /** Ids of the first 20. */
  readonly rows: readonly string[]
}
