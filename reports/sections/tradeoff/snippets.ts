/** The code that the section shows: a notebook gets its numbers by it. */

import type { Snippet } from '../../components/behind.tsx'

export const tradeOff: Snippet = {
  data: 'report.json',
  code: `aq.from(report.tradeOff.variants)
  .select('title', 'bytesPerRow', 'hitAt1', 'mapAtR', 'keepsTarget')`,
}
