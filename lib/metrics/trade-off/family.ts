/** The family of smaller forms of the vectors, which are searched before other figures are made. */

import type { MetricFamily } from '../metric.ts'
import { tradeOffTable } from './table.ts'

export const tradeOffFamily: MetricFamily = {
  title: 'Trade-off',
  about:
    'What fewer dimensions or fewer bits a value would cost in accuracy, and save in storage and search: each form is searched with the same queries.',
  metrics: [],
  tables: [tradeOffTable],
  sections: [{ id: 'tradeOff', compute: ({ tradeOff }) => tradeOff }],
}
