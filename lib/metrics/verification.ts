/** Telling pairs of one class from pairs of two by their distance alone, over all pairs. */

import type { Measured, MetricInput, MetricRecord } from './metric.ts'

const NO_INTERVAL = 'no interval: pairs that share a row are not independent'

export const verification: readonly MetricRecord[] = [
  {
    id: 'verification_auc',
    title: 'Verification ROC AUC',
    unit: 'number',
    better: 'higher',
    definition:
      'How often a pair of rows of one class is closer than a pair of two classes, over all pairs, counted in bins of 0.05 % of a distance, ties half; 0.5 is chance.',
    source: 'Fawcett: An introduction to ROC analysis, 2006',
    compute: (input) => fromPairs(input, areaUnderCurve, 0.5),
  },
  {
    id: 'verification_eer',
    title: 'Verification equal error rate',
    unit: 'share',
    better: 'lower',
    definition:
      '(FAR + FRR) / 2 at the distance threshold where the two meet, within a bin of distances by a straight line: FAR is the share of pairs of two classes that are accepted, FRR the share of pairs of one class that are rejected.',
    source: 'ISO/IEC 19795-1: Biometric performance testing and reporting',
    compute: (input) => fromPairs(input, equalErrorRate, 0.5),
  },
]

function fromPairs(
  { neighborhood: { pairHistogram } }: MetricInput,
  value: (same: Float64Array, other: Float64Array, sames: number, others: number) => number,
  chance: number,
): Measured {
  const { same, other } = pairHistogram
  const sames = same.reduce((sum, count) => sum + count, 0)
  const others = other.reduce((sum, count) => sum + count, 0)
  if (sames === 0) return { value: Number.NaN, note: 'no class has two rows' }
  if (others === 0) return { value: Number.NaN, note: 'it takes two classes' }
  return { value: value(same, other, sames, others), chance, note: NO_INTERVAL }
}

function areaUnderCurve(same: Float64Array, other: Float64Array, sames: number, others: number) {
  let samesSoFar = 0
  let wins = 0
  for (const [bin, count] of other.entries()) {
    wins += count * (samesSoFar + same[bin]! / 2)
    samesSoFar += same[bin]!
  }
  return wins / (sames * others)
}

function equalErrorRate(same: Float64Array, other: Float64Array, sames: number, others: number) {
  let far = 0
  let frr = 1
  for (const [bin, count] of other.entries()) {
    const nextFar = far + count / others
    const nextFrr = frr - same[bin]! / sames
    if (nextFar >= nextFrr) {
      // Where the line from one end of the bin to the other crosses FAR = FRR.
      const gap = frr - far
      const closed = gap - (nextFrr - nextFar)
      const part = closed === 0 ? 0 : gap / closed
      return (far + (nextFar - far) * part + frr + (nextFrr - frr) * part) / 2
    }
    far = nextFar
    frr = nextFrr
  }
  return (far + frr) / 2
}
