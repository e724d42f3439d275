/**
 * The data that the steps of the join hand on, in the order in which they arise; its words are those of
 * the glossary in `self-join.ts`. It imports nothing of the join. What threads write is on shared memory.
 */

import type { TieRanges } from '../core/evaluation.ts'
import type { Metric } from '../core/manifest.ts'

/* Plan */

export interface RowOrder {
  /** Row of the data set at each position; rows of a class lie side by side, in row order. */
  readonly rowAt: Int32Array
  /** First position of each class, and at last the number of rows. */
  readonly classStarts: Int32Array
}

/** Which positions may be neighbours of which: all of all but themselves, unless restricted. */
export interface Relations {
  /** Rows of one group, from 0, are not neighbours of each other; −1: of no group. */
  readonly groups: Int32Array | null
  /** 1: a query, 0: of the gallery, where neighbours then come from; the gallery gets none itself. */
  readonly queries: Uint8Array | null
}

/** What is taken away from each row, and the power of two that each is multiplied by. */
export interface Frame {
  readonly centre: Float64Array
  readonly scale: number
  /** Rows so far from the centre that beside them the others would be nothing, ascending. */
  readonly farRows: Int32Array
}

/** Bins of distances; see `distance/bins.ts`. */
export interface Bins {
  readonly count: number
  /** The bits of the float32 that the coarse bins begin at, and those that the fine ones begin at. */
  readonly coarseBits: number
  readonly fineBits: number
  readonly fineShift: number
  readonly fineCount: number
}

/** What all strips of a join must agree on, so that each computes the same bits as one join of all. */
export interface JoinPlan extends RowOrder, Frame, Relations {
  readonly rows: number
  readonly dimensions: number
  readonly metric: Metric
  readonly k: number
  /** Nearest rows of the own class that are ranked. */
  readonly mates: number
  /** For each row, how many of its class can be its neighbours. */
  readonly eligibleMates: Int32Array
  /** For each row, the first that is equal to it. */
  readonly firstEqual: Int32Array
  /** By which pairs are counted. */
  readonly bins: Bins
  /** Rows of a class that are added to its total one after the other; see `rank/class-totals.ts`. */
  readonly blockRows: number
}

