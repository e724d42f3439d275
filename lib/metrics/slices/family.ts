/** The family of slices. */

import type { MetricFamily } from '../metric.ts'
import { slices } from './slices.ts'
import { sliceTable } from './tables.ts'

export const sliceFamily: MetricFamily = {
  title: 'Slices',
  about:
    'Whether rows of one camera, site or season do worse than the rest, beyond what their number and the number of slices that are looked at make likely.',
  metrics: [],
  tables: [sliceTable],
  sections: [{ id: 'slices', compute: (input) => slices(input).report }],
}
