/** `report.json`: all that an evaluation found. */

import type { SetAside } from './dataset.ts'
import type { Figure, Intervals } from './figure.ts'
import type { Manifest, Metric } from './manifest.ts'
import type { ReportSections } from './sections.ts'
import type { SeenField, SeenFile } from './seen.ts'
import type { PublishedWarning } from './warning.ts'

/** What was evaluated, how and by what; the sections say what was found. */
/** Of a file at most 40 fields are told. */
export interface ReportedFile extends Omit<SeenFile, 'fields'> {
  readonly fields: readonly Omit<SeenField, 'examples'>[]
  /** Fields that aren't told. */
  readonly more: number
}

export interface ReportHead {
  readonly schema: 'nearmiss.report/1'
  readonly project: string
  readonly run: string
  /** When the upload was complete, ISO 8601. */
  readonly createdAt: string
  readonly input: {
    readonly rows: number
    /** Rows that have a neighbour; with a gallery, the queries. */
    readonly evaluatedRows: number
    /** Where queries were held against a gallery: how many rows that has. */
    readonly gallery?: {
      readonly rows: number
      /** How many queries are in the gallery too, each held against it without itself; absent where none is. */
      readonly ownRows?: number
    }
    /** Where rows of a group were no neighbours of each other: the column that names it. */
    readonly groups?: { readonly column: string; readonly count: number }
    /** False where the upload has no ids and row numbers stand in for them. */
    readonly hasIds: boolean
    /** Where ids are keyed hashes: the name of their key. Absent where they are plain. */
    readonly idKey?: string
    readonly dimensions: number
    readonly classes: number
    readonly setAside: readonly SetAside[]
    readonly warnings: readonly PublishedWarning[]
    /** What was seen in the files, and what each of it was used as, without entries; absent in older reports. */
    readonly seen?: readonly ReportedFile[]
    readonly files: readonly {
      readonly name: string
      readonly byteLength: number
      /** With hashed ids a keyed hash of it. */
      readonly sha256: string
      /** What that is of, where it isn't the content: the store's etag and the size. */
      readonly sha256Of?: 'etag'
    }[]
    /** The 64 smallest hashes of id and label: whether two runs have the same rows. */
    readonly sketch: string
    /** Files of settings that it was evaluated by, the project's first. */
    readonly settings: readonly string[]
    /** What of it may be published. */
    readonly privacy: Manifest['privacy']
    /** SHA-256 over the files' names and hashes: the same upload twice is one run. */
    readonly contentId: string
  }
  readonly model: {
    readonly name: string | null
    readonly version: string | null
    readonly preprocessing: string | null
  }
  readonly backend: { readonly name: string; readonly version: string; readonly threads: number }
  readonly metric: Metric
  readonly k: number
  readonly metrics: Readonly<Record<string, Figure>>
  readonly intervals: Intervals
  /** Of every stage but the last, which publishes this. */
  readonly timings: Readonly<Record<string, { readonly elapsedMs: number }>>
  readonly generator: { readonly name: 'nearmiss'; readonly version: string }
}

export interface Report extends ReportHead, ReportSections {}