/** Positions from `start` up to, not with, `end`; the start is a multiple of eight, as panels are. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Pairs of the positions [top, bottom) with the positions [left, right). */
export interface Rectangle {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** How the pairs are cut into tiles. */
export interface Tiling {
  readonly side: number
  readonly count: number
  readonly positions: number
  /** The positions whose neighbours are looked for. */
  readonly range: Range
  /** The range is all positions: each pair is scanned once for both; else once for each of the two. */
  readonly symmetric: boolean
  /** Row and column of each tile, counted in tiles, in another order than the usual one. */
  readonly sequence: Int32Array | null
}

/**
 * Equal rows are at one distance from any other, and ties go to the lower row. So a row before which as
 * many equal rows come as are asked for, of those that may be neighbours, is not among the nearest, and
 * needn't be compared: a block of equal rows then costs what that many rows cost. By position.
 */
export interface Copies {
  /** How many lower rows of its block may be neighbours. */
  readonly before: Int32Array
  /** How many of those are of its own class. */
  readonly beforeInClass: Int32Array
  /** How many of those are of other classes than the row that asks, at least, whatever its class is. */
  readonly beforeInOthers: Int32Array
  /** Rows of a block that a position may not have for neighbours, at most: itself or its group. */
  readonly hidden: Int32Array
}

/* Prepare */

/** Rows in their frame. */
export interface FramedRows {
  /** Places × `padded`. */
  readonly matrix: Float32Array
  /** Entries of a row: its dimensions and as many zeros as the kernel wants. */
  readonly padded: number
  /** Row of the data set at each place. */
  readonly rowAt: Int32Array
  /** 1 for zero vectors under cosine, which are at distance 1 from every row. */
  readonly isZero: Uint8Array
}

/** Byte offsets into the kernel's memory; float32, one entry a position, where nothing else is said. */
export interface Addresses {
  /** Float32, positions × `rowBytes`, where rows are measured; else nothing. */
  readonly matrix: number
  readonly rowBytes: number
  /** Int16, in panels of `panelBytes`; see `kernel-source.mjs`. */
  readonly panels: number
  readonly panelBytes: number
  /** The same of the coordinates on the principal axes; a panel is `axisBytes` long, 0 without axes. */
  readonly axes: number
  readonly axisBytes: number
  /** Of each panel eight norms, scales, scales on the axes and rests; see `facts.ts`. */
  readonly facts: number
  /** Minus infinity for every position. */
  readonly nothing: number
  /** Squared distances below which a pair of one class, or of two, is still of interest. */
  readonly sameThresholds: number
  readonly otherThresholds: number
  /** A thread's scratch starts at `scratch` + thread × `scratchBytes`. */
  readonly scratch: number
  readonly scratchBytes: number
}

/** Rows in their frame and order, quantised, on one memory that all threads share. */
export interface PreparedRows extends RowOrder {
  readonly memory: WebAssembly.Memory
  readonly at: Addresses
  readonly rows: number
  readonly dimensions: number
  /** Length of each position's row. */
  readonly lengths: Float64Array
  /** How far quantising and rounding moved each position's row. */
  readonly errors: Float64Array
  readonly largestLength: number
  /** No row's error is more than this share of its length. */
  readonly largestError: number
  /** Euclidean distances of prepared rows are those of the data, or of unit vectors, times this. */
  readonly scale: number
  /** Squared distances that differ by less may be equal: exact cosine distances are multiples of a step. */
  readonly squareStep: number
  /** 1 for zero vectors under cosine, which are at distance 1 from every row. */
  readonly isZero: Uint8Array
  readonly hasZero: boolean
  /** 1 for far rows. */
  readonly isFar: Uint8Array
  readonly hasFar: boolean
}

/* Guess and scan */

/** The nearest others of each position so far; see `scan/candidates.ts`. */
export interface CandidateArrays {
  /** Position of the first entry. */
  readonly start: number
  /** How many of each position's nearest are asked for. */
  readonly depth: number
  /** How many it keeps at least, to prove that none is missing; it has room for twice as many. */
  readonly keep: number
  readonly counts: Int32Array
  /** Squared distance below which a pair is still of interest to a position. */
  readonly thresholds: Float32Array
  readonly distances: Float32Array
  readonly others: Int32Array
}

/** Where neighbours alone are wanted, those of all classes; else of the own class and of the others. */
export type CandidateSets = readonly [CandidateArrays] | readonly [CandidateArrays, CandidateArrays]

/** All others of each position up to a guessed distance; see `scan/lists.ts`. */
export interface ListArrays {
  /** Position of the first entry. */
  readonly start: number
  /** Where each position's room starts, and at last where the last one's ends. */
  readonly starts: Int32Array
  /** Of what was offered; more than there is room for where a list is not complete. */
  readonly counts: Int32Array
  /** Squared distance, as quantised, from which on others aren't listed. */
  readonly thresholds: Float32Array
  /** How many rows of a block of equal ones are listed; null where no rows are equal. */
  readonly caps: Int32Array | null
  readonly others: Int32Array
  /** The squared distance of each, in 256ths of the threshold, rounded down. */
  readonly codes: Uint8Array
}

/** Sums of each position's distances to each class; see `scan/class-sums.ts`. */
export interface ClassSums {
  readonly classes: number
  /** Place of each position's sums; −1 for positions that have none. */
  readonly placeAt: Int32Array
  /** Places × classes. */
  readonly values: Float64Array
  /** Distances are rounded to multiples of this number's last place before they are added. */
  readonly rounder: number
}

/** Pairs that one thread counted, by distance. */
export interface Histograms {
  readonly same: Float64Array
  readonly other: Float64Array
}

/** What is wanted besides neighbours. */
export interface ByClass {
  readonly lists: ListArrays
  readonly bins: Bins
  readonly sums: ClassSums
}

/** What to scan, and where threads write what they find. */
export interface ScanSetup {
  readonly preparedRows: PreparedRows
  readonly tiling: Tiling
  readonly relations: Relations
  readonly isCosine: boolean
  readonly candidates: CandidateSets
  /** Null where no rows are equal. */
  readonly copies: Copies | null
  /** Null where neighbours alone are wanted. */
  readonly byClass: ByClass | null
  /** One word a row of tiles: a thread locks it while it writes that row's candidates, lists and sums. */
  readonly locks: Int32Array
}

/* Rank */

/** Rows × width, entries of row i from i × width on; −1 and infinity past the last. */
export interface Ranking {
  readonly width: number
  readonly rows: Int32Array
  readonly distances: Float64Array
}

/** What is computed for every row of the data set besides its neighbours; see `Neighborhood`. */
export interface LabelFigures {
  /** The nearest rows of the own class. */
  readonly mates: Ranking
  readonly eligibleMates: Int32Array
  readonly matesWithinR: Int32Array
  readonly averagePrecisionAtR: Float64Array
  readonly firstMateRank: Int32Array
  readonly nearestOther: Float64Array
  readonly nearestUnpredicted: Float64Array
  readonly ties: TieRanges
}

/** Pairs that are measured one by one; see `rank/exact-pairs.ts`. */
export interface ExactPairs {
  /** Position of the first row. */
  readonly start: number
  /** Each position's distances to all later ones, in turn; null: only pairs of far rows are measured. */
  readonly distances: Float64Array | null
  /** Whether all positions are measured at once: then each pair is once, and sums are made at the end. */
  readonly isWhole: boolean
  /** Distances of the data times this are those of prepared rows; a power of two. */
  readonly rescale: number
}

export interface RankTask {
  /** Class of each row. */
  readonly labels: Int32Array
  /** For each row, the first that is equal to it. */
  readonly firstEqual: Int32Array
  readonly neighbors: Ranking
  /** Null: neighbours alone are wanted. */
  readonly byLabel: LabelFigures | null
  /** Null likewise. */
  readonly pairs: ExactPairs | null
}
