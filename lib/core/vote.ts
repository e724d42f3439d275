/** The vote of a row's nearest, and what of it the order of rows at equal distances decides. */

/** Nearest rows that vote on a row's label. */
export const VOTERS = 5
/** Nearest rows that are looked through for matches. */
export const LOOKED_THROUGH = 10

/** The label that most of the voters carry; of tied ones the first voter's. */
export function winner(voters: readonly number[]): number {
  let best = voters[0]!
  let most = 0
  for (const candidate of voters) {
    let count = 0
    for (const voter of voters) if (voter === candidate) count++
    if (count > most) {
      most = count
      best = candidate
    }
  }
  return best
}

/** Rows at one distance: how many of each label. */
export type EqualRows = ReadonlyMap<number, number>

/** Least and most over all orders of the rows at each distance. */
export type TieRange = readonly [least: number, most: number]

interface Cut {
  /** Of each label among those that are in whatever the order: how many, and in which group first. */
  readonly sure: ReadonlyMap<number, { readonly count: number; readonly first: number }>
  /** Of the group that only some are taken of, which is empty where none is cut. */
  readonly cut: EqualRows
  readonly cutAt: number
  /** How many of it are taken. */
  readonly cutCount: number
}

/** @param groups nearest first */
function cutAfter(groups: readonly EqualRows[], depth: number): Cut {
  const sure = new Map<number, { count: number; first: number }>()
  let left = depth
  for (const [at, group] of groups.entries()) {
    const size = sizeOf(group)
    if (size > left) return { sure, cut: group, cutAt: at, cutCount: left }
    for (const [label, count] of group) {
      const entry = sure.get(label)
      if (entry === undefined) sure.set(label, { count, first: at })
      else entry.count += count
    }
    left -= size
  }
  return { sure, cut: new Map(), cutAt: groups.length, cutCount: 0 }
}

function sizeOf(group: EqualRows): number {
  let size = 0
  for (const count of group.values()) size += count
  return size
}

/** How many of the `depth` nearest carry a label. */
export function matchRange(groups: readonly EqualRows[], label: number, depth: number): TieRange {
  const { sure, cut, cutCount } = cutAfter(groups, depth)
  const certain = sure.get(label)?.count ?? 0
  const matches = cut.get(label) ?? 0
  const others = sizeOf(cut) - matches
  return [certain + Math.max(0, cutCount - others), certain + Math.min(cutCount, matches)]
}

/**
 * Whether a label wins the vote of the `depth` nearest, 0 or 1. In its best order as many of its rows
 * vote as can, and come first among equals; the other votes are spread so that no label has more. In its
 * worst order as few do, and one other label takes as many votes as it can and comes first.
 */
export function voteRange(groups: readonly EqualRows[], label: number, depth: number): TieRange {
  const { sure, cut, cutAt, cutCount } = cutAfter(groups, depth)
  const own = sure.get(label)?.count ?? 0
  const ownFirst = sure.get(label)?.first ?? cutAt
  const cutOwn = cut.get(label) ?? 0
  const rivals = [...new Set([...sure.keys(), ...cut.keys()])]
    .filter((rival) => rival !== label)
    .map((rival) => ({
      count: sure.get(rival)?.count ?? 0,
      first: sure.get(rival)?.first ?? cutAt,
      cut: cut.get(rival) ?? 0,
    }))

  const most = own + Math.min(cutCount, cutOwn)
  // What each rival may still get before it wins.
  const rooms = rivals.map(({ count, first }) => most - (first < ownFirst ? 1 : 0) - count)
  const placed = rivals.reduce((sum, { cut }, at) => sum + Math.min(cut, rooms[at]!), 0)
  const canWin =
    most > 0 && rooms.every((room) => room >= 0) && placed >= cutCount - Math.min(cutCount, cutOwn)

  const least = own + Math.max(0, cutCount - (sizeOf(cut) - cutOwn))
  const canLose =
    least === 0 ||
    rivals.some(({ count, first, cut }) => {
      const votes = count + Math.min(cut, cutCount)
      return votes > least || (votes === least && first <= ownFirst)
    })
  return [canLose ? 0 : 1, canWin ? 1 : 0]
}
