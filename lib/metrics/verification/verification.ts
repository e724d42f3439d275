/** Telling pairs of one class from pairs of two by their distance alone, over all pairs. */

import type { TableDefinition } from '../../core/definition.ts'
import { SIGNIFICANCE } from '../../core/significance.ts'
import type { OperatingPoint, Verification } from '../../core/verification.ts'
import { decimal } from '../../core/words.ts'
import type { Measured, MetricInput, MetricRecord } from '../metric.ts'
import { boundsAt } from './pair-bounds.ts'
import { distanceHistogram } from './pair-histogram.ts'
import { identicalPairs } from './pair-sample.ts'
import { worstClasses, worstSlices } from './parts.ts'
import {
  areaUnderCurve,
  bestRoc,
  equalError,
  pointAtFar,
  type Roc,
  type RocPoint,
  reachedAtFar,
  rocOf,
  rocOfDistances,
  worstRoc,
} from './roc.ts'

const NO_INTERVAL = 'no interval: pairs that share a row are not independent'
/** The same in a few words. */
const SHARED_ROWS = 'pairs share rows'
const ISO = 'ISO/IEC 19795-1: Biometric performance testing and reporting'
/** Doddington's rule of 30: with so many errors their rate is within 30 % of the truth, at 90 %. */
const FEWEST_ERRORS = 30
const RATES = [1e-2, 1e-3, 1e-4]
const CURVE_POINTS = 100
const EXACT_SIZE =
  'Of up to about 2,000 rows every pair is measured in double precision; of more rows pairs are counted in bins, and `bounds` say between which values the true one lies for sure'

export const verification: readonly MetricRecord[] = [
  {
    id: 'verification_auc',
    title: 'Verification ROC AUC',
    unit: 'number',
    better: 'higher',
    noInterval: SHARED_ROWS,
    definition: `How often a pair of rows of one class is closer than a pair of two classes, over all pairs, ties half; 0.5 is chance. ${EXACT_SIZE}.`,
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
    definition: `FAR and FRR where the two meet on the ROC curve, by a straight line between two neighbouring thresholds: FAR is the share of pairs of two classes that are accepted, FRR the share of pairs of one class that are rejected. Its threshold in \`verification.equalError\` is the distance of the pair at which the two are nearest; of more rows than are measured pair by pair it lies in the bin of that pair, and its \`bounds\` say what it accepts for sure. ${EXACT_SIZE}.`,
    source: ISO,
    elsewhere:
      'FAR and FRR are also called FMR and FNMR. Many scripts take the corner of the curve where the two are closest, and tell FAR, FRR or their mean there: with few pairs that is another number.',
    compute: (input) => fromPairs(input, (roc) => equalError(roc).rate, 0.5),
  },
  ...RATES.map(
    (far): MetricRecord => ({
      id: `verification_tar_at_far_${String(far).replace('.', '_')}`,
      title: `TAR at FAR ${far}`,
      unit: 'share',
      better: 'higher',
      noInterval: SHARED_ROWS,
      definition: `Share of the pairs of one class that are accepted at the last distance threshold that accepts no more than ${far} of the pairs of two classes. ${EXACT_SIZE}, and the value is on a straight line within its bin. FRR is 1 − TAR; the threshold is in \`verification.operatingPoints\`. Fewer than ${FEWEST_ERRORS} false accepts leave it to luck, and fewer than one give no value.`,
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
        if (reached === null) return { value: Number.NaN, note: unreachedNote(input, far) }
        const measured = fromPairs(input, (one) => reachedAtFar(one, far)?.tar ?? 0, far)
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

/** Why no threshold accepts so few pairs of two classes. */
function unreachedNote({ neighborhood, dataset }: MetricInput, far: number): string {
  const { pairDistances, pairHistogram } = neighborhood
  const { other, farthest } = pairHistogram
  const total = pairDistances?.other.length ?? other.reduce((sum, count) => sum + count, 0)
  const identical = pairDistances
    ? pairDistances.other.lastIndexOf(0) + 1
    : identicalPairs(dataset, neighborhood.firstEqual)
  if (identical > far * total) {
    return `${identical} pairs of two classes are identical: FAR ${far} can’t be reached`
  }
  return `${other[0]} pairs of two classes are nearer than ${decimal(farthest[0]!)}, where distances of so many rows aren’t told apart: the threshold for FAR ${far} is one of theirs`
}

/** The curve, and between which curves the true one lies. */
interface Curves {
  readonly roc: Roc
  readonly best: Roc
  readonly worst: Roc
}

/** Several figures read the curves of all pairs. */
const curves = new WeakMap<MetricInput, Curves>()

function curvesOf(input: MetricInput): Curves {
  const known = curves.get(input)
  if (known) return known
  const { pairDistances, pairHistogram, metric } = input.neighborhood
  const made = () => {
    if (pairDistances === null) {
      const [best, worst] = [bestRoc(pairHistogram), worstRoc(pairHistogram)]
      return { roc: rocOf(pairHistogram), best, worst }
    }
    const roc = rocOfDistances(pairDistances, metric)
    return { roc, best: roc, worst: roc }
  }
  const found = made()
  curves.set(input, found)
  return found
}

function rocOfAll(input: MetricInput): Roc {
  return curvesOf(input).roc
}

function fromPairs(input: MetricInput, value: (roc: Roc) => number, chance: number): Measured {
  const { roc, best, worst } = curvesOf(input)
  if (roc.samePairs === 0)
    return { value: Number.NaN, note: 'no two rows of one class make a pair' }
  if (roc.otherPairs === 0) return { value: Number.NaN, note: 'it takes two classes' }
  const ends = [value(best), value(worst)]
  const bounds = [Math.min(...ends), Math.max(...ends)] as const
  const within = Math.min(bounds[1], Math.max(bounds[0], value(roc)))
  const count = Math.min(roc.samePairs, roc.otherPairs)
  return { value: within, bounds, chance, count, note: NO_INTERVAL }
}

/** Curve, thresholds and histograms; null where pairs of one class or of two are missing. */
export function verify(input: MetricInput): Verification | null {
  const roc = rocOfAll(input)
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

/** Pairs of two classes that a point's threshold accepts. */
function acceptsAt({ otherPairs }: Roc, { far }: RocPoint): number {
  return Math.round(far * otherPairs)
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
    definition: `Chance of such a rate at that of all pairs, one-sided: a score test with Student’s t for as many independent pairs, after Benjamini-Hochberg over the parts that were looked at; the report names a part under ${SIGNIFICANCE.evidence}.`,
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
    'Errors of the pairs of a class at the threshold that is `verification.worst.threshold` for all (FAR 0.01, or the equal error rate where the pairs can’t resolve it): pairs within the class, and pairs of the class with another. At most 1,000 of each are drawn (seeded), fewer where there are many classes; up to twice as many are all taken. Each pair’s own distance is measured, in double precision; only what the threshold does to all pairs is read from bins where they are many, and `verification.worst.bounds` say how far that may be off. The 20 whose false reject rate is the highest at the lower end of its interval.',
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
