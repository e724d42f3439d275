/** The family of the data's quality. */

import type { MetricFamily } from '../metric.ts'
import { duplicates, duplicateTable, nearDuplicateTable } from './duplicates.ts'
import { duplicateFigures, imbalanceFigures, labelIssueFigures } from './figures.ts'
import { imbalanceTable } from './imbalance.ts'
import { LABEL_ISSUE_EVIDENCE, labelIssueTable } from './label-issues.ts'
import { leakageTable } from './leakage.ts'
import { outliers, outlierTable } from './outliers.ts'
import { qualityOf } from './quality.ts'

export const qualityFamily: MetricFamily = {
  title: 'Data quality',
  about: `Rows that don’t fit their class, labels that the neighbours contradict, rows that are there more than once, and classes with too few. ${LABEL_ISSUE_EVIDENCE}`,
  metrics: [...labelIssueFigures, ...duplicateFigures, ...imbalanceFigures],
  tables: [
    labelIssueTable,
    outlierTable,
    duplicateTable,
    nearDuplicateTable,
    leakageTable,
    imbalanceTable,
  ],
  sections: [
    { id: 'outliers', compute: (input) => outliers(input).list },
    { id: 'duplicates', compute: duplicates },
    { id: 'quality', compute: qualityOf },
  ],
}
