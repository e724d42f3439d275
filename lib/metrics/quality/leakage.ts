/** Duplicates across the parts of a split: what one part is measured on, the other one holds. */

import type { Dataset } from '../../core/dataset.ts'
import type { TableDefinition } from '../../core/definition.ts'
import { compareText } from '../../core/names.ts'
import type { Leakage } from '../../core/quality.ts'
import { type Column, isNamed } from '../../core/table.ts'
import type { NearGroups } from './duplicates.ts'

export const leakageTable: TableDefinition = {
  id: 'leakage',
  title: 'Duplicates across a split',
  path: 'quality.leakage',
  definition:
    'Groups of identical or near duplicates with rows in more than one value of the split column: what one part is measured on, the other one holds. Null where there is no such column, or one value only. Rows without a value are left out.',
  source: 'nearmiss definitions',
  columns: [
    { name: 'column', unit: 'text', definition: 'The split column.' },
    { name: 'parts', unit: 'list', definition: 'Its values, each with its rows.' },
    {
      name: 'groups',
      unit: 'list',
      definition: 'The groups: ids, labels and parts of their rows.',
    },
    { name: 'rows', unit: 'count', definition: 'Rows with a duplicate in another part.' },
    {
      name: 'between',
      unit: 'list',
      definition: 'For each two parts the rows of either that have a duplicate in the other.',
    },
  ],
}

/** Null where no column says which part a row belongs to, or all rows are in one. */
export function leakage(
  dataset: Dataset,
  splitColumn: string,
  { groups }: NearGroups,
): Leakage | null {
  const column = dataset.metadata.find(({ name }) => isNamed(name, splitColumn))
  if (!column) return null
  const sizes = new Map<string, number>()
  for (let row = 0; row < dataset.rows; row++) {
    const part = partAt(column, row)
    if (part !== '') sizes.set(part, (sizes.get(part) ?? 0) + 1)
  }
  if (sizes.size < 2) return null
  const between = new Map<string, { a: string; b: string; aRows: number; bRows: number }>()
  const leaked = groups.flatMap((group) => {
    const at = group.at.filter((row) => partAt(column, row) !== '')
    const counts = new Map<string, number>()
    for (const row of at) {
      counts.set(partAt(column, row), (counts.get(partAt(column, row)) ?? 0) + 1)
    }
    if (counts.size < 2) return []
    const parts = [...counts].sort(([a], [b]) => compareText(a, b))
    for (const [place, [a, aRows]] of parts.entries()) {
      for (const [b, bRows] of parts.slice(place + 1)) {
        const key = JSON.stringify([a, b])
        const sum = between.get(key) ?? { a, b, aRows: 0, bRows: 0 }
        between.set(key, { a, b, aRows: sum.aRows + aRows, bRows: sum.bRows + bRows })
      }
    }
    return {
      rows: at.map((row) => dataset.ids[row]!),
      labels: at.map((row) => dataset.classes[dataset.labels[row]!]!),
      parts: at.map((row) => partAt(column, row)),
      exact: group.exact,
    }
  })
  return {
    column: column.name,
    parts: [...sizes]
      .map(([name, rows]) => ({ name, rows }))
      .sort((a, b) => compareText(a.name, b.name)),
    groups: leaked.sort((a, b) => b.rows.length - a.rows.length),
    rows: leaked.reduce((sum, group) => sum + group.rows.length, 0),
    between: [...between.values()].sort(
      (x, y) => y.aRows + y.bRows - (x.aRows + x.bRows) || compareText(x.a, y.a),
    ),
  }
}

/** Empty where the row has none. */
function partAt(column: Column, row: number): string {
  const value = column.values[row]!
  return typeof value === 'string' ? value : Number.isNaN(value) ? '' : String(value)
}
