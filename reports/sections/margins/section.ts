/** How clear each decision was. */

import { NO_MATCH } from '../../words/bare-case.ts'
import type { Section } from '../section.ts'
import { marginsConclusion } from './conclusion.ts'
import { LowMargins, MarginCharts } from './margins.tsx'

export const section: Section = {
  id: 'margins',
  topic: 'Margins',
  conclusion: marginsConclusion,
  bare: {
    'all-equal': 'All rows are equal, so every margin is 0.',
    'no-match': `${NO_MATCH}, so no margin can tell right answers from wrong ones.`,
    'one-class':
      'With one class no row can be wrong, so there are no errors for a margin to warn of.',
  },
  parts: { LowMargins, MarginCharts },
}
