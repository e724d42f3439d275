/** What smaller vectors would cost and save. */

import type { Section } from '../section.ts'
import { tradeOffConclusion } from './conclusion.ts'
import * as snippets from './snippets.ts'
import { TradeOff } from './trade-off.tsx'

export const section: Section = {
  id: 'tradeoff',
  topic: 'Trade-off',
  conclusion: tradeOffConclusion,
  parts: { TradeOff },
  snippets,
}
