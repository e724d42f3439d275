/** Telling pairs of one class from pairs of two by their distance alone, over all pairs. */

import type { TableDefinition } from '../core/definition.ts'
import type { OperatingPoint, Verification } from '../core/verification.ts'
import type { Measured, MetricInput, MetricRecord } from './metric.ts'
import {
  areaUnderCurve,
  equalError,
  pointAtFar,
  type Roc,
  type RocPoint,
  reachedAtFar,
  rocOf,
} from './roc.ts'
import { worstClasses, worstSlices } from './verification-parts.ts'

const NO_INTERVAL = 'no interval: pairs that share a row are not independent'
/** The same in a few words. */
const SHARED_ROWS = 'pairs share rows'
const ISO = 'ISO/IEC 19795-1: Biometric performance testing and reporting'
/** Doddington's rule of 30: with so many errors their rate is within 30 % of the truth, at 90 %. */
const FEWEST_ERRORS = 30
const RATES = [1e-2, 1e-3, 1e-4]
const CURVE_POINTS = 100
const BINS = 60
/** Share of the pairs that the histogram leaves out at its far end. */
const BEYOND = 0.001

export const verification: readonly MetricRecord[] = [
  {
    id: 'verification_auc',
    title: 'Verification ROC AUC',
    unit: 'number',
    better: 'higher',
    noInterval: SHARED_ROWS,
    definition:
      'How often a pair of rows of one class is closer than a pair of two classes, over all pairs, counted in bins of 0.05 % of a distance, ties half; 0.5 is chance.',
    source: 'Fawcett: An introduction to ROC analysis, 2006',
    elsewhere: 'scikit-learn’s roc_auc_score of the negated distances of all pairs.',
    compute: (input) => fromPairs(input, areaUnderCurve, 0.5),
  },
  {
    id: 'verification_eer',
    title: 'Verification equal error rate',
    unit: 'share',
    better: 'lower',
    noInterval: SHARED_ROWS,
    definition:
      '(FAR + FRR) / 2 at the distance threshold where the two meet, within a bin of distances by a straight line: FAR is the share of pairs of two classes that are accepted, FRR the share of pairs of one class that are rejected.',
    source: ISO,
    elsewhere: 'FAR and FRR are also called FMR and FNMR.',
    compute: (input) => fromPairs(input, (roc) => equalError(roc).far, 0.5),
  },
  ...RATES.map(
    (far): MetricRecord => ({
      id: `verification_tar_at_far_${String(far).replace('.', '_')}`,
      title: `TAR at FAR ${far}`,
      unit: 'share',
      better: 'higher',
      noInterval: SHARED_ROWS,
      definition: `Share of the pairs of one class that are accepted at the distance threshold that accepts ${far} of the pairs of two classes, on a straight line within a bin of distances; where many pairs are at one distance, at the last threshold that accepts no more. FRR is 1 − TAR; the threshold is in \`verification.operatingPoints\`. Fewer than ${FEWEST_ERRORS} false accepts leave it to luck, and fewer than one give no value.`,
      source: `${ISO}; Doddington, Przybocki, Martin, Reynolds: The NIST speaker recognition evaluation, 2000 (rule of 30)`,
      elsewhere: 'Face recognition calls it TAR@FAR or TPR@FPR, and 1 − TAR FNMR@FMR.',
      compute(input) {
        const roc = rocOfAll(input)
        const { samePairs, otherPairs } = roc
        if (samePairs === 0 || otherPairs === 0) return fromPairs(input, () => Number.NaN, far)
        if (far * otherPairs < 1) {
          return {
            value: Number.NaN,
            note: `it takes ${Math.ceil(1 / far)} pairs of two classes, and there are ${otherPairs}`,
          }
        }
        const reached = reachedAtFar(roc, far)
        if (reached === null) {
          const identical = input.neighborhood.pairHistogram.other[0]!
          return {
            value: Number.NaN,
            note: `${identical} pairs of two classes are identical: FAR ${far} can’t be reached`,
          }
        }
        const measured = fromPairs(input, () => reached.tar, far)
        const errors = acceptsAt(roc, reached)
        if (errors >= FEWEST_ERRORS) return measured
        return {
          ...measured,
          note: `${errors} false accepts set the threshold, where ${FEWEST_ERRORS} are needed to trust it; ${NO_INTERVAL}`,
        }
      },
    }),
  ),
]

