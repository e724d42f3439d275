/** What to know of a run whose figures the order of equal distances moves. */

import type { Figure } from '../core/figure.ts'
import type { Warning } from '../core/warning.ts'
import { joinWords } from '../core/words.ts'

/** A range that is narrower is told with its figure alone. */
const WIDE = 0.01
const TOLD = ['nearest_neighbor_accuracy', 'knn_accuracy_5', 'hit_at_10', 'map_at_r'] as const

/** Empty where no figure that people quote moves by a point. */
export function tieWarnings(figures: Readonly<Record<string, Figure>>): readonly Warning[] {
  const wide = TOLD.flatMap((id) => {
    const figure = figures[id]
    if (figure?.ties === undefined || figure.ties[1] - figure.ties[0] < WIDE) return []
    const [low, high] = figure.ties.map((end) => (100 * end).toFixed(1))
    return [{ figure, range: `${low} to ${high} %` }]
  })
  if (wide.length === 0) return []
  const ranges = joinWords(wide.map(({ figure, range }) => `${figure.title} is ${range}`))
  return [
    {
      code: 'equal-distances',
      message: `Which of the rows at one distance comes first is a matter of their order: by that alone ${ranges}. Values are those of the order in the upload; intervals hold for every order, and a gate whose limit lies in such a range can't be judged`,
    },
  ]
}
