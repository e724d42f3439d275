/** Figures that people quote of a run: the one list of the terminal, of comparisons and of the page. */

/** In their order; a page has room for five of them, and draws each on its scale. */
export const HEADLINE_FIGURES = [
  { id: 'nearest_neighbor_accuracy', on: ['page', 'terminal'] },
  { id: 'knn_accuracy_5', on: ['terminal'] },
  { id: 'map_at_r', on: ['page', 'terminal'] },
  { id: 'hit_at_10', on: ['page', 'terminal'] },
  { id: 'mean_reciprocal_rank', on: ['page', 'terminal'] },
  { id: 'class_margin_negative_share', on: ['terminal'] },
  { id: 'silhouette', on: ['page'] },
] as const satisfies readonly { id: string; on: readonly HeadlinePlace[] }[]

type HeadlinePlace = 'page' | 'terminal'

/** Ids of those that are told in a place. */
export function headlineFigures(place: HeadlinePlace): readonly string[] {
  return HEADLINE_FIGURES.filter(({ on }) => (on as readonly HeadlinePlace[]).includes(place)).map(
    ({ id }) => id,
  )
}
