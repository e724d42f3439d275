/** Rows put together from the cells of a table, as a file of them is read back. */

import { type Cell, coordinate } from './row-cells.ts'
import { ROW_COLUMNS, type RowColumnName } from './row-columns.ts'
import type { Rows } from './rows.ts'

/**
 * Rows from the cells of some columns; fields of the others are as where every cell is null. Neighbours
 * are those of `neighbors`, or the nearest alone where only `nearest_id` is given.
 */
export function rowsFromCells(
  count: number,
  cellsOf: (name: RowColumnName) => readonly Cell[] | null,
): Rows {
  const nulls: readonly Cell[] = new Array<null>(count).fill(null)
  const fields = ROW_COLUMNS.filter(({ map }) => map === null).map(({ name, fields }) =>
    fields(cellsOf(name) ?? nulls),
  )
  const { id, x, y, ...rest } = Object.assign({}, ...fields) as Rows
  return { ...rest, id, x, y, ...neighborFields(id, cellsOf), maps: mapsOf({ x, y }, cellsOf) }
}

function mapsOf(
  { x, y }: Pick<Rows, 'x' | 'y'>,
  cellsOf: (name: RowColumnName) => readonly Cell[] | null,
): Rows['maps'] {
  const layouts = (['tsne', 'umap'] as const).flatMap((method) => {
    const [across, upwards] = [cellsOf(`${method}_x`), cellsOf(`${method}_y`)]
    if (across === null || upwards === null) return []
    return [{ method, x: coordinate.values(across), y: coordinate.values(upwards) }]
  })
  return cellsOf('x') === null ? layouts : [{ method: 'pca', x, y }, ...layouts]
}

function neighborFields(
  ids: readonly string[],
  cellsOf: (name: RowColumnName) => readonly Cell[] | null,
): Pick<Rows, 'neighborCount' | 'neighbors' | 'distances'> {
  const lists = cellsOf('neighbors') ?? listOfOne(cellsOf('nearest_id'))
  const distances = cellsOf('neighbor_distances') ?? listOfOne(cellsOf('nearest_distance'))
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const neighborCount = (lists ?? []).reduce<number>(
    (most, list) => Math.max(most, (list as readonly string[]).length),
    0,
  )
  const neighbors = new Int32Array(ids.length * neighborCount).fill(-1)
  const flat = new Float64Array(ids.length * neighborCount).fill(Number.POSITIVE_INFINITY)
  for (const [row, list] of (lists ?? []).entries()) {
    for (const [place, id] of (list as readonly string[]).entries()) {
      neighbors[row * neighborCount + place] = rowOf.get(id) ?? -1
      flat[row * neighborCount + place] =
        (distances?.[row] as readonly number[] | undefined)?.[place] ?? Number.NaN
    }
  }
  return { neighborCount, neighbors, distances: flat }
}

function listOfOne(cells: readonly Cell[] | null): readonly Cell[] | null {
  return cells?.map((cell) => (cell === null ? [] : [cell as string | number])) ?? null
}
