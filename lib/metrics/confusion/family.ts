/** The family of confusion. */

import type { MetricFamily } from '../metric.ts'
import { concentrationTable, confusion, confusionTable, pairTable } from './confusion.ts'

export const confusionFamily: MetricFamily = {
  title: 'Confusion',
  about: 'Which classes are taken for which, and whether a few pairs hold most of the errors.',
  metrics: [],
  tables: [pairTable, concentrationTable, confusionTable],
  sections: [{ id: 'confusion', compute: confusion }],
}