/** Several figures read the curve of all pairs. */
const curves = new WeakMap<MetricInput, Roc>()

function rocOfAll(input: MetricInput): Roc {
  const roc = curves.get(input) ?? rocOf(input.neighborhood.pairHistogram)
  curves.set(input, roc)
  return roc
}

function fromPairs(input: MetricInput, value: (roc: Roc) => number, chance: number): Measured {
  const roc = rocOfAll(input)
  if (roc.samePairs === 0)
    return { value: Number.NaN, note: 'no two rows of one class make a pair' }
  if (roc.otherPairs === 0) return { value: Number.NaN, note: 'it takes two classes' }
  return { value: value(roc), chance, note: NO_INTERVAL }
}

/** Curve, thresholds and histograms; null where pairs of one class or of two are missing. */
export function verify(input: MetricInput): Verification | null {
  const roc = rocOfAll(input)
  if (roc.samePairs === 0 || roc.otherPairs === 0) return null
  const equal = equalError(roc)
  const operatingPoints = RATES.map((far) => operatingPoint(roc, far))
  const { threshold, far, tar } = commonThreshold(roc)
  const frr = 1 - tar
  return {
    samePairs: roc.samePairs,
    otherPairs: roc.otherPairs,
    roc: curve(roc),
    equalError: { rate: equal.far, threshold: equal.threshold },
    operatingPoints,
    histogram: histogram(input),
    worst: {
      threshold,
      far,
      frr,
      classes: worstClasses(input, { threshold, frr }),
      slices: worstSlices(input, { threshold, frr }),
    },
  }
}

/** Pairs of two classes that a point's threshold accepts. */
function acceptsAt({ otherPairs }: Roc, { far }: RocPoint): number {
  return Math.round(far * otherPairs)
}

/** At the loosest rate, or where the pairs can't resolve it where the two errors are closest. */
function commonThreshold(roc: Roc): RocPoint {
  const point = reachedAtFar(roc, RATES[0]!)
  if (point !== null && acceptsAt(roc, point) >= FEWEST_ERRORS) return point
  // What is at distance 0 is accepted by every threshold.
  return reachedAtFar(roc, equalError(roc).far) ?? roc.points[1]!
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

/** Bins of equal width, which can be drawn, over the distances that all but the farthest pairs have. */
function histogram({ neighborhood }: MetricInput): Verification['histogram'] {
  const { edges, same, other } = neighborhood.pairHistogram
  const all = same.map((count, bin) => count + other[bin]!)
  const total = all.reduce((sum, count) => sum + count, 0)
  const first = all.findIndex((count) => count > 0)
  let last = all.length - 1
  for (let left = 0; left + all[last]! <= BEYOND * total; last--) left += all[last]!
  const [low, high] = [edges[first]!, edges[last + 1]!]
  const width = (high - low) / BINS
  const counts = { same: new Array<number>(BINS).fill(0), other: new Array<number>(BINS).fill(0) }
  const beyond = { same: 0, other: 0 }
  for (let bin = first; bin < all.length; bin++) {
    if (bin > last) {
      beyond.same += same[bin]!
      beyond.other += other[bin]!
      continue
    }
    const middle = (edges[bin]! + edges[bin + 1]!) / 2
    const place = Math.min(BINS - 1, Math.max(0, Math.floor((middle - low) / width)))
    counts.same[place]! += same[bin]!
    counts.other[place]! += other[bin]!
  }
  return {
    edges: Array.from({ length: BINS + 1 }, (_, edge) => low + edge * width),
    ...counts,
    beyond,
  }
}

export const operatingPointTable: TableDefinition = {
  id: 'operating_points',
  title: 'Thresholds at fixed false accept rates',
  path: 'verification.operatingPoints',
  definition:
    'The distance up to which a pair is accepted so that the false accept rate is the one that is asked for, and what that costs. Where many pairs are at one distance it is the last one that accepts no more; null where there are too few pairs, or where more of two classes than that are at distance 0.',
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
  ],
}

