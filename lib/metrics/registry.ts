/** Everything that the figures' stage measures, by family: one line adds one. */

import { classFamily } from './classes/family.ts'
import { confusionFamily } from './confusion/family.ts'
import { marginFamily } from './margins/family.ts'
import type { MetricFamily, MetricRecord, Section } from './metric.ts'
import { qualityFamily } from './quality/family.ts'
import { retrievalFamily } from './retrieval/family.ts'
import { sliceFamily } from './slices/family.ts'
import { structureFamily } from './structure/family.ts'
import { tradeOffFamily } from './trade-off/family.ts'
import { verificationFamily } from './verification/family.ts'

/** In the order in which the report and `docs/metrics.md` list them. */
export const FAMILIES: readonly MetricFamily[] = [
  retrievalFamily,
  confusionFamily,
  classFamily,
  marginFamily,
  verificationFamily,
  structureFamily,
  tradeOffFamily,
  sliceFamily,
  qualityFamily,
]

/** Every figure with one value, in that order. */
export const METRICS: readonly MetricRecord[] = FAMILIES.flatMap(({ metrics }) => metrics)

/** Every section that is measured, in that order. */
export const SECTIONS: readonly Section[] = FAMILIES.flatMap(({ sections }) => sections)
