/** What changed since the baseline. */

import type { Section } from '../section.ts'
import {
  ChangeCharts,
  ChangedFigures,
  ChangedParts,
  ChangedRows,
  FurtherBaselines,
} from './changes.tsx'
import { changesConclusion } from './conclusion.ts'
import * as snippets from './snippets.ts'

export const section: Section = {
  id: 'changes',
  topic: 'What changed',
  conclusion: changesConclusion,
  some: ({ comparison }) => comparison !== null,
  parts: { ChangeCharts, ChangedFigures, ChangedParts, ChangedRows, FurtherBaselines },
  snippets,
}
