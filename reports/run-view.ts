/** A run's report with what its page looks up again and again: rows by id, and how many may be shown. */

import { itemSlug } from '../lib/core/names.ts'
import type { ProjectIndex, Report, Rows } from '../lib/core/report.ts'
import type { Column } from '../lib/core/table.ts'

export interface RunView {
  readonly report: Report
  readonly rows: Rows
  readonly index: ProjectIndex | null
  readonly metadata: readonly Column[]
  /** Row of an id; undefined where the rows don't hold it. */
  readonly rowOf: (id: string) => number | undefined
}

export function runView(input: Omit<RunView, 'rowOf'>): RunView {
  const byId = new Map(input.rows.id.map((id, row) => [id, row]))
  return { ...input, rowOf: (id) => byId.get(id) }
}

/** Row of the nearest neighbour, null where there is none. */
export function nearest(rows: Rows, row: number): number | null {
  if (rows.neighborCount === 0) return null
  const neighbor = rows.neighbors[row * rows.neighborCount] ?? -1
  return neighbor < 0 ? null : neighbor
}

/** Distance to the nearest neighbour, null where there is none. */
export function nearestDistance(rows: Rows, row: number): number | null {
  return nearest(rows, row) === null ? null : (rows.distances[row * rows.neighborCount] ?? null)
}

/** Address of an item's permanent page, seen from the project's folder. */
export function itemPage(id: string): string {
  return `items/${itemSlug(id)}/index.html`
}

/** Address of a run's page, seen from the project's folder. */
export function runPage(run: string): string {
  return `runs/${run}/index.html`
}
