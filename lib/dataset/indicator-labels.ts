/** Labels that are a row of numbers for each row: one column a class is read, anything else is named. */

import { InputError, type Issue, someRows } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import type { ColumnNames } from '../core/manifest.ts'
import type { Column, LabelMatrix, Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, partOf } from '../core/words.ts'

/** Rows of class probabilities add up to 1 but for this. */
const ROUNDING = 1e-3

/**
 * The table with one label a row, where its labels are one column for each class with a single 1 in a row.
 * A row without a 1 has no label. Throws `InputError` where rows have several, or where the columns are
 * something else: which of them is meant can't be known, and the first of several is a guess.
 */
export function withIndicatorLabels(table: Table, { label }: ColumnNames): Table {
  const matrix = table.labelMatrix
  if (matrix === undefined) return table
  const { rows, dimensions, values } = matrix.values
  const named = { name: matrix.name, ...(matrix.from === undefined ? {} : { from: matrix.from }) }
  const where = `${table.source}, ${matrix.from?.[0] ?? matrix.name}`
  if (dimensions === 1) {
    const texts = Array.from(values, (value) => (Number.isNaN(value) ? '' : String(value)))
    return withColumn(table, { ...named, type: 'text', values: texts }, [])
  }
  if (matrix.isGuess && !isOneHot(matrix)) return withoutMatrix(table, matrix)
  if (!values.every((value) => value === 0 || value === 1)) {
    throw new InputError(levelsOrProbabilities(matrix, where, label))
  }
  const texts: string[] = []
  const several: number[] = []
  let none = 0
  for (let row = 0; row < rows; row++) {
    const ones = values.subarray(row * dimensions, (row + 1) * dimensions)
    const first = ones.indexOf(1)
    if (first < 0) none++
    else if (ones.lastIndexOf(1) !== first) several.push(row)
    texts.push(first < 0 ? '' : (matrix.names?.[first] ?? String(first)))
  }
  if (several.length > 0) throw new InputError(multiHot(matrix, several, none, where, label))
  const names = matrix.names === undefined ? 'numbered from 0' : 'by their names'
  const told: Warning = {
    code: 'labels-one-hot',
    message: `The labels of ${table.source} are ${dimensions} columns with a 1 for the class; they are read as one label a row, ${names}${none === 0 ? '' : `, and ${partOf(none, rows, 'rows')} without a 1 ${none === 1 ? 'has' : 'have'} no label`}`,
  }
  return withColumn(table, { ...named, type: 'text', values: texts }, [told])
}

/** Whether every row has a single 1, and zeros else. */
function isOneHot({ values: { values, rows, dimensions } }: LabelMatrix): boolean {
  return Array.from({ length: rows }, (_, row) =>
    values.subarray(row * dimensions, (row + 1) * dimensions),
  ).every(
    (marks) =>
      marks.every((mark) => mark === 0 || mark === 1) &&
      marks.indexOf(1) >= 0 &&
      marks.indexOf(1) === marks.lastIndexOf(1),
  )
}

/** What only has a usual name of labels, and isn't one of them, is left out like any other matrix. */
function withoutMatrix(table: Table, { name, values: { rows, dimensions } }: LabelMatrix): Table {
  const { labelMatrix: _, ...rest } = table
  const told: Warning = {
    code: 'array-ignored',
    message: `The array ${shortName(name)} is left out: its shape is (${rows}, ${dimensions}) where a column has (${rows},)`,
  }
  return { ...rest, warnings: [...table.warnings, told] }
}

function withColumn(table: Table, column: Column, warnings: readonly Warning[]): Table {
  const { labelMatrix: _, ...rest } = table
  return {
    ...rest,
    columns: [column, ...table.columns],
    rows: table.vectors?.rows ?? column.values.length,
    warnings: [...table.warnings, ...warnings],
  }
}

function multiHot(
  { name, values: { rows, dimensions } }: LabelMatrix,
  severalRows: readonly number[],
  none: number,
  where: string,
  label: string,
): Issue {
  const several = severalRows.length
  return {
    code: 'labels-multi-hot',
    message: `${name} has one column for each of ${dimensions} classes, and ${partOf(several, rows, 'rows')} ${several === 1 ? 'has' : 'have'} more than one label${none === 0 ? '' : `, ${none} have none`}. One label a row is evaluated.`,
    where,
    hint: `Choose what is evaluated: save one label a row under the name ${label}, for example one attribute of interest (labels[:, 0].astype(str)), and leave rows of several labels out if they can't be decided.`,
    ...someRows(severalRows.map(String)),
  }
}

function levelsOrProbabilities(
  { name, values: { values, rows, dimensions } }: LabelMatrix,
  where: string,
  label: string,
): Issue {
  const isWhole = values.every((value) => Number.isInteger(value) || Number.isNaN(value))
  const sums = new Float64Array(rows)
  for (let at = 0; at < values.length; at++) sums[Math.floor(at / dimensions)]! += values[at]!
  const isProbability = !isWhole && sums.every((sum) => Math.abs(sum - 1) < ROUNDING)
  if (isWhole) {
    return {
      code: 'labels-levels',
      message: `${name} has ${countOf(dimensions, 'whole number')} a row: several levels of labels. One label a row is evaluated.`,
      where,
      hint: 'Save each level as an array of its own, such as coarse=labels[:, 0] and fine=labels[:, 1], and name the one to evaluate in nearmiss.yaml: columns: { label: fine }; the others are columns of the report.',
    }
  }
  return {
    code: 'labels-shape',
    message: `${name} has ${dimensions} numbers with fractions a row${isProbability ? ', which add up to 1: the predictions of a model' : ''}; one label a row is needed.`,
    where,
    hint: `Save the true class of each row under the name ${label}, as text or as a whole number; predictions are no labels.`,
  }
}
