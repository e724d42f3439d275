/** Rows that are equal or nearly so: as groups, under two labels, and across the parts of a split. */

import type { Dataset } from '../../core/dataset.ts'
import type { TableDefinition } from '../../core/definition.ts'
import type { Neighborhood } from '../../core/evaluation.ts'
import type { Duplicates, NearDuplicateGroup, NearDuplicates } from '../../core/quality.ts'
import { median } from '../../stats/summary.ts'

export const duplicateTable: TableDefinition = {
  id: 'duplicate_groups',
  title: 'Identical rows',
  path: 'duplicates.groups',
  definition:
    'Groups of rows whose vectors are equal as float32; a query and its own row in the gallery, which are kept apart, are none.',
  source: 'nearmiss definitions',
  columns: [
    { name: 'rows', unit: 'list', definition: 'Ids of the group’s rows.' },
    { name: 'labels', unit: 'list', definition: 'Their labels, in the same order.' },
    {
      name: 'conflict',
      unit: 'yes or no',
      definition: 'Whether there is more than one label: no model can tell these rows apart.',
    },
  ],
}

export const nearDuplicateTable: TableDefinition = {
  id: 'near_duplicate_groups',
  title: 'Near duplicates',
  path: 'quality.nearDuplicates.groups',
  definition:
    'Connected components of the rows that are closer than the threshold, `quality.nearDuplicates.threshold`: 0.13 times the median distance to the nearest neighbour unless the manifest says otherwise (`duplicates.near`). Identical rows are always joined. An edge is seen from either row’s kept neighbours; `cutShortRows` counts the rows all of whose kept neighbours are that close, whose groups may be larger.',
  source: 'cleanlab’s threshold',
  elsewhere: 'cleanlab lists for each row those that are as close, and joins nothing.',
  columns: [
    { name: 'rows', unit: 'list', definition: 'Ids of the group’s rows.' },
    { name: 'labels', unit: 'list', definition: 'Their labels, in the same order.' },
    { name: 'conflict', unit: 'yes or no', definition: 'Whether there is more than one label.' },
    { name: 'exact', unit: 'yes or no', definition: 'Whether all of its vectors are equal.' },
    {
      name: 'widest',
      unit: 'distance',
      definition: 'The longest distance under the threshold between two of its rows.',
    },
  ],
}

/** Whether these are a query and its own row in the gallery, which no query is held against. */
function isOwnPair(
  { groups, ownRows }: Pick<Dataset, 'groups' | 'ownRows'>,
  rows: readonly number[],
): boolean {
  if (groups === undefined || ownRows === undefined || rows.length !== 2) return false
  const [one, other] = [groups[rows[0]!]!, groups[rows[1]!]!]
  return one === other && one >= ownRows.firstGroup
}

/** Groups of rows with equal vectors. */
export function duplicates({
  dataset,
  neighborhood,
}: {
  readonly dataset: Pick<Dataset, 'ids' | 'labels' | 'classes' | 'groups' | 'ownRows'>
  readonly neighborhood: Pick<Neighborhood, 'firstEqual'>
}): Duplicates {
  const members = new Map<number, number[]>()
  for (const [row, first] of neighborhood.firstEqual.entries()) {
    if (first === row) continue
    const group = members.get(first) ?? [first]
    group.push(row)
    members.set(first, group)
  }
  const copies = [...members.values()].filter((rows) => !isOwnPair(dataset, rows))
  const groups = copies
    .map((rows) => {
      const labels = rows.map((row) => dataset.classes[dataset.labels[row]!]!)
      return {
        rows: rows.map((row) => dataset.ids[row]!),
        labels,
        conflict: new Set(labels).size > 1,
      }
    })
    .sort((a, b) => Number(b.conflict) - Number(a.conflict) || b.rows.length - a.rows.length)
  return {
    groups,
    rows: groups.reduce((sum, { rows }) => sum + rows.length, 0),
    conflicts: groups.filter(({ conflict }) => conflict).length,
  }
}

/** The groups with the row numbers that the figures need and the report doesn't show. */
export interface NearGroups extends Omit<NearDuplicates, 'groups'> {
  readonly groups: readonly (NearDuplicateGroup & { readonly at: readonly number[] })[]
}

/**
 * Connected components of the rows that are closer than `factor` times the median nearest-neighbour
 * distance, equal rows included whatever the threshold. An edge is seen from the row that has the
 * other among its kept neighbours, so nothing is missed unless all that a row keeps are that close
 * on both sides; `cutShortRows` counts such rows.
 */
export function nearDuplicates(
  dataset: Dataset,
  { k, neighbors, distances, firstEqual }: Neighborhood,
  factor: number,
): NearGroups {
  const { rows } = dataset
  const nearest = distances.filter((distance, at) => at % k === 0 && Number.isFinite(distance))
  const medianNearest = nearest.length === 0 ? 0 : median(nearest)
  const threshold = factor * medianNearest
  const parents = Int32Array.from({ length: rows }, (_, row) => row)
  const widest = new Float64Array(rows)
  const rootOf = (row: number): number => {
    let root = row
    while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!
    return root
  }
  const join = (one: number, other: number, distance: number) => {
    const [low, high] = [rootOf(one), rootOf(other)].sort((a, b) => a - b) as [number, number]
    parents[high] = low
    widest[low] = Math.max(widest[low]!, widest[high]!, distance)
  }
  let cutShortRows = 0
  for (let row = 0; row < rows; row++) {
    if (firstEqual[row] !== row) join(row, firstEqual[row]!, 0)
    let rank = 0
    for (; rank < k; rank++) {
      const at = row * k + rank
      if (neighbors[at]! < 0 || !(distances[at]! < threshold)) break
      join(row, neighbors[at]!, distances[at]!)
    }
    if (rank === k && k < rows - 1) cutShortRows++
  }
  const members = new Map<number, number[]>()
  for (let row = 0; row < rows; row++) {
    const root = rootOf(row)
    const group = members.get(root) ?? []
    if (group.push(row) === 1) members.set(root, group)
  }
  const groups = [...members]
    .filter(([, at]) => at.length > 1 && !isOwnPair(dataset, at))
    .map(([root, at]) => {
      const labels = at.map((row) => dataset.classes[dataset.labels[row]!]!)
      return {
        at,
        rows: at.map((row) => dataset.ids[row]!),
        labels,
        conflict: new Set(labels).size > 1,
        exact: at.every((row) => firstEqual[row] === root),
        widest: widest[root]!,
      }
    })
    .sort((a, b) => Number(b.conflict) - Number(a.conflict) || b.at.length - a.at.length)
  return {
    threshold,
    factor,
    medianNearest,
    groups,
    rows: groups.reduce((sum, { at }) => sum + at.length, 0),
    conflicts: groups.filter(({ conflict }) => conflict).length,
    cutShortRows,
  }
}
