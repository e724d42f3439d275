/** The column that is probably the label, where none is called so: last or first among the vector's, or the only words. */

import type { Issue } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Column, Table } from '../core/table.ts'
import { idColumn, settingText, textsOf } from './columns.ts'
import { type WholeDimension, wholeDimensions } from './dimensions.ts'
import { mayQuote } from './privacy.ts'

/** Null where there is none, or several. */
export function likelyLabel(table: Table, manifest: Manifest): Issue | null {
  const { label } = manifest.columns
  const { rows, dimensions } = table.vectors!
  const whole = wholeDimensions(table)
  const isAtEnd = ({ place }: WholeDimension) =>
    whole.filter((one) => one.place < place).length === place ||
    whole.filter((one) => one.place > place).length === dimensions - 1 - place
  const dimension = whole.find((one) => !one.isRowNumber && isAtEnd(one) && isFew(one.count, rows))
  if (dimension !== undefined) return amongDimensions(table, dimension, label)
  if (!table.isHeaderless) return null
  const id = idColumn(table, manifest.columns)
  const [column, ...more] = table.columns.filter(
    (one) => one !== id && mayQuote(one.name, manifest) && isFew(new Set(textsOf(one)).size, rows),
  )
  return column === undefined || more.length > 0 ? null : withoutName(table, column, label)
}

/** Classes have rows in common. */
function isFew(count: number, rows: number): boolean {
  return count > 1 && 2 * count <= rows
}

function amongDimensions(
  { source, vectors }: Table,
  { name, place, count }: WholeDimension,
  label: string,
): Issue {
  const { rows, dimensions } = vectors!
  const isFirst = 2 * place < dimensions
  const which =
    name === null
      ? `dimension ${place} (counted from 0) of the ${dimensions}`
      : `the column ${shortName(name)}, one of the ${dimensions} that are taken for the vector,`
  const others = isFirst ? `${place + 1}:` : `:${place}`
  return {
    code: 'labels-likely',
    message: `No column is named ${JSON.stringify(shortName(label))}, and ${which} looks like the label: ${count} whole numbers in ${rows} rows, where the others have fractions.`,
    where: source,
    hint:
      name === null
        ? `If it is, save it apart, with the array as a: np.savez("embeddings.npz", embeddings=a[:, ${others}], labels=a[:, ${place}].astype(int)). If not, put the labels beside the file, as labels.csv.`
        : `If it is, say so in nearmiss.yaml: columns: { label: ${settingText(name)} }; it is no dimension then. If not, put the labels beside the file, as labels.csv.`,
  }
}

function withoutName({ source, rows }: Table, column: Column, label: string): Issue {
  return {
    code: 'labels-likely',
    message: `No column is named ${JSON.stringify(shortName(label))}, since the file has no line of column names. ${column.name} looks like the label: ${new Set(textsOf(column)).size} different entries in ${rows} rows.`,
    where: source,
    hint: `If it is, say so in nearmiss.yaml: columns: { label: ${settingText(column.name)} }. If not, put the labels beside the file, as labels.csv.`,
  }
}
