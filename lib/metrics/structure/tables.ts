/** What the lists of `structure` in `report.json` hold. */

import type { TableDefinition } from '../../core/definition.ts'

export const structureTables: readonly TableDefinition[] = [
  {
    id: 'hubs',
    title: 'The hubs',
    path: 'structure.hubs.most',
    definition:
      'The rows that are among the 10 nearest of others twice as often as on average, or more, most often first, 24 at most. `structure.hubs.threshold` is how often that is: 20 times where every row is both query and gallery. `structure.hubs.rows` is how many there are, `structure.hubs.places` the share of all places among the 10 nearest that they take.',
    source:
      'Radovanović, Nanopoulos, Ivanović: Hubs in space: popular nearest neighbors in high-dimensional data, 2010',
    columns: [
      { name: 'id', unit: 'text', definition: 'The row.' },
      { name: 'label', unit: 'text', definition: 'Its class.' },
      {
        name: 'occurrences',
        unit: 'count',
        definition: 'Rows that have it among their 10 nearest.',
      },
      {
        name: 'foreign',
        unit: 'count',
        definition: 'Those of them with another label (“bad” occurrences).',
      },
    ],
  },
  {
    id: 'norm_outliers',
    title: 'Rows of unusual length, one by one',
    path: 'structure.norms.outliers',
    definition:
      'The rows that `norm_outlier_share` counts, farthest from the median length first, 24 at most; none with three dimensions or fewer, where a length says too much of its row.',
    source: 'Iglewicz, Hoaglin: How to detect and handle outliers, 1993',
    columns: [
      { name: 'id', unit: 'text', definition: 'The row.' },
      { name: 'label', unit: 'text', definition: 'Its class.' },
      { name: 'norm', unit: 'number', definition: 'Euclidean length of its vector.' },
      {
        name: 'score',
        unit: 'number',
        definition:
          '(length − median) / (1.4826 × median absolute deviation); null where half of the lengths are equal.',
      },
    ],
  },
]
