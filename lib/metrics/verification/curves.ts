/** The ROC curve over all pairs of rows, and what reads it: figures, thresholds and tables. */

import { once } from '../metric.ts'
import { bestRoc, type Roc, type RocPoint, rocOf, rocOfDistances, worstRoc } from './roc.ts'

export const ISO = 'ISO/IEC 19795-1: Biometric performance testing and reporting'
/** Doddington's rule of 30: with so many errors their rate is within 30 % of the truth, at 90 %. */
export const FEWEST_ERRORS = 30
/** False accept rates at which thresholds are told. */
export const RATES = [1e-2, 1e-3, 1e-4]

/** The curve, and between which curves the true one lies. */
export interface Curves {
  readonly roc: Roc
  readonly best: Roc
  readonly worst: Roc
}

/** Several figures read the curves of all pairs. */
export const curvesOf = once(({ neighborhood }): Curves => {
  const { pairDistances, pairHistogram, metric } = neighborhood
  if (pairDistances === null) {
    const [best, worst] = [bestRoc(pairHistogram), worstRoc(pairHistogram)]
    return { roc: rocOf(pairHistogram), best, worst }
  }
  const roc = rocOfDistances(pairDistances, metric)
  return { roc, best: roc, worst: roc }
})

/** Pairs of two classes that a point's threshold accepts. */
export function acceptsAt({ otherPairs }: Roc, { far }: RocPoint): number {
  return Math.round(far * otherPairs)
}
