/** What the maps of `report.json` hold. */

import type { Family } from '../core/definition.ts'

export const MAPS: Family = {
  title: 'Maps',
  about:
    'The rows in the plane: for a look at which classes mix. A map is as good as its trustworthiness, and distances between far groups mean little on any but the first.',
  metrics: [],
  tables: [
    {
      id: 'maps',
      title: 'Maps of the rows',
      path: 'projections',
      definition:
        'Principal components; t-SNE (perplexity 30, or a third of the rows where they are fewer than 91; 750 iterations, of which 250 exaggerate; repulsion by a fast multipole method) and UMAP (15 neighbours with the row itself, min_dist 0.1), both from the exact neighbours, from the principal plane or from the baseline’s map, with seed 42: the same input gives the same picture. A map of a run with a baseline is turned to the baseline’s (Procrustes). More than 100,000 rows, or 10,000 unless the manifest names the maps, are laid out as a sample with every class in its share. Equal rows are laid out once, on one spot. Where the exaggeration leaves nothing but a dot, as it does of rows without structure, t-SNE starts again without it. Coordinates are in `rows.parquet`.',
      source:
        'van der Maaten, Hinton: Visualizing data using t-SNE, 2008; van der Maaten: Accelerating t-SNE using tree-based algorithms, 2014; McInnes, Healy, Melville: UMAP, 2018; Venna, Kaski: Neighborhood preservation in nonlinear projection methods, 2001 (trustworthiness)',
      elsewhere: 'scikit-learn’s `TSNE(init="pca")` and `trustworthiness`; umap-learn’s `UMAP`.',
      columns: [
        { name: 'method', unit: 'text', definition: '`pca`, `tsne` or `umap`.' },
        { name: 'title', unit: 'text', definition: 'Its name.' },
        { name: 'rows', unit: 'count', definition: 'Rows that it shows.' },
        { name: 'sampled', unit: 'yes or no', definition: 'Whether there are more.' },
        {
          name: 'trustworthiness',
          unit: 'number',
          definition:
            '1 where the 10 nearest on the map are the 10 nearest in the space, on a seeded sample of 5,000 rows at most; null with too few rows.',
        },
        { name: 'trustworthinessRows', unit: 'count', definition: 'Rows that were compared.' },
        {
          name: 'alignedTo',
          unit: 'text',
          definition: 'Baseline’s run that it started from or is turned to; null without one.',
        },
        { name: 'parameters', unit: 'list', definition: 'As the method’s authors name them.' },
        {
          name: 'columns',
          unit: 'list',
          definition: 'Columns of `rows.parquet` that hold the coordinates.',
        },
      ],
    },
  ],
}
