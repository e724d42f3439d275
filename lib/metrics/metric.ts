/** What a metric is, a record from which its value and its page are made, and a family of them. */

import type { Dataset } from '../core/dataset.ts'
import type { Family, FigureDefinition } from '../core/definition.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { Exactness } from '../core/figure.ts'
import type { Manifest } from '../core/manifest.ts'
import type { MeasuredSections } from '../core/sections.ts'
import type { TradeOff } from '../core/trade-off.ts'
import type { Clusters } from '../stats/clusters.ts'
import type { RowFigures } from './row-figures.ts'
import type { Space } from './structure/space.ts'

export interface MetricInput {
  readonly dataset: Dataset
  readonly neighborhood: Neighborhood
  readonly manifest: Manifest
  readonly rows: RowFigures
  readonly space: Space
  readonly tradeOff: TradeOff
  /** Rows that count together in an interval; null where each counts by itself. */
  readonly clusters: Clusters | null
  /** The same within a part of the rows, where classes don't count whole. */
  readonly clustersWithin: Clusters | null
  /** Seeded; for what is drawn rather than computed. */
  readonly random: (seed: number) => () => number
}

export interface MetricRecord extends FigureDefinition {
  /** Why its values have no interval, in a few words; left out where they have one. */
  readonly noInterval?: string
  readonly compute: (input: MetricInput) => Measured
}

/** A value and what has to be known with it; what is left out is null, and the value exact. */
export interface Measured {
  /** NaN where it can't be computed; `note` then says why. */
  readonly value: number
  /** 95 %; null where there is none. */
  readonly interval?: readonly [number, number] | null
  readonly exactness?: Exactness
  /** Between which numbers the true value lies for sure; the value is exact where they are equal. */
  readonly bounds?: readonly [low: number, high: number]
  readonly chance?: number
  /** What a model reaches of which every row finds all of its class first. */
  readonly ceiling?: number
  /** Over all orders of rows at equal distances; left out where they decide nothing. */
  readonly ties?: readonly [low: number, high: number]
  /** Rows, or pairs of the rarer kind, that it is a share or mean of. */
  readonly count?: number
  /** Mean of each class, NaN where it has none: they make the macro average and its interval. */
  readonly classMeans?: Float64Array
  /** The same where all rows have the least, and the most, that ties allow; left out without ties. */
  readonly classMeanEnds?: readonly [Float64Array, Float64Array]
  readonly note?: string
  /** What the value means for this run, and whether it is a problem, as a sentence. */
  readonly reading?: string
}

/** A section of the report that a family measures. */
export type Section = {
  [Id in keyof MeasuredSections]: {
    readonly id: Id
    readonly compute: (input: MetricInput) => MeasuredSections[Id]
  }
}[keyof MeasuredSections]

/** Figures, tables and sections that belong together: a folder beside this file. */
export interface MetricFamily extends Family<MetricRecord> {
  readonly sections: readonly Section[]
}

/** Computes once for a run what several figures and sections of it read. */
export function once<T>(compute: (input: MetricInput) => T): (input: MetricInput) => T {
  const known = new WeakMap<MetricInput, { readonly value: T }>()
  return (input) => {
    const made = known.get(input) ?? { value: compute(input) }
    known.set(input, made)
    return made.value
  }
}
