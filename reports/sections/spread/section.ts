/** How wide classes are, and how far apart. */

import { NO_MATCH } from '../../words/bare-case.ts'
import type { Section } from '../section.ts'
import { spreadConclusion } from './conclusion.ts'
import { LeastSeparated, Outliers, Spread } from './spread.tsx'

export const section: Section = {
  id: 'spread',
  topic: 'Spread',
  conclusion: spreadConclusion,
  bare: {
    'all-equal': 'All rows are equal, so no class has a spread.',
    'no-match': `${NO_MATCH}, so no class has a spread.`,
  },
  parts: { LeastSeparated, Outliers, Spread },
}
