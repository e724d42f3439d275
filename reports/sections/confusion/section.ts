/** Which classes are taken for which. */

import { NO_MATCH } from '../../words/bare-case.ts'
import type { Section } from '../section.ts'
import { ClassAccuracy } from './classes.tsx'
import { confusionConclusion } from './conclusion.ts'
import { AloneInClass, Concentration, ConfusedPairs, Heatmap, Ties } from './confusion.tsx'
import { CONFUSION_SCRIPT, confusionScript } from './script.ts'
import * as snippets from './snippets.ts'

export const section: Section = {
  id: 'confusion',
  topic: 'Confusion',
  conclusion: confusionConclusion,
  bare: {
    'all-equal':
      'All rows are equal: which of them counts as the nearest is a matter of their order.',
    'no-match': `${NO_MATCH}, so every row counts as an error, which says nothing about the space.`,
  },
  some: ({ confusion }) => confusion.pairs.length > 0,
  parts: { AloneInClass, ClassAccuracy, Concentration, ConfusedPairs, Heatmap, Ties },
  snippets,
  files: { [CONFUSION_SCRIPT]: confusionScript },
}
