/** Dimensions of the vectors that are none: a number of the row, or the label, in a column beside theirs. */

import type { Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { settingText } from './columns.ts'

/** More columns of whole numbers than a label and a number of the row are features like any other. */
const MOST = 2
/** Dimensions with fractions, without which whole numbers are nothing special. */
const FEWEST_FRACTIONS = 2
/** Of fewer, any whole numbers may count the rows. */
const FEWEST_ROWS = 3

/** A dimension of whole numbers where those beside it have fractions. */
export interface WholeDimension {
  readonly place: number
  /** Of its column; null where the vectors are one array. */
  readonly name: string | null
  /** Whole numbers of the rows, NaN where one is missing. */
  readonly values: Float64Array
  /** Those that differ. */
  readonly count: number
  /** Whether it numbers the rows in steps of one, in any order. */
  readonly isRowNumber: boolean
}

/** At most two; none where more are whole, as those of quantised vectors and of counts. */
export function wholeDimensions({
  vectors,
  dimensionNames,
}: Pick<Table, 'vectors' | 'dimensionNames'>): readonly WholeDimension[] {
  if (vectors === null || vectors.rows < FEWEST_ROWS) return []
  const { values, rows, dimensions } = vectors
  const whole: WholeDimension[] = []
  let fractions = 0
  for (let place = 0; place < dimensions; place += 1) {
    const kind = kindOf(values, rows, dimensions, place)
    if (kind === 'fractions') fractions += 1
    if (kind !== 'whole') continue
    if (whole.length === MOST) return []
    const column = Float64Array.from(
      { length: rows },
      (_, row) => values[row * dimensions + place]!,
    )
    const different = new Set(column)
    const least = column.reduce((a, b) => Math.min(a, b))
    const most = column.reduce((a, b) => Math.max(a, b))
    whole.push({
      place,
      name: dimensionNames?.[place] ?? null,
      values: column,
      count: different.size,
      isRowNumber: different.size === rows && most - least === rows - 1,
    })
  }
  return fractions < FEWEST_FRACTIONS ? [] : whole
}

/** `constant` tells nothing: a dimension that a model doesn't use is zero in each row. */
function kindOf(
  values: Float32Array | Float64Array,
  rows: number,
  dimensions: number,
  place: number,
): 'fractions' | 'whole' | 'constant' {
  const first = values[place]!
  let isConstant = true
  for (let at = place; at < rows * dimensions; at += dimensions) {
    const value = values[at]!
    if (Number.isFinite(value) && !Number.isInteger(value)) return 'fractions'
    if (value !== first && !Number.isNaN(value)) isConstant = false
  }
  return isConstant ? 'constant' : 'whole'
}

/** @param labels of each row; empty where it has none */
export function dimensionWarnings(table: Table, labels: readonly string[]): readonly Warning[] {
  return wholeDimensions(table).flatMap((dimension): Warning[] => {
    const name = nameOf(dimension)
    const remedy =
      dimension.name === null
        ? 'save the vectors without it'
        : `leave it out in nearmiss.yaml: privacy: { columns: { ${settingText(dimension.name)}: drop } }`
    if (dimension.isRowNumber) {
      return [
        {
          code: 'dimension-counts-rows',
          message: `${name} of ${table.source} numbers the rows in steps of one, where the others have fractions, and weighs in every distance. Unless that is meant, ${remedy}`,
          headline: `${name} numbers the rows, and weighs in every distance`,
        },
      ]
    }
    if (!followsLabels(dimension.values, labels)) return []
    return [
      {
        code: 'dimension-repeats-labels',
        message: `${name} of ${table.source} holds one whole number for each class, where the others have fractions: rows of a class are near each other whatever the model does. Unless that is meant, ${remedy}`,
        headline: `${name} holds one number for each class, so these figures may be too high`,
      },
    ]
  })
}

/** How messages call it. */
export function nameOf({ name, place }: WholeDimension): string {
  return name === null ? `Dimension ${place} (counted from 0)` : `The vector’s column ${name}`
}

/** Whether all rows of a class have one number, and not all classes the same. */
function followsLabels(values: Float64Array, labels: readonly string[]): boolean {
  const numberOf = new Map<string, number>()
  let labelled = 0
  for (const [row, label] of labels.entries()) {
    if (label === '') continue
    labelled += 1
    const known = numberOf.get(label)
    if (known === undefined) numberOf.set(label, values[row]!)
    else if (known !== values[row]) return false
  }
  return numberOf.size < labelled && new Set(numberOf.values()).size > 1
}
