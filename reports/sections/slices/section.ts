/** The groups of rows that metadata makes. */

import { NO_MATCH } from '../../words/bare-case.ts'
import type { Section } from '../section.ts'
import { slicesConclusion } from './conclusion.ts'
import { Slices } from './slices.tsx'
import * as snippets from './snippets.ts'

export const section: Section = {
  id: 'slices',
  topic: 'Slices',
  conclusion: slicesConclusion,
  bare: {
    'all-equal': 'All rows are equal, so errors tell nothing about any slice.',
    'no-match': `${NO_MATCH}, so no slice can do worse than another.`,
    'one-class': 'With one class no row can be wrong, so no slice can do worse than another.',
    'no-errors': 'There are no errors, so no slice can have more of them than another.',
  },
  some: ({ slices }) => slices.list.length > 0,
  parts: { Slices },
  snippets,
}
