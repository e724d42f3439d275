/** What was set aside, and what was warned of. */

import type { Section } from '../section.ts'
import { inputConclusion } from './conclusion.ts'
import { Input } from './input.tsx'

export const section: Section = {
  id: 'input',
  topic: 'Set aside',
  conclusion: inputConclusion,
  parts: { Input },
}
