/** The rows behind a finding: errors by pair of classes, and groups of identical vectors. */

import type { Evaluation } from '../core/evaluation.ts'
import { type Pair, pairId, pairOf } from './pair.ts'
import type { Threshold } from './rule.ts'

export function labelOf({ dataset }: Evaluation, row: number): string {
  return dataset.classes[dataset.labels[row]!]!
}

/** Points of accuracy that the run gains if so many of its errors go. */
export function pointsOf({ evaluatedRows }: Evaluation, errors: number): number {
  return evaluatedRows === 0 ? 0 : (100 * errors) / evaluatedRows
}

/** `1.45 points`. */
export function inPoints(gain: number): string {
  return `${gain.toFixed(2)} ${gain.toFixed(2) === '1.00' ? 'point' : 'points'}`
}

/**
 * Error rows of each pair, by `pairId('', pair)`, in row order. Rows that have no other of their class
 * to find are left out: they miss whatever is done about the pair.
 */
export function errorRowsByPair(
  evaluation: Evaluation,
): Map<string, { pair: Pair; rows: number[] }> {
  const { dataset, neighborhood, rows } = evaluation
  const byPair = new Map<string, { pair: Pair; rows: number[] }>()
  for (let row = 0; row < dataset.rows; row++) {
    const nearest = neighborhood.neighbors[row * neighborhood.k] ?? -1
    if (rows.correct[row] === 1 || nearest < 0 || rows.mates[row] === 0) continue
    const pair = pairOf(labelOf(evaluation, row), labelOf(evaluation, nearest))
    const key = pairId('', pair)
    const entry = byPair.get(key)
    if (entry) entry.rows.push(row)
    else byPair.set(key, { pair, rows: [row] })
  }
  return byPair
}

/** Rows of identical vectors, and the labels they have, in code-unit order. */
export interface IdenticalRows {
  readonly rows: readonly number[]
  readonly labels: readonly string[]
}

/**
 * More labels than this on one vector are no question of labelling: blank pictures or failed reads
 * look like that.
 */
export const MOST_CONFLICTING_LABELS = 4

export const LABELS_IN_CONFLICT: Threshold = {
  of: 'labels on one vector; more are a question of the input',
  raises: 'at most',
  value: MOST_CONFLICTING_LABELS,
}

export function identicalRows(evaluation: Evaluation): readonly IdenticalRows[] {
  return rowsOf(evaluation, evaluation.duplicates.groups)
}

/** Duplicates under more than one label, identical or nearly so, and which of them are equal. */
export function conflictingRows(
  evaluation: Evaluation,
): readonly (IdenticalRows & { readonly exact: boolean })[] {
  const groups = evaluation.quality.nearDuplicates.groups.filter(({ conflict }) => conflict)
  return rowsOf(evaluation, groups).map((rows, at) => ({ ...rows, exact: groups[at]!.exact }))
}

function rowsOf(
  evaluation: Evaluation,
  groups: readonly { readonly rows: readonly string[] }[],
): readonly IdenticalRows[] {
  if (groups.length === 0) return []
  const rowOf = new Map(evaluation.dataset.ids.map((id, row) => [id, row]))
  return groups.map((group) => {
    const rows = group.rows
      .map((id) => rowOf.get(id))
      .filter((row) => row !== undefined)
      .sort((a, b) => a - b)
    return { rows, labels: [...new Set(rows.map((row) => labelOf(evaluation, row)))].sort() }
  })
}

/** Rows by a value each, smallest first, rows without one last; ties in row order. */
export function sortedBy(rows: readonly number[], value: (row: number) => number): number[] {
  const key = (row: number) => (Number.isNaN(value(row)) ? Number.POSITIVE_INFINITY : value(row))
  return [...rows].sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)))
}
