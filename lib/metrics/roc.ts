/** The ROC curve of distances that are counted in bins; within a bin both counts grow along a line. */

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

export interface Roc {
  readonly samePairs: number
  readonly otherPairs: number
  /** Corners of the curve, from (0, 0) to (1, 1): the bins that hold pairs. */
  readonly points: readonly RocPoint[]
}

export function rocOf({ edges, same, other }: PairCounts): Roc {
  const samePairs = same.reduce((sum, count) => sum + count, 0)
  const otherPairs = other.reduce((sum, count) => sum + count, 0)
  const points: RocPoint[] = []
  let sames = 0
  let others = 0
  for (const [bin, count] of other.entries()) {
    if (count === 0 && same[bin] === 0) continue
    // Pairs of an earlier bin are all accepted where this one begins.
    const start = { threshold: edges[bin]!, far: others / otherPairs, tar: sames / samePairs }
    if (points.at(-1)?.threshold !== start.threshold) points.push(start)
    sames += same[bin]!
    others += count
    const end = { threshold: edges[bin + 1]!, far: others / otherPairs, tar: sames / samePairs }
    points.push(end)
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

/** The farthest threshold at which no larger share of the pairs of two classes is accepted. */
export function pointAtFar(roc: Roc, share: number): RocPoint {
  return pointWhere(roc, ({ far }) => far - share)
}

/** The last point at which a value that grows along the curve is 0, on the line between corners. */
function pointWhere({ points }: Roc, value: (point: RocPoint) => number): RocPoint {
  // A binary search for the first corner beyond it: a curve is asked for a hundred points.
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value(points[middle]!) > 0) high = middle
    else low = middle + 1
  }
  const before = points[low - 1]!
  const after = points[low] ?? before
  const gap = value(after) - value(before)
  const part = gap === 0 ? 0 : -value(before) / gap
  const between = (from: number, to: number) => from + (to - from) * part
  return {
    threshold: between(before.threshold, after.threshold),
    far: between(before.far, after.far),
    tar: between(before.tar, after.tar),
  }
}
