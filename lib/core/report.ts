/** `report.json`, `rows.parquet` and `index.json`: what an evaluation publishes. */

import type { BaselineComparison, Changes } from './changes.ts'
import type { SetAside, Warning } from './dataset.ts'
import type { Drift } from './drift.ts'
import type { Certainty } from './finding.ts'
import type { Metric } from './manifest.ts'
import type { Planning } from './planning.ts'
import type { MapCoordinates, ProjectionFigures } from './projection.ts'
import type { Quality } from './quality.ts'
import type { Slices } from './slices.ts'
import type { Structure } from './structure.ts'
import type { TradeOff } from './trade-off.ts'
import type { Verification } from './verification.ts'

export type Exactness = 'exact' | 'sampled' | 'truncated'

/** One figure of a run. */
export interface Figure {
  /** Null where it can't be computed, for example with one class only; `note` says why. */
  readonly value: number | null
  /** 95 %, null where none is given. */
  readonly interval: readonly [low: number, high: number] | null
  readonly exactness: Exactness
  readonly title: string
  readonly unit: Unit
  readonly better: 'higher' | 'lower' | 'neither'
  /** What random neighbours would reach with these class sizes, where that is meaningful. */
  readonly chance: number | null
  /** The mean of the classes' means, where the figure is a mean over queries. */
  readonly macro: number | null
  /** 95 % of it, from resampled classes; left out with fewer than 20 classes. */
  readonly macroInterval?: readonly [low: number, high: number]
  /** How it is computed, in a sentence or two. */
  readonly definition: string
  /** Where the definition comes from. */
  readonly source: string
  readonly note: string | null
  /** What the value means for this run, and whether it is a problem; left out where nothing follows. */
  readonly reading?: string
}

export type Unit = 'share' | 'distance' | 'count' | 'number'

export interface ConfusedPair {
  /** The two classes, in code-unit order. */
  readonly a: string
  readonly b: string
  /** Errors in both directions. */
  readonly count: number
  /** Rows of `a` whose nearest neighbour is of `b`, and the other way round. */
  readonly aAsB: number
  readonly bAsA: number
  /** Errors per row of either class. */
  readonly rate: number
  /** Accuracy gained if all of the pair's errors were gone, in percentage points. */
  readonly gain: number
}

export interface Concentration {
  readonly errors: number
  /** Pairs of classes with at least one error. */
  readonly pairs: number
  readonly possiblePairs: number
  readonly pairsForHalf: number
  readonly pairsForFourFifths: number
  /** Over the pairs with at least one error: 0 all alike, near 1 one pair holds all. */
  readonly gini: number
}

export interface ClassFigures {
  readonly label: string
  /** Rows that are evaluated. */
  readonly rows: number
  /** Its rows in the gallery, where queries are held against one. */
  readonly galleryRows?: number
  readonly errors: number
  readonly accuracy: number
  readonly accuracyInterval: readonly [number, number]
  readonly hitAt10: number | null
  readonly mapAtR: number | null
  readonly neighborMarginMedian: number | null
  readonly neighborMarginLowShare: number | null
  readonly classMarginMedian: number | null
  /** Mean distance over the pairs of the class; null with one row. */
  readonly intraClassDistance: number | null
  readonly centroidDistance: number
  /** (intra − median of the classes) / (1.4826 MAD); null where it can't be judged. */
  readonly spreadScore: number | null
  readonly nearestClass: string | null
  /** Mean distance to the rows of `nearestClass`. */
  readonly interClassDistance: number | null
  /** interClassDistance / mean of the two intra-class distances. */
  readonly separation: number | null
  readonly silhouette: number | null
  readonly outliers: number
}

export type MarginId = 'neighbor' | 'prediction' | 'class'

export interface MarginFigures {
  readonly id: MarginId
  readonly title: string
  /** 40 bins or fewer of equal width; the last edge closes the last bin. */
  readonly edges: readonly number[]
  /** Rows in each bin whose nearest neighbour has their label, and the others. */
  readonly right: readonly number[]
  readonly wrong: readonly number[]
  /** Whether a low margin predicts an error; null for the class margin, which needs the label. */
  readonly errorAuc: number | null
  readonly predictsErrors: boolean | null
  /** The margin where Youden's J is greatest, and what lies under it; null where it doesn't predict. */
  readonly calibrated: {
    readonly threshold: number
    readonly lowShare: number
    /** Of the errors, the share that lies under the threshold. */
    readonly errorShare: number
  } | null
  /** Rows kept from the largest margin down (share), and the accuracy among them; 50 points or fewer. */
  readonly riskCoverage: readonly (readonly [coverage: number, accuracy: number])[]
}

