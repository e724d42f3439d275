/** What the scan needs where classes matter: room for candidates, lists and sums, and who looks for whom. */

import { sharedInt32 } from '../../core/shared-memory.ts'
import { copiesOf } from '../plan/copies.ts'
import { largestOf } from '../plan/join-plan.ts'
import type { JoinSize } from '../plan/time-shares.ts'
import { leaveOut } from '../prepare/prepare.ts'
import type { ClassSums, JoinPlan, PreparedRows, Range, ScanSetup, Tiling } from '../types.ts'
import { candidateArrays } from './candidates.ts'
import { emptyClassSums } from './class-sums.ts'
import { MOSTLY_ENOUGH, roomFor, sampleSize } from './guess.ts'
import { LIST_ENTRY_BYTES, listArrays } from './lists.ts'
import { locksOf } from './locks.ts'

/**
 * How deep the ranks of each position of a range go: as far as it has mates. 0 for the gallery's rows,
 * which look for nothing, and for zero vectors, which are ranked without a comparison.
 */
export function rankDepths(
  { rowAt, eligibleMates, queries }: JoinPlan,
  { isZero }: PreparedRows,
  { start, end }: Range,
): Int32Array {
  const depths = sharedInt32(end - start)
  for (let position = start; position < end; position++) {
    if (queries?.[position] === 0 || isZero[position] === 1) continue
    depths[position - start] = eligibleMates[rowAt[position]!]!
  }
  return depths
}

/**
 * The setup of a join by class; positions that look for nothing are left out of the scan.
 * @param depths of the range's positions
 * @param listBytes memory of the lists at most
 * @param sums room for those of the range; see `sumsOf`
 */
export function classScanSetup(
  plan: JoinPlan,
  preparedRows: PreparedRows,
  tiling: Tiling,
  depths: Int32Array,
  listBytes: number,
  sums: Float64Array,
): ScanSetup {
  const { rows, k, mates, eligibleMates, bins, groups, queries, metric } = plan
  const { start, end } = tiling.range
  for (let position = 0; position < rows; position++) {
    const looks = queries?.[position] !== 0 && preparedRows.isZero[position] === 0
    if (!looks) leaveOut(preparedRows, position)
  }
  const copies = copiesOf(plan.firstEqual, plan, plan)
  const caps = copies && depths.map((depth, at) => depth + copies.hidden[start + at]!)
  const lists = listArrays(start, affordableRooms(rows, depths, listBytes), caps)
  const mateDepth = Math.min(Math.max(k, mates), largestOf(eligibleMates))
  return {
    preparedRows,
    tiling,
    relations: { groups, queries },
    isCosine: metric === 'cosine',
    candidates: [
      candidateArrays(start, end, mateDepth, copies !== null),
      candidateArrays(start, end, k, copies !== null),
    ],
    copies,
    byClass: { lists, bins, sums: sumsOf(plan, tiling, sums) },
    locks: locksOf(tiling),
  }
}

/** How large a join is: says how long each of its steps takes. */
export function joinSize(
  { preparedRows, tiling, byClass }: ScanSetup,
  depths: Int32Array,
): JoinSize {
  const { rows, dimensions } = preparedRows
  const { range, symmetric } = tiling
  const { starts } = byClass!.lists
  const positions = range.end - range.start
  const hasRoom = (at: number) => starts[at + 1]! > starts[at]!
  return {
    rows,
    dimensions,
    positions,
    pairs: positions * (symmetric ? rows / 2 : rows),
    depth: depths.reduce((sum, depth) => sum + depth, 0),
    sampled: depths.filter((_, at) => hasRoom(at)).length * sampleSize(rows),
    looks: depths.filter((depth, at) => depth > 0 && !hasRoom(at)).length,
  }
}

/**
 * Room for all others as far as each position's ranks go. The positions that need least get theirs first,
 * until the memory is used up; the others have no list, and take a look when they are ranked.
 */
function affordableRooms(rows: number, depths: Int32Array, bytes: number): Int32Array {
  const rooms = depths.map((depth) => roomFor(rows, depth, MOSTLY_ENOUGH))
  const sorted = rooms.slice().sort()
  let entries = bytes / LIST_ENTRY_BYTES
  let most = 0
  for (let from = 0; from < sorted.length; ) {
    let to = from
    while (to < sorted.length && sorted[to] === sorted[from]) to++
    entries -= (to - from) * sorted[from]!
    if (entries < 0) break
    most = sorted[from]!
    from = to
  }
  return rooms.map((room) => (room <= most ? room : 0))
}

/**
 * Room for the sums of a range. Those of all rows lie in the order of the data set, those of a range in the
 * order of its positions.
 * @param values as many as the range's rows × classes, which may hold anything
 */
function sumsOf(
  { rows, rowAt, classStarts }: JoinPlan,
  { range, symmetric }: Tiling,
  values: Float64Array,
): ClassSums {
  const { start, end } = range
  const classes = classStarts.length - 1
  let largestClass = 0
  for (let c = 0; c < classes; c++) {
    largestClass = Math.max(largestClass, classStarts[c + 1]! - classStarts[c]!)
  }
  const own = values.subarray(0, (end - start) * classes)
  if (symmetric) return emptyClassSums(rowAt, classes, own, largestClass)
  const placeAt = sharedInt32(rows).fill(-1)
  for (let position = start; position < end; position++) placeAt[position] = position - start
  return emptyClassSums(placeAt, classes, own, largestClass)
}
