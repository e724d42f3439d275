/** How many rows each row may have as neighbours, and how many of them are of its class. */

import type { Dataset } from './dataset.ts'

/** One entry a row; 0 for a row of a gallery. */
export interface CandidateCounts {
  /** Rows that may be the row's neighbours. */
  readonly candidates: Int32Array
  /** Those of them that are of its class: the matches that there are to find. */
  readonly mates: Int32Array
}

type Roles = Pick<Dataset, 'rows' | 'labels' | 'classes' | 'queries' | 'groups'>

export function candidateCounts({
  rows,
  labels,
  classes,
  queries,
  groups,
}: Roles): CandidateCounts {
  const mates = new Int32Array(rows)
  const candidates = new Int32Array(rows)
  const ofClass = new Int32Array(classes.length)
  /** Rows of a group, and of a class within it. */
  const ofGroup = new Map<number, number>()
  const ofGroupClass = new Map<number, number>()
  let gallery = 0
  for (let row = 0; row < rows; row++) {
    if (queries?.[row]) continue
    gallery++
    ofClass[labels[row]!]!++
    const group = groups?.[row] ?? -1
    if (group < 0) continue
    const both = group * classes.length + labels[row]!
    ofGroup.set(group, (ofGroup.get(group) ?? 0) + 1)
    ofGroupClass.set(both, (ofGroupClass.get(both) ?? 0) + 1)
  }
  for (let row = 0; row < rows; row++) {
    if (queries?.[row] === 0) continue
    const group = groups?.[row] ?? -1
    // Without a group and in the gallery as well, a row shuts out itself alone.
    const own = queries === undefined ? 1 : 0
    const both = group * classes.length + labels[row]!
    candidates[row] = gallery - (group < 0 ? own : (ofGroup.get(group) ?? 0))
    mates[row] = ofClass[labels[row]!]! - (group < 0 ? own : (ofGroupClass.get(both) ?? 0))
  }
  return { candidates, mates }
}
