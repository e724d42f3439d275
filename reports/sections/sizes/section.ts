/** How many rows the classes have. */

import type { Section } from '../section.ts'
import { sizesConclusion } from './conclusion.ts'
import { ClassSizes } from './sizes.tsx'

export const section: Section = {
  id: 'sizes',
  topic: 'Class sizes',
  conclusion: sizesConclusion,
  parts: { ClassSizes },
}
