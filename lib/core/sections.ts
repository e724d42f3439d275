/**
 * The sections of a report: what `report.json` holds under each id. A section has its data's type in a
 * file of its own, and one line here.
 */

import type { BaselineComparison, Changes, Comparison } from './changes.ts'
import type { ClassFigures } from './class-figures.ts'
import type { Confusion } from './confusion.ts'
import type { Drift } from './drift.ts'
import type { Gate } from './gate.ts'
import type { ReportImages } from './images.ts'
import type { Item } from './item.ts'
import type { Margins } from './margins.ts'
import type { Planning } from './planning.ts'
import type { ProjectionFigures, ProjectionSummary } from './projection.ts'
import type { Duplicates, Outlier, Quality } from './quality.ts'
import type { Slices } from './slices.ts'
import type { Structure } from './structure.ts'
import type { TradeOff } from './trade-off.ts'
import type { Verification } from './verification.ts'

/** What the families of `lib/metrics` measure of a run's rows. */
export interface MeasuredSections {
  readonly confusion: Confusion
  /** In code-unit order; a class that is of the gallery alone is asked for by no query and left out. */
  readonly classes: readonly ClassFigures[]
  readonly margins: Margins
  /** Farthest beyond its threshold first, in units of the class's spread. */
  readonly outliers: readonly Outlier[]
  readonly duplicates: Duplicates
  readonly quality: Quality
  readonly slices: Slices
  readonly structure: Structure
  readonly tradeOff: TradeOff
  /** Null where there are no pairs of one class, or none of two. */
  readonly verification: Verification | null
}

/** All of them; the others are what later stages add. */
export interface ReportSections extends MeasuredSections {
  readonly projection: ProjectionSummary
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
  readonly gate: Gate
  /** Pictures of the rows, relative to the run's folder; null without. */
  readonly images: ReportImages | null
  /** What a sprint is planned from. */
  readonly planning: Planning
}
