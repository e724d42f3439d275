/** The family of retrieval. */

import type { MetricFamily } from '../metric.ts'
import { retrieval } from './retrieval.ts'

export const retrievalFamily: MetricFamily = {
  title: 'Retrieval',
  about:
    'How often, and how early, a row finds others of its class. Each figure is a mean over the rows (micro); beside it stands the mean of the classes’ means (macro), which a large class can’t carry, and what random neighbours would reach with these class sizes (chance).',
  metrics: retrieval,
  tables: [],
  sections: [],
}
