/** The rows of a run as a notebook has them: the columns of `rows.parquet`, as an arquero table. */

import * as aq from 'arquero'
import type { Rows } from '../../../lib/core/rows.ts'
import type { Column } from '../../../lib/core/table.ts'

export function rowsTable(rows: Rows, metadata: readonly Column[]): aq.ColumnTable {
  const count = rows.neighborCount
  const lists = <T>(of: (place: number) => T): T[][] =>
    rows.id.map((_, row) => {
      const list: T[] = []
      for (let place = row * count; place < (row + 1) * count; place++) {
        if ((rows.neighbors[place] ?? -1) < 0) break
        list.push(of(place))
      }
      return list
    })
  const neighbors = lists((place) => rows.id[rows.neighbors[place]!]!)
  const distances = lists((place) => rows.distances[place]!)
  const nearest = rows.id.map((_, row) => rows.neighbors[row * count] ?? -1)
  return aq.table({
    id: rows.id,
    label: rows.label,
    source_row: Array.from(rows.sourceRow),
    correct: flags(rows.correct),
    correct_in_baseline: rows.correctInBaseline
      ? flags(rows.correctInBaseline)
      : rows.id.map(() => null),
    nearest_label_in_baseline: rows.nearestInBaseline ?? rows.id.map(() => null),
    neighbor_overlap: rows.neighborOverlap
      ? numbers(rows.neighborOverlap)
      : rows.id.map(() => null),
    nearest_id: nearest.map((row) => rows.id[row] ?? null),
    nearest_label: nearest.map((row) => rows.label[row] ?? null),
    nearest_distance: distances.map(([first]) => first ?? null),
    neighbor_margin: numbers(rows.neighborMargin),
    prediction_margin: numbers(rows.predictionMargin),
    class_margin: numbers(rows.classMargin),
    first_match_rank: Array.from(rows.firstMatchRank, (rank) => rank || null),
    silhouette: numbers(rows.silhouette),
    outlier: flags(rows.outlier),
    suggested_label: rows.suggestedLabel ?? rows.id.map(() => null),
    x: numbers(rows.x),
    y: numbers(rows.y),
    ...Object.fromEntries(
      rows.maps.flatMap(({ method, x, y }) =>
        // The first map is x and y.
        method === 'pca'
          ? []
          : [
              [`${method}_x`, numbers(x)],
              [`${method}_y`, numbers(y)],
            ],
      ),
    ),
    image: rows.id.map((_, row) => rows.image?.[row] || null),
    neighbors,
    neighbor_distances: distances,
    ...Object.fromEntries(
      metadata.map((column) => [
        `meta_${column.name}`,
        column.type === 'text' ? column.values : numbers(column.values),
      ]),
    ),
  })
}

/** Missing numbers are null, as in the file. */
function numbers(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value))
}

function flags(values: ArrayLike<number>): (boolean | null)[] {
  return Array.from(values, (value) => (value < 0 ? null : value === 1))
}