export interface Outlier {
  readonly id: string
  readonly label: string
  /** Mean distance to the k nearest of its class, and the class's median + 3 MAD. */
  readonly meanDistance: number
  readonly threshold: number
}

/** Rows with equal vectors. */
export interface DuplicateGroup {
  readonly rows: readonly string[]
  readonly labels: readonly string[]
  /** More than one label: no model can tell these rows apart. */
  readonly conflict: boolean
}

export type ItemState =
  | 'new'
  | 'persisting'
  | 'improved'
  | 'worsened'
  | 'resolved'
  | 'regressed'
  | 'not-evaluated'

export type Severity = 'high' | 'medium' | 'low'

export interface Item {
  /** Made from what it is about, so that it is the same item in the next run: `confusion:3|9`. */
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly owner: string
  readonly severity: Severity
  readonly state: ItemState
  /** Expected gain in percentage points of nearest-neighbour accuracy. */
  readonly gain: number
  /** Points of accuracy that it loses or makes doubtful: what it is ranked by, at least the gain. */
  readonly stake: number
  /** What was seen. */
  readonly finding: string
  /** How sure it is. */
  readonly certainty: Certainty
  /** What it costs to leave it, as a sentence. */
  readonly cost: string
  /** What to do. */
  readonly action: string
  /** Ids of the rows that show it, the most telling first; 60 at most. */
  readonly evidence: readonly string[]
  readonly evidenceCount: number
  /** Classes that it is about. */
  readonly classes: readonly string[]
  readonly doneWhen: string
  /** The figure that the next run compares: a count of rows, or a score. */
  readonly measure: { readonly value: number; readonly unit: string }
  /** Ids of the findings that say the same of the same rows and are told by this item. */
  readonly covers: readonly string[]
  /**
   * Place among the items that are open, from 1, by what is at stake and how sure it is; null for the
   * others. The list shows the first ten and folds the rest.
   */
  readonly rank: number | null
  readonly folded: boolean
  /**
   * The same in the baseline, and the p of the paired test, corrected for the number of items that
   * are tested in the run (Benjamini-Hochberg); null where there is nothing to compare.
   */
  readonly change: { readonly before: number; readonly p: number | null } | null
  /** Relative to the project's folder in the site. */
  readonly permalink: string
  /** Set where the manifest's `known` covers it: it leaves the list, not the history. */
  readonly known: {
    readonly state: 'accepted' | 'muted'
    readonly reason: string
    readonly until: string | null
  } | null
}

/** Whether an item asks for work now: not resolved, nor accepted or muted, nor impossible to judge. */
export function isOpenItem({ state, known }: Pick<Item, 'state' | 'known'>): boolean {
  return known === null && state !== 'resolved' && state !== 'not-evaluated'
}

export interface Comparison {
  readonly baseline: string
  readonly matchedRows: number
  readonly fixed: readonly string[]
  readonly broken: readonly string[]
  /** Exact McNemar test on fixed and broken, two-sided. */
  readonly p: number
  readonly verdict: 'better' | 'worse' | 'no evidence of a change'
  /** Baseline's values of the headline figures. */
  readonly metrics: Readonly<Record<string, number | null>>
  readonly baselineModel: string | null
}

export interface GateResult {
  readonly metric: string
  readonly title: string
  readonly value: number | null
  /** As a person reads it: `at least 0.75`. */
  readonly requirement: string
  /** Null: can't be judged. */
  readonly passed: boolean | null
  readonly reason: string | null
}

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
    readonly dimensions: number
    readonly classes: number
    readonly setAside: readonly SetAside[]
    readonly warnings: readonly Warning[]
    readonly files: readonly {
      readonly name: string
      readonly byteLength: number
      readonly sha256: string
    }[]
    /** The 64 smallest hashes of id and label: whether two runs have the same rows. Absent in older reports. */
    readonly sketch?: string
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

