/** The curve over all pairs, thresholds and what they cost: the section of verification. */

import type { TableDefinition } from '../../core/definition.ts'
import type { OperatingPoint, Verification } from '../../core/verification.ts'
import type { MetricInput } from '../metric.ts'
import { acceptsAt, curvesOf, FEWEST_ERRORS, ISO, RATES } from './curves.ts'
import { boundsAt } from './pair-bounds.ts'
import { distanceHistogram } from './pair-histogram.ts'
import { worstClasses, worstSlices } from './parts.ts'
import { equalError, pointAtFar, type Roc, type RocPoint, reachedAtFar } from './roc.ts'

const CURVE_POINTS = 100

/** Curve, thresholds and histograms; null where pairs of one class or of two are missing. */
export function verify(input: MetricInput): Verification | null {
  const roc = curvesOf(input).roc
  if (roc.samePairs === 0 || roc.otherPairs === 0) return null
  const equal = equalError(roc)
  const { pairDistances, pairHistogram } = input.neighborhood
  const bounded = (threshold: number | null) =>
    pairDistances !== null || threshold === null
      ? {}
      : { bounds: boundsAt(pairHistogram, threshold) }
  const operatingPoints = RATES.map((far) => operatingPoint(roc, far)).map((point) => ({
    ...point,
    ...bounded(point.threshold),
  }))
  const points = curve(roc)
  const { threshold, far, tar } = commonThreshold(roc)
  const frr = 1 - tar
  return {
    samePairs: roc.samePairs,
    otherPairs: roc.otherPairs,
    roc: points,
    ...(pairDistances === null && {
      rocBounds: points.map(([, , threshold]) => boundsAt(pairHistogram, threshold)),
    }),
    equalError: {
      rate: equal.rate,
      threshold: equal.threshold,
      far: equal.far,
      frr: 1 - equal.tar,
      ...bounded(equal.threshold),
    },
    operatingPoints,
    histogram: distanceHistogram(input.neighborhood),
    worst: {
      threshold,
      far,
      frr,
      ...bounded(threshold),
      classes: worstClasses(input, { threshold, frr }),
      slices: worstSlices(input, { threshold, frr }),
    },
  }
}

/** At the loosest rate, or where the pairs can't resolve it where the two errors are closest. */
function commonThreshold(roc: Roc): RocPoint {
  const point = reachedAtFar(roc, RATES[0]!)
  if (point !== null && acceptsAt(roc, point) >= FEWEST_ERRORS) return point
  return equalError(roc)
}

function operatingPoint(roc: Roc, far: number): OperatingPoint {
  const reached = far * roc.otherPairs < 1 ? null : reachedAtFar(roc, far)
  if (reached === null) {
    return { far, threshold: null, tar: null, frr: null, falseAccepts: 0, resolved: false }
  }
  const { threshold, tar } = reached
  const falseAccepts = acceptsAt(roc, reached)
  return {
    far,
    threshold,
    tar,
    frr: 1 - tar,
    falseAccepts,
    resolved: falseAccepts >= FEWEST_ERRORS,
  }
}

/** Even steps of the FAR's logarithm, from one false accept to all. */
function curve(roc: Roc): [number, number, number][] {
  const lowest = Math.log10(1 / roc.otherPairs)
  return Array.from({ length: CURVE_POINTS + 1 }, (_, step) => {
    const far = step === CURVE_POINTS ? 1 : 10 ** (lowest * (1 - step / CURVE_POINTS))
    const point = pointAtFar(roc, far)
    return [far, point.tar, point.threshold]
  })
}

export const operatingPointTable: TableDefinition = {
  id: 'operating_points',
  title: 'Thresholds at fixed false accept rates',
  path: 'verification.operatingPoints',
  definition:
    'The distance up to which a pair is accepted so that the false accept rate is the one that is asked for, and what that costs. It is the distance of the last pair that is accepted, and accepts no more than that rate; of more than about 2,000 rows, whose pairs are counted in bins, it lies on a straight line within the bin of that pair, and `bounds` say what it accepts for sure and at most. Null where there are too few pairs, or where more of two classes than that are at distance 0.',
  source: ISO,
  columns: [
    { name: 'far', unit: 'share', definition: 'False accept rate that is asked for.' },
    { name: 'threshold', unit: 'distance', definition: 'Pairs up to this distance are accepted.' },
    {
      name: 'tar',
      unit: 'share',
      definition: 'Share of the pairs of one class that are accepted.',
    },
    {
      name: 'frr',
      unit: 'share',
      definition: 'Share of the pairs of one class that are rejected.',
    },
    { name: 'falseAccepts', unit: 'count', definition: 'Pairs of two classes that are accepted.' },
    {
      name: 'resolved',
      unit: 'yes or no',
      definition: `Whether those are ${FEWEST_ERRORS} or more; with fewer the threshold is a matter of luck.`,
    },
    {
      name: 'bounds',
      unit: 'list',
      optional: true,
      definition:
        'Between which shares what the threshold accepts lies for sure, of two classes (`far`) and of one (`tar`); absent where every pair is measured.',
    },
  ],
}

export const rocTable: TableDefinition = {
  id: 'roc',
  title: 'ROC curve',
  path: 'verification.roc',
  definition:
    'Even steps of the logarithm of the false accept rate, from one false accept to all pairs; straight lines within bins where pairs are counted in them, of more than about 2,000 rows; `verification.rocBounds` then say for each point what its threshold accepts for sure and at most.',
  source: 'Fawcett: An introduction to ROC analysis, 2006',
  columns: [
    { name: 'far', unit: 'share', definition: 'False accept rate.' },
    { name: 'tar', unit: 'share', definition: 'True accept rate.' },
    { name: 'threshold', unit: 'distance', definition: 'The distance at which they are reached.' },
  ],
}
