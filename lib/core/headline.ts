/** Figures that people quote of a run, by where they are told, in their order there. */

export const HEADLINE_FIGURES = {
  /** A page draws each on its scale, and has room for five. */
  page: [
    'nearest_neighbor_accuracy',
    'map_at_r',
    'hit_at_10',
    'mean_reciprocal_rank',
    'silhouette',
  ],
  /** Also of the comparison of two runs. */
  terminal: [
    'nearest_neighbor_accuracy',
    'knn_accuracy_5',
    'hit_at_10',
    'mean_reciprocal_rank',
    'map_at_r',
    'class_margin_negative_share',
  ],
} as const
