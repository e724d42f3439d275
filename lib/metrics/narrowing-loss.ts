/** What rounding to float32 may have changed of the figures: told by how near the rows' neighbours are. */

import type { Dataset } from '../core/dataset.ts'
import { InputError } from '../core/errors.ts'
import type { Neighborhood } from '../core/evaluation.ts'
import type { IssueCode } from '../core/issue-codes.ts'
import type { Warning } from '../core/warning.ts'
import { partOf, rowNumbers } from '../core/words.ts'

/** Not the nearest: a copy of a row may lie as near as it likes, and stays the nearest. */
const NEIGHBOR = 10
/** How many times farther than rounding moved both rows that neighbour must lie to be sure of its place. */
const SURE = 32
/** Of the rows: where that neighbour of more than these is nearer than rounding moved them, figures are noise. */
const MOST_LOST = 0.5
/** Rows that are fewer, as a share, don't move what the headline says. */
const QUALIFYING = 0.01

/**
 * Rows that were different and became equal, and rows whose neighbours lie so near that rounding decides
 * which they are. Nothing where the upload was float32 already.
 *
 * @throws InputError `vectors-float32` where that is so for most rows: no figure would be right.
 */
export function narrowingLoss(
  { rows, sourceRows, narrowing }: Pick<Dataset, 'rows' | 'sourceRows' | 'narrowing'>,
  { metric, neighbors, distances, firstEqual, k }: Neighborhood,
  file: string,
): readonly Warning[] {
  if (narrowing === undefined) return []
  const { moved, identities } = narrowing
  const equal: number[] = []
  const unsure: number[] = []
  let [lost, asked] = [0, 0]
  for (let row = 0; row < rows; row++) {
    if (identities[firstEqual[row]!] !== identities[row]) equal.push(row)
    let last = Math.min(NEIGHBOR, k) - 1
    while (last >= 0 && neighbors[row * k + last]! < 0) last--
    if (last < 0) continue
    asked++
    const other = neighbors[row * k + last]!
    if (identities[other] === identities[row]) continue
    const by = moved[row]! + moved[other]!
    const distance = distances[row * k + last]!
    // Of directions that lie 1 − cos apart the ends are √(2 (1 − cos)) apart.
    const apart = metric === 'cosine' ? Math.sqrt(2 * Math.max(0, distance)) : distance
    if (by > 0 && apart <= by) lost++
    if (by > 0 && apart <= SURE * by) unsure.push(row)
  }
  const named = (list: readonly number[]) => rowNumbers(list.map((row) => sourceRows[row]!))
  const remedy =
    metric === 'cosine'
      ? 'if their common part means nothing, take it away before saving (embeddings - embeddings.mean(axis=0))'
      : 'take away what groups of them have in common, or look for values that are far larger than the rest'
  if (lost > MOST_LOST * asked) {
    throw new InputError({
      code: 'vectors-float32',
      message: `${partOf(lost, asked, 'rows')} lie nearer to their ${NEIGHBOR} nearest than rounding to float32 moved them, in which rows are evaluated: no figure would be right (${named(unsure)}).`,
      where: file,
      hint: `The rows differ in digits that float32 doesn't hold: ${remedy}.`,
    })
  }
  const warnings: Warning[] = []
  const add = (code: IssueCode, told: string, list: readonly number[], end: string) => {
    if (list.length === 0) return
    warnings.push({
      code,
      message: `${told} (${named(list)})${end}`,
      ...(list.length < QUALIFYING * asked ? {} : { headline: told }),
    })
  }
  add(
    'rows-became-equal',
    `${partOf(equal.length, rows, 'rows')} differ from another in the upload and are equal to it as float32, in which rows are evaluated`,
    equal,
    '',
  )
  add(
    'neighbors-rounded',
    `${partOf(unsure.length, asked, 'rows')} lie so near to their neighbours that rounding to float32 decides which these are`,
    unsure,
    `: ${remedy}`,
  )
  return warnings
}
