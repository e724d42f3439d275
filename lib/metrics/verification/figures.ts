/** Figures of telling pairs of one class from pairs of two by their distance alone, over all pairs. */

import { decimal } from '../../core/words.ts'
import type { Measured, MetricInput, MetricRecord } from '../metric.ts'
import { acceptsAt, curvesOf, FEWEST_ERRORS, ISO, RATES } from './curves.ts'
import { identicalPairs } from './pair-sample.ts'
import { areaUnderCurve, equalError, type Roc, reachedAtFar } from './roc.ts'

const NO_INTERVAL = 'no interval: pairs that share a row are not independent'
/** The same in a few words. */
const SHARED_ROWS = 'pairs share rows'
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
        const roc = curvesOf(input).roc
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
