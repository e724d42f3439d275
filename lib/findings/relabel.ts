/** What would become of a run's errors if contradicted labels were what their neighbours suggest. */

import type { Evaluation } from '../core/evaluation.ts'
import type { LabelIssue } from '../core/quality.ts'

export interface Relabelling {
  /** Rows of the issues, strongest contradiction first. */
  readonly rows: readonly number[]
  /** Errors that would be right, in row order. */
  readonly fixed: readonly number[]
  /** Rows that are right, and would be wrong. */
  readonly broken: readonly number[]
}

/**
 * Only labels change, so neighbours stay: what changes are the rows themselves and those that they
 * are nearest to. Prepared once, a question costs no pass over all rows.
 */
export function relabeller({
  dataset,
  neighborhood,
  rows,
}: Evaluation): (issues: readonly LabelIssue[]) => Relabelling {
  const rowOf = new Map(dataset.ids.map((id, row) => [id, row]))
  const classOf = new Map(dataset.classes.map((label, index) => [label, index]))
  const nearestOf = (row: number) => neighborhood.neighbors[row * neighborhood.k] ?? -1
  const answered = new Map<number, number[]>()
  for (let row = 0; row < dataset.rows; row++) {
    const list = answered.get(nearestOf(row)) ?? []
    if (list.push(row) === 1) answered.set(nearestOf(row), list)
  }
  return (issues) => {
    const labels = new Map(
      issues.map(({ id, suggested }) => [rowOf.get(id)!, classOf.get(suggested)!]),
    )
    const labelOf = (row: number) => labels.get(row) ?? dataset.labels[row]!
    const touched = new Set(
      [...labels.keys()].flatMap((row) => [row, ...(answered.get(row) ?? [])]),
    )
    const fixed: number[] = []
    const broken: number[] = []
    for (const row of [...touched].sort((a, b) => a - b)) {
      if (nearestOf(row) < 0) continue
      const right = labelOf(row) === labelOf(nearestOf(row))
      if (right && rows.correct[row] !== 1) fixed.push(row)
      if (!right && rows.correct[row] === 1) broken.push(row)
    }
    return { rows: [...labels.keys()], fixed, broken }
  }
}
