/** What changed since the baseline. */

import type { Section } from '../section.ts'
import { ChangedFigures, FurtherBaselines } from './baselines.tsx'
import { changesConclusion } from './conclusion.ts'
import { ChangeCharts, ChangedParts } from './parts.tsx'
import { ChangedRows } from './rows.tsx'
import * as snippets from './snippets.ts'

export const section: Section = {
  id: 'changes',
  topic: 'What changed',
  conclusion: changesConclusion,
  some: ({ comparison }) => comparison !== null,
  parts: { ChangeCharts, ChangedFigures, ChangedParts, ChangedRows, FurtherBaselines },
  snippets,
}
