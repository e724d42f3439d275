/** The one place where a manifest's defaults are written; the schema's words and docs/manifest.md take them from here. */

export const DEFAULTS = {
  metric: 'euclidean',
  k: 20,
  margin: { low: 0.05 },
  // Rows of one burst or patient are no independent draws, and naming the group says that they are such.
  intervals: { cluster: 'group' },
  /** As cleanlab has it. */
  duplicates: { near: 0.13 },
  baseline: 'previous',
  /** The usual service levels. */
  gates: { knn_accuracy_5: 0.75, hit_at_10: 0.8, mean_reciprocal_rank: 0.6 },
  upload: { ready: 'files' },
  columns: {
    embeddings: 'embeddings',
    id: 'id',
    label: 'label',
    split: 'split',
    group: 'group',
    image: 'image',
    time: 'time',
  },
  privacy: { images: 'thumbnails', ids: 'plain', columns: {}, centroids: 'kept' },
} as const
