/** The shape of the space. */

import type { Section } from '../section.ts'
import { structureConclusion } from './conclusion.ts'
import { OddRows, Structure } from './structure.tsx'

export const section: Section = {
  id: 'structure',
  topic: 'Structure',
  conclusion: structureConclusion,
  parts: { OddRows, Structure },
}
