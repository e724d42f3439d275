/** Labels that are contradicted. */

import type { Section } from '../section.ts'
import { labelsConclusion } from './conclusion.ts'
import { LabelIssues } from './labels.tsx'
import * as snippets from './snippets.ts'

export const section: Section = {
  id: 'labels',
  topic: 'Labels',
  conclusion: labelsConclusion,
  bare: {
    'all-equal': 'All rows are equal, so no label can be contradicted.',
  },
  parts: { LabelIssues },
  snippets,
}
