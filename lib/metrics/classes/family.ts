/** The family of figures a class. */

import type { MetricFamily } from '../metric.ts'
import { classes, classTable } from './class-figures.ts'

export const classFamily: MetricFamily = {
  title: 'Classes',
  about: 'Every figure that can be told of a single class.',
  metrics: [],
  tables: [classTable],
  sections: [{ id: 'classes', compute: classes }],
}
