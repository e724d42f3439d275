/** What is common to the move of all points from one configuration to another: a scale, a shift, a turn. */

import { dot } from '../core/vectors.ts'
import type { Configuration } from './procrustes.ts'
import { median } from './summary.ts'

export interface CommonMove {
  /** Distances now over distances before. */
  readonly scale: number
  /** Where the origin went, in coordinates of the second configuration; one entry a dimension. */
  readonly shift: Float64Array
  /** Median squared way of a point, as they are and once scale and shift are taken out. */
  readonly way: number
  readonly wayLeft: number
  /** Length of the shift as points see it: of their middle, in units of their spread. */
  readonly shiftInSpreads: number
  /** Usual angle between a point's directions from the middle, in degrees: 0 where nothing turned. */
  readonly turnDegrees: number
}

/**
 * Medians rather than means: points that move by themselves, up to about a third, change nothing. The
 * scale is the median ratio of the distances between two points, which no turn or shift changes; the
 * shift is the median, in each dimension, of what the scale leaves.
 */
export function commonMove(before: Configuration, now: Configuration, points: number): CommonMove {
  const [from, to] = [rowsOf(before, points), rowsOf(now, points)]
  const ratios: number[] = []
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < i; j++) {
      const apart = Math.sqrt(squared(from[i]!, from[j]!))
      if (apart > 0) ratios.push(Math.sqrt(squared(to[i]!, to[j]!)) / apart)
    }
  }
  const scale = ratios.length === 0 ? 1 : median(Float64Array.from(ratios))
  const shiftBy = (factor: number) =>
    Float64Array.from({ length: now.dimensions }, (_, d) =>
      median(Float64Array.from(from, (point, at) => to[at]![d]! - factor * point[d]!)),
    )
  const shift = shiftBy(scale)
  const left = from.map((point) => point.map((value, d) => scale * value + shift[d]!))
  const ways = (points: readonly Float64Array[]) =>
    median(Float64Array.from(points, (point, at) => squared(point, to[at]!)))
  const [middleBefore, middle] = [middleOf(from), middleOf(to)]
  const spread = Math.sqrt(to.reduce((sum, point) => sum + squared(point, middle), 0) / points)
  const angles = Float64Array.from(from, (point, at) =>
    angle(
      point.map((value, d) => value - middleBefore[d]!),
      to[at]!.map((value, d) => value - middle[d]!),
    ),
  )
  return {
    scale,
    shift,
    way: ways(from),
    wayLeft: ways(left),
    shiftInSpreads: spread === 0 ? 0 : Math.hypot(...shift) / spread,
    turnDegrees: (median(angles) * 180) / Math.PI,
  }
}

/** Points of the first configuration as they would lie in the second, had they not moved themselves. */
export function moved(
  { values, dimensions }: Configuration,
  { scale, shift }: Pick<CommonMove, 'scale' | 'shift'>,
): Configuration {
  return {
    values: Float64Array.from(values, (value, at) => scale * value + shift[at % dimensions]!),
    dimensions,
  }
}

function rowsOf({ values, dimensions }: Configuration, points: number): Float64Array[] {
  return Array.from({ length: points }, (_, point) =>
    Float64Array.from({ length: dimensions }, (__, d) => values[point * dimensions + d]!),
  )
}

function middleOf(points: readonly Float64Array[]): Float64Array {
  return points[0]!.map((_, d) => points.reduce((sum, point) => sum + point[d]!, 0) / points.length)
}

function squared(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) ** 2
  return sum
}

/** In radians; 0 where either has no direction. */
function angle(a: Float64Array, b: Float64Array): number {
  const size = Math.sqrt(dot(a, a) * dot(b, b))
  return size === 0 ? 0 : Math.acos(Math.max(-1, Math.min(1, dot(a, b) / size)))
}
