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
      'How often a pair of rows of one class is closer than a pair of two classes, over all pairs, counted in 65,536 bins of distance; 0.5 is chance.',
    source: 'Fawcett: An introduction to ROC analysis, 2006',
    compute: (input) => fromPairs(input, areaUnderCurve, 0.5),
  },
  {
    id: 'verification_eer',
    title: 'Verification equal error rate',
    unit: 'share',
    better: 'lower',
    definition:
      '(FAR + FRR) / 2 at the distance threshold where the two are closest: FAR is the share of pairs of two classes that are accepted, FRR the share of pairs of one class that are rejected.',
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
  let accepted = 0
  let falselyAccepted = 0
  let closest = Number.POSITIVE_INFINITY
  let rate = 0.5
  for (const [bin, count] of other.entries()) {
    accepted += same[bin]!
    falselyAccepted += count
    const far = falselyAccepted / others
    const frr = 1 - accepted / sames
    if (Math.abs(far - frr) < closest) {
      closest = Math.abs(far - frr)
      rate = (far + frr) / 2
    }
  }
  return rate
}