export const rocTable: TableDefinition = {
  id: 'roc',
  title: 'ROC curve',
  path: 'verification.roc',
  definition:
    'Even steps of the logarithm of the false accept rate, from one false accept to all pairs; straight lines within bins of distances.',
  source: 'Fawcett: An introduction to ROC analysis, 2006',
  columns: [
    { name: 'far', unit: 'share', definition: 'False accept rate.' },
    { name: 'tar', unit: 'share', definition: 'True accept rate.' },
    { name: 'threshold', unit: 'distance', definition: 'The distance at which they are reached.' },
  ],
}

export const pairHistogramTable: TableDefinition = {
  id: 'pair_histogram',
  title: 'Distances of pairs',
  path: 'verification.histogram',
  definition: `All pairs by their distance in ${BINS} bins of equal width; the farthest 0.1 % are counted beside them.`,
  source: 'nearmiss definitions',
  columns: [
    { name: 'edges', unit: 'list', definition: 'Where the bins begin, and the last one ends.' },
    { name: 'same', unit: 'list', definition: 'Pairs of one class in each bin.' },
    { name: 'other', unit: 'list', definition: 'Pairs of two classes in each bin.' },
    { name: 'beyond', unit: 'list', definition: 'Pairs of either kind beyond the last edge.' },
  ],
}

const PART_COLUMNS: TableDefinition['columns'] = [
  { name: 'value', unit: 'text', definition: 'The class, or the value of the slice’s column.' },
  { name: 'samePairs', unit: 'count', definition: 'Pairs of one class that were looked at.' },
  { name: 'otherPairs', unit: 'count', definition: 'Pairs of two classes that were looked at.' },
  { name: 'sampled', unit: 'yes or no', definition: 'Whether there are more than those.' },
  { name: 'frr', unit: 'share', definition: 'Share of the pairs of one class that are rejected.' },
  {
    name: 'frrInterval',
    unit: 'list',
    definition:
      'Its 95 % interval: Wilson’s, for as many independent pairs as would be as sure. The rows are what was drawn: over all pairs of n rows the rate’s standard error is 2 × the standard deviation of the rows’ own rates / √n. Where all pairs are alike, half of the rows count.',
  },
  {
    name: 'adjustedP',
    unit: 'number',
    definition:
      'Chance of such a rate at that of all pairs, one-sided: a score test with Student’s t for as many independent pairs, after Benjamini-Hochberg over the parts that were looked at; the report names a part under 0.05.',
  },
  {
    name: 'far',
    unit: 'share',
    definition: 'Share of the pairs of two classes that are accepted.',
  },
  { name: 'farInterval', unit: 'list', definition: 'Its interval, made in the same way.' },
]

export const worstClassTable: TableDefinition = {
  id: 'verification_classes',
  title: 'Classes that verify worst',
  path: 'verification.worst.classes',
  definition:
    'Errors of the pairs of a class at the threshold that is `verification.worst.threshold` for all (FAR 0.01, or the equal error rate where the pairs can’t resolve it): pairs within the class, and pairs of the class with another. At most 1,000 of each are drawn (seeded), fewer where there are many classes; up to twice as many are all taken. The 20 whose false reject rate is the highest at the lower end of its interval.',
  source:
    'Hoeffding: A class of statistics with asymptotically normal distribution, 1948; Fafchamps, Gubert: The formation of risk sharing networks, 2007 (pairs that share rows); Korn, Graubard: Confidence intervals for proportions with small expected number of positive counts estimated from survey data, 1998',
  columns: PART_COLUMNS,
}

export const worstSliceTable: TableDefinition = {
  id: 'verification_slices',
  title: 'Slices that verify worst',
  path: 'verification.worst.slices',
  definition:
    'The same for each value of a metadata column with 2 to 50 values, over the pairs of which both rows have the value. Rows without an entry make no slice here, as they do in `slices`.',
  source: 'nearmiss definitions',
  columns: [{ name: 'column', unit: 'text', definition: 'The metadata column.' }, ...PART_COLUMNS],
}
