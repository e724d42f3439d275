/** One figure of a run, and what is told beside it. */

/**
 * `exact`: of all rows or pairs, to the rounding of double precision, or of float32 where rows' products
 * are added; `bounded`: within `bounds` for sure; `sampled`, `truncated`: of some of what there is.
 */
export type Exactness = 'exact' | 'bounded' | 'sampled' | 'truncated'

export type Unit = 'share' | 'distance' | 'count' | 'number'

/** One figure of a run. */
export interface Figure {
  /** Null where it can't be computed, for example with one class only; `note` says why. */
  readonly value: number | null
  /** 95 %, null where none is given. */
  readonly interval: readonly [low: number, high: number] | null
  readonly exactness: Exactness
  /** Between which numbers the true value lies for sure; left out where the value is exact. */
  readonly bounds?: readonly [low: number, high: number]
  readonly title: string
  readonly unit: Unit
  readonly better: 'higher' | 'lower' | 'neither'
  /** What random neighbours would reach with these class sizes, where that is meaningful. */
  readonly chance: number | null
  /**
   * What a model reaches of which every row finds all of its class first, with these class sizes and
   * whom a row may find; left out where that isn't known.
   */
  readonly ceiling?: number
  /**
   * The least and the most that the value can be where rows at equal distances come in another order;
   * left out where the order decides nothing. The interval holds for all of it.
   */
  readonly ties?: readonly [low: number, high: number]
  /** How many rows, or pairs of the rarer kind, it is a share or mean of; left out where it is of no number of them. */
  readonly count?: number
  /** The mean of the classes' means, where the figure is a mean over queries. */
  readonly macro: number | null
  /** 95 % of it, from resampled classes; left out with fewer than 20 classes. */
  readonly macroInterval?: readonly [low: number, high: number]
  /** How it is computed, in a sentence or two. */
  readonly definition: string
  /** Where the definition comes from. */
  readonly source: string
  readonly note: string | null
  /** Why a value has no interval, in a few words; left out where it has one. */
  readonly intervalNote?: string
  /** What the value means for this run, and whether it is a problem; left out where nothing follows. */
  readonly reading?: string
}

/** What the figures' intervals take to have been drawn. */
export interface Intervals {
  readonly cluster: 'row' | 'group' | 'class'
  /** How many there are; null where each row counts by itself. */
  readonly clusters: number | null
}
