/** Rows that repeat another. */

import type { Section } from '../section.ts'
import { duplicatesConclusion } from './conclusion.ts'
import { Duplicates, Leakage, NearDuplicates } from './duplicates.tsx'

export const section: Section = {
  id: 'duplicates',
  topic: 'Duplicates',
  conclusion: duplicatesConclusion,
  parts: { Duplicates, Leakage, NearDuplicates },
}
