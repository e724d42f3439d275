/** All figures, and how the run was made. */

import type { Section } from '../section.ts'
import { methodConclusion } from './conclusion.ts'
import { AllFigures, Notebook, Provenance } from './method.tsx'

export const section: Section = {
  id: 'method',
  topic: 'Method',
  conclusion: methodConclusion,
  parts: { AllFigures, Notebook, Provenance },
}
