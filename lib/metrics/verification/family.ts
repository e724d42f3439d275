/** The family of verification. */

import type { MetricFamily } from '../metric.ts'
import { verification } from './figures.ts'
import { pairHistogramTable } from './pair-histogram.ts'
import { worstClassTable, worstSliceTable } from './parts.ts'
import { operatingPointTable, rocTable, verify } from './verification.ts'

export const verificationFamily: MetricFamily = {
  title: 'Verification',
  about: 'Telling pairs of one class from pairs of two by their distance alone.',
  metrics: verification,
  tables: [operatingPointTable, rocTable, pairHistogramTable, worstClassTable, worstSliceTable],
  sections: [{ id: 'verification', compute: verify }],
}
