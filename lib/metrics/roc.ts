/**
 * The ROC curve of distances that are counted in bins; within a bin both counts grow along a line, though
 * no threshold reaches it where all pairs are at one distance.
 */

export interface PairCounts {
  readonly edges: Float64Array
  readonly same: Float64Array
  readonly other: Float64Array
}

/** A threshold: pairs up to it are accepted. */
export interface RocPoint {
  readonly threshold: number
  /** Share of the pairs of two classes that are accepted. */
  readonly far: number
  /** Share of the pairs of one class that are accepted. */
  readonly tar: number
}

/** A corner of the curve. */
interface Corner extends RocPoint {
  /** Whether no threshold reaches the line from the corner before it, but for its ends. */
  readonly jump: boolean
}

export interface Roc {
  readonly samePairs: number
  readonly otherPairs: number
  /** Corners of the curve, from (0, 0) to (1, 1): the bins that hold pairs. */
  readonly points: readonly Corner[]
}

/**
 * Bins between empty ones hold one distance that all of their pairs have, as those of whole numbers do:
 * up to two bins, since rounding may put pairs on either side of an edge.
 */
const ONE_DISTANCE = 2

export function rocOf({ edges, same, other }: PairCounts): Roc {
  const samePairs = same.reduce((sum, count) => sum + count, 0)
  const otherPairs = other.reduce((sum, count) => sum + count, 0)
  const points: Corner[] = []
  let sames = 0
  let others = 0
  let [jump, until] = [false, 0]
  const isEmpty = (bin: number) => !other[bin] && !same[bin]
  for (const [bin, count] of other.entries()) {
    if (isEmpty(bin)) continue
    if (bin >= until) {
      until = bin + 1
      // The first bin holds pairs at distance 0, whatever the next one holds.
      while (bin > 0 && !isEmpty(until)) until++
      jump = until - bin <= ONE_DISTANCE
    }
    // Pairs of an earlier bin are all accepted where this one begins.
    const start = { threshold: edges[bin]!, far: others / otherPairs, tar: sames / samePairs }
    if (points.at(-1)?.threshold !== start.threshold) points.push({ ...start, jump: false })
    sames += same[bin]!
    others += count
    const threshold = bin === 0 ? 0 : edges[bin + 1]!
    points.push({ threshold, far: others / otherPairs, tar: sames / samePairs, jump })
  }
  return { samePairs, otherPairs, points }
}

/** How often a pair of one class is closer than a pair of two, ties counted half. */
export function areaUnderCurve({ points }: Roc): number {
  let area = 0
  for (const [at, { far, tar }] of points.entries()) {
    const before = points[at - 1]
    if (before) area += ((far - before.far) * (tar + before.tar)) / 2
  }
  return area
}

/** Where FAR and FRR meet. */
export function equalError(roc: Roc): RocPoint {
  return pointWhere(roc, ({ far, tar }) => far - (1 - tar))
}

/** The farthest point of the curve at which no larger share of the pairs of two classes is accepted. */
export function pointAtFar(roc: Roc, share: number): RocPoint {
  return pointWhere(roc, ({ far }) => far - share)
}

/**
 * The same of the points that a threshold reaches: among pairs at one distance it accepts all or none.
 * Null where more pairs of two classes than that are at distance 0.
 */
export function reachedAtFar({ points }: Roc, share: number): RocPoint | null {
  const at = lastBefore(points, ({ far }) => far - share)
  if (!points[at + 1]?.jump) return pointWhere({ points }, ({ far }) => far - share)
  let start = at
  while (points[start]!.jump) start--
  const { threshold, far, tar } = points[start]!
  if (threshold === 0) return null
  // In the middle of the gap, where rounding moves no pair across it.
  return { threshold: ((points[start - 1]?.threshold ?? 0) + threshold) / 2, far, tar }
}

/** The last corner at which a value that grows along the curve isn't above 0. */
function lastBefore(points: readonly Corner[], value: (point: RocPoint) => number): number {
  // A binary search: a curve is asked for a hundred points.
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value(points[middle]!) > 0) high = middle
    else low = middle + 1
  }
  return low - 1
}

/** The last point at which such a value is 0, on the line between corners. */
function pointWhere({ points }: Pick<Roc, 'points'>, value: (point: RocPoint) => number): RocPoint {
  const at = lastBefore(points, value)
  const before = points[at]!
  const after = points[at + 1] ?? before
  const gap = value(after) - value(before)
  const part = gap === 0 ? 0 : -value(before) / gap
  const between = (from: number, to: number) => from + (to - from) * part
  return {
    threshold: between(before.threshold, after.threshold),
    far: between(before.far, after.far),
    tar: between(before.tar, after.tar),
  }
}