/** One entry a row: `rows.parquet`, and what the pages show as evidence. */
export interface Rows {
  readonly id: readonly string[]
  readonly label: readonly string[]
  /** Place in the upload, from 0. */
  readonly sourceRow: Int32Array
  /** The shown neighbours of row i are entries i × neighborCount to (i + 1) × neighborCount, nearest first. */
  readonly neighborCount: number
  /** Row indices, −1 past the last neighbour there is. */
  readonly neighbors: Int32Array
  readonly distances: Float64Array
  readonly correct: Uint8Array
  /** NaN where there is none. */
  readonly neighborMargin: Float64Array
  readonly predictionMargin: Float64Array
  readonly classMargin: Float64Array
  /** Rank of the first row of the same class, from 1; 0: a class of one. */
  readonly firstMatchRank: Int32Array
  readonly silhouette: Float64Array
  readonly outlier: Uint8Array
  /** Coordinates on the map of the principal components. */
  readonly x: Float32Array
  readonly y: Float32Array
  /** On every map, those included. */
  readonly maps: readonly MapCoordinates[]
  /** In the baseline: 1 right, 0 wrong, −1 the row wasn't there; null without a comparison. */
  readonly correctInBaseline: Int8Array | null
  /** Label of the nearest neighbour in the baseline, null where the row wasn't there; null without a comparison. */
  readonly nearestInBaseline?: readonly (string | null)[] | null
  /** Share of the nearest neighbours that were kept since the baseline, NaN where it can't be told; null without a comparison. */
  readonly neighborOverlap?: Float64Array | null
  /** Address of each row's picture (empty: none), or null. */
  readonly image: readonly string[] | null
}

/** `<project>/index.json`: the one object that is rewritten, under compare-and-swap. */
export interface ProjectIndex {
  readonly schema: 'nearmiss.index/1'
  readonly project: string
  /** Oldest first. */
  readonly runs: readonly RunEntry[]
  /** Every item that was ever raised, by id. */
  readonly items: Readonly<Record<string, ItemHistory>>
}

export interface RunEntry {
  readonly run: string
  readonly createdAt: string
  readonly status: 'published' | 'failed'
  readonly contentId: string
  /** For failed runs: what was wrong, in a sentence. */
  readonly error: string | null
  readonly summary: RunSummary | null
}

/** `projects.json` at the site's root: what its first page lists. */
export interface ProjectsIndex {
  readonly schema: 'nearmiss.projects/1'
  /** By name. */
  readonly projects: readonly ProjectEntry[]
}

export interface ProjectEntry {
  readonly project: string
  /** The run that was created last. */
  readonly latest: RunEntry
}

export interface RunSummary {
  readonly rows: number
  readonly classes: number
  readonly dimensions: number
  readonly metric: Metric
  readonly model: string | null
  readonly accuracy: number | null
  readonly accuracyInterval: readonly [number, number] | null
  readonly mapAtR: number | null
  readonly baseline: string | null
  readonly fixed: number | null
  readonly broken: number | null
  readonly p: number | null
  readonly worstPair: { readonly a: string; readonly b: string; readonly count: number } | null
  readonly openItems: number
  readonly gatePassed: boolean | null
  /** Which rows it has, for the question whether two runs can be compared; absent in older runs. */
  readonly sketch?: string
  readonly verdict: string
}

export interface ItemHistory {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly owner: string
  /** Oldest first; one entry for each run that evaluated or should have evaluated it. */
  readonly states: readonly {
    readonly run: string
    readonly state: ItemState
    readonly measure: number
    readonly gain: number
  }[]
}

/** `runs/<run>/run.json`: written last; it means that the run is complete. */
export interface RunRecord {
  readonly schema: 'nearmiss.run/1'
  readonly project: string
  readonly run: string
  readonly status: 'published' | 'failed'
  readonly createdAt: string
  readonly contentId: string
}

/** What an upload that can't be evaluated publishes instead of a report: `error.json` and its page. */
export interface FailedRun {
  readonly schema: 'nearmiss.error/1'
  readonly project: string
  readonly run: string
  readonly createdAt: string
  readonly contentId: string
  readonly files: readonly { readonly name: string; readonly byteLength: number }[]
  readonly issues: readonly {
    readonly code: string
    readonly message: string
    readonly where: string
    readonly hint: string
  }[]
}
