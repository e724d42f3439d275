/** `report.json`: all that an evaluation found. */

import type { BaselineComparison, Changes, Comparison } from './changes.ts'
import type { ClassFigures } from './class-figures.ts'
import type { Concentration, ConfusedPair } from './confusion.ts'
import type { SetAside } from './dataset.ts'
import type { Drift } from './drift.ts'
import type { Figure, Intervals } from './figure.ts'
import type { GateResult } from './gate.ts'
import type { Item } from './item.ts'
import type { Manifest, Metric } from './manifest.ts'
import type { MarginFigures, MarginId } from './margins.ts'
import type { Planning } from './planning.ts'
import type { ProjectionFigures } from './projection.ts'
import type { DuplicateGroup, Outlier, Quality } from './quality.ts'
import type { Slices } from './slices.ts'
import type { Structure } from './structure.ts'
import type { TradeOff } from './trade-off.ts'
import type { Verification } from './verification.ts'
import type { Warning } from './warning.ts'

export interface Report {
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
    readonly gallery?: { readonly rows: number }
    /** Where rows of a group were no neighbours of each other: the column that names it. */
    readonly groups?: { readonly column: string; readonly count: number }
    /** False where the upload has no ids and row numbers stand in for them. */
    readonly hasIds: boolean
    /** Where ids are keyed hashes: the name of their key. Absent where they are plain, and in older reports. */
    readonly idKey?: string
    readonly dimensions: number
    readonly classes: number
    readonly setAside: readonly SetAside[]
    readonly warnings: readonly Warning[]
    readonly files: readonly {
      readonly name: string
      readonly byteLength: number
      /** With hashed ids a keyed hash of it. */
      readonly sha256: string
    }[]
    /** The 64 smallest hashes of id and label: whether two runs have the same rows. Absent in older reports. */
    readonly sketch?: string
    /** Files of settings that it was evaluated by, the project's first. Absent in older reports. */
    readonly settings?: readonly string[]
    /** What of it may be published. Absent in older reports. */
    readonly privacy?: Manifest['privacy']
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
  /** Absent from older runs, where each row counts by itself. */
  readonly intervals?: Intervals
  readonly confusion: {
    readonly counts: readonly (readonly [actual: string, predicted: string, count: number])[]
    readonly pairs: readonly ConfusedPair[]
    readonly concentration: Concentration
    /** Rows whose nearest neighbour would change label under another order of equal distances. */
    readonly labelChangingTies: number
  }
  readonly classes: readonly ClassFigures[]
  readonly margins: {
    readonly lowThreshold: number
    readonly lowThresholdChosen: boolean
    readonly figures: readonly MarginFigures[]
    /** The margin that findings are ranked by, null where none predicts errors. */
    readonly rankedBy: MarginId | null
  }
  readonly outliers: readonly Outlier[]
  readonly duplicates: {
    readonly groups: readonly DuplicateGroup[]
    readonly rows: number
    readonly conflicts: number
  }
  readonly quality: Quality
  readonly slices: Slices
  readonly structure: Structure
  readonly tradeOff: TradeOff
  /** Null where there are no pairs of one class, or none of two. */
  readonly verification: Verification | null
  readonly projection: {
    readonly method: 'pca'
    /** Share of the variance on each axis. */
    readonly explained: readonly [number, number]
    readonly trustworthiness: number | null
    readonly trustworthinessRows: number
    /** Baseline's run that the map is aligned to. */
    readonly alignedTo: string | null
  }
  /** Every map, the principal components first. */
  readonly projections: readonly ProjectionFigures[]
  readonly items: readonly Item[]
  readonly comparison: Comparison | null
  /** Why there is no comparison, as a sentence; null where there is one. */
  readonly comparisonNote: string | null
  /** Every run that the manifest asks to compare with, `comparison`'s first. */
  readonly comparisons: readonly BaselineComparison[]
  /** What changed since the comparison's baseline, part by part; null without a comparison. */
  readonly changes: Changes | null
  /** How the rows lie against the baseline's; null without a baseline. */
  readonly drift: Drift | null
  readonly gate: { readonly passed: boolean | null; readonly results: readonly GateResult[] }
  /** Pictures of the rows, relative to the run's folder; null without. */
  readonly images: ReportImages | null
  /** What a sprint is planned from; absent from older reports. */
  readonly planning?: Planning
  /** Of every stage but the last, which publishes this. */
  readonly timings: Readonly<Record<string, { readonly elapsedMs: number }>>
  readonly generator: { readonly name: 'nearmiss'; readonly version: string }
}

export type ReportImages =
  | {
      readonly kind: 'sprite'
      readonly href: string
      readonly tile: readonly [width: number, height: number]
      /** Size of the whole picture, in pixels. */
      readonly sheet: readonly [width: number, height: number]
    }
  | { readonly kind: 'links' }
