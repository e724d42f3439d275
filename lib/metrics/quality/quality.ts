/** What the neighbours say of the data itself, put together. */

import type { Dataset } from '../../core/dataset.ts'
import type { Neighborhood } from '../../core/evaluation.ts'
import type { Manifest } from '../../core/manifest.ts'
import type { Quality } from '../../core/quality.ts'
import { once } from '../metric.ts'
import type { RowFigures } from '../row-figures.ts'
import { nearDuplicates } from './duplicates.ts'
import { imbalance } from './imbalance.ts'
import { labelIssues } from './label-issues.ts'
import { leakage } from './leakage.ts'

/** Several figures and sections read it. */
export const qualityOf = once(({ dataset, neighborhood, manifest, rows }) =>
  quality(dataset, neighborhood, manifest, rows),
)

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
