/** What the tables of a report mean; figures carry their definitions themselves. */

import type { Unit } from './figure.ts'

/** A table of the report: where it stands in `report.json`, and what each of its columns means. */
export interface TableDefinition {
  readonly id: string
  readonly title: string
  /** Of one object, or of a list with an entry for each row of the table: `confusion.pairs`. */
  readonly path: string
  readonly definition: string
  readonly source: string
  /** What other tools call it or do differently. */
  readonly elsewhere?: string
  /** Every property of an entry; of an entry that is a list, its places in their order. */
  readonly columns: readonly ColumnDefinition[]
}

export interface ColumnDefinition {
  readonly name: string
  readonly unit: Unit | 'text' | 'yes or no' | 'list'
  /** Left out of a report that has no use for it. */
  readonly optional?: true
  readonly definition: string
}

/** What is defined of a single figure, whoever computes it. */
export interface FigureDefinition {
  readonly id: string
  readonly title: string
  readonly unit: Unit
  readonly better: 'higher' | 'lower' | 'neither'
  readonly definition: string
  readonly source: string
  /** What other tools call it or do differently. */
  readonly elsewhere?: string
}

/** Figures and tables that belong together: a chapter of the reference page. */
export interface Family<F extends FigureDefinition = FigureDefinition> {
  readonly title: string
  /** What the family is good for, in a sentence or two; measured evidence for it, where there is any. */
  readonly about: string
  readonly metrics: readonly F[]
  readonly tables: readonly TableDefinition[]
}
