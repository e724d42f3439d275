/** The shape of a made-up space. */

import type { Structure } from '../../../lib/core/structure.ts'

export const STRUCTURE: Structure = {
  hubs: {
    rows: 2,
    places: 0.03,
    most: [
      { id: 'row-3', label: 'cat', occurrences: 31, foreign: 9 },
      { id: 'row-8', label: 'dog', occurrences: 22, foreign: 0 },
    ],
  },
  dimensions: { collapsed: [4], collapsedCount: 1, variance: [0.5, 0.3, 0.15, 0.05] },
  norms: {
    median: 1.2,
    outliers: [{ id: 'row-5', label: 'cat', norm: 4.1, score: 6.3 }],
    outlierCount: 1,
  },
}
