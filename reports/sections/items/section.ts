/** What to do, in the order of what is at stake. */

import { isOpenItem } from '../../../lib/core/item.ts'
import type { Section } from '../section.ts'
import { itemsConclusion } from './conclusion.ts'
import { Items } from './items.tsx'

export const section: Section = {
  id: 'items',
  topic: 'To do',
  conclusion: itemsConclusion,
  some: ({ items }) => items.some(isOpenItem),
  parts: { Items },
}
