/** What the neighbours say of the data itself, put together. */

import type { Dataset } from '../../core/dataset.ts'
import type { Family } from '../../core/definition.ts'
import type { Neighborhood } from '../../core/evaluation.ts'
import type { Manifest } from '../../core/manifest.ts'
import type { Quality } from '../../core/quality.ts'
import type { MetricRecord } from '../metric.ts'
import type { RowFigures } from '../row-figures.ts'
import {
  duplicateFigures,
  duplicateTable,
  nearDuplicates,
  nearDuplicateTable,
} from './duplicates.ts'
import { imbalance, imbalanceFigures, imbalanceTable } from './imbalance.ts'
import {
  LABEL_ISSUE_EVIDENCE,
  labelIssueFigures,
  labelIssues,
  labelIssueTable,
} from './label-issues.ts'
import { leakage, leakageTable } from './leakage.ts'
import { outlierTable } from './outliers.ts'

/** Every figure and table of it, as the registry lists them. */
export const qualityFamily: Family<MetricRecord> = {
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
}

export function quality(
  dataset: Dataset,
  neighborhood: Neighborhood,
  manifest: Pick<Manifest, 'duplicates' | 'columns'>,
  rows: Pick<RowFigures, 'correct' | 'evaluated'>,
): Quality {
  const near = nearDuplicates(dataset, neighborhood, manifest.duplicates.near)
  return {
    labelIssues: labelIssues(dataset, neighborhood),
    nearDuplicates: { ...near, groups: near.groups.map(({ at: _, ...group }) => group) },
    leakage: leakage(dataset, manifest.columns.split, near),
    imbalance: imbalance(dataset, rows),
  }
}
