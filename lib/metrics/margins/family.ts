/** The family of margins. */

import type { MetricFamily } from '../metric.ts'
import { marginsOf, marginTable } from './distributions.ts'
import { margins } from './figures.ts'

export const marginFamily: MetricFamily = {
  title: 'Margins',
  about:
    'How clear a decision was. A margin is worth acting on only where a small one really goes with errors, which is measured.',
  metrics: margins,
  tables: [marginTable],
  sections: [{ id: 'margins', compute: marginsOf }],
}
