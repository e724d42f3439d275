/** The family of the shape of the space. */

import type { MetricFamily } from '../metric.ts'
import { structure, structureOf } from './structure.ts'
import { structureTables } from './tables.ts'

export const structureFamily: MetricFamily = {
  title: 'Structure',
  about:
    'The shape of the space. Each figure comes with a sentence (`reading`) that says whether its value is a problem: for hubs the limits are what data without any structure reaches at about 10 and 20 dimensions.',
  metrics: structure,
  tables: structureTables,
  sections: [{ id: 'structure', compute: structureOf }],
}
