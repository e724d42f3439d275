/** What ties decide: the matches and votes that other orders of rows at equal distances would give. */

import type { TieRanges } from '../../core/evaluation.ts'
import {
  type EqualRows,
  LOOKED_THROUGH,
  matchRange,
  VOTERS,
  voteRange,
  winner,
} from '../../core/vote.ts'

/** A row's nearest, in order. */
export interface NearestRows {
  readonly label: number
  readonly labels: readonly number[]
  readonly distances: Float64Array
  /** How many rows of each label are as near as the last one, itself and others among these included. */
  readonly last: EqualRows
}

/** Writes the ranges of a row's matches and vote. */
export function writeNearestTies(
  { matches, vote }: Pick<TieRanges, 'matches' | 'vote'>,
  row: number,
  nearest: NearestRows,
): void {
  const { label, labels } = nearest
  const depth = Math.min(LOOKED_THROUGH, labels.length)
  const voters = Math.min(VOTERS, labels.length)
  if (isTied(nearest, depth)) {
    const groups = groupsByDistance(nearest)
    matches.set(matchRange(groups, label, depth), 2 * row)
    vote.set(voteRange(groups, label, voters), 2 * row)
  } else {
    const count = labels.slice(0, depth).filter((other) => other === label).length
    matches.fill(count, 2 * row, 2 * row + 2)
    vote.fill(winner(labels.slice(0, voters)) === label ? 1 : 0, 2 * row, 2 * row + 2)
  }
}

/** Whether any of the `depth` nearest is at the distance of another row. */
function isTied({ distances, last }: NearestRows, depth: number): boolean {
  for (let at = 0; at < depth && at + 1 < distances.length; at++) {
    if (distances[at] === distances[at + 1]) return true
  }
  if (depth < distances.length) return false
  for (const count of last.values()) if (count > 1 || last.size > 1) return true
  return false
}

/** The nearest, grouped by distance. */
function groupsByDistance({ labels, distances, last }: NearestRows): EqualRows[] {
  const groups: Map<number, number>[] = []
  for (const [at, label] of labels.entries()) {
    if (at === 0 || distances[at] !== distances[at - 1]) groups.push(new Map())
    const group = groups.at(-1)!
    group.set(label, (group.get(label) ?? 0) + 1)
  }
  return [...groups.slice(0, -1), last]
}
