/** The code that the section shows: a notebook gets its numbers by it. */

import type { Snippet } from '../../components/behind.tsx'

export const pairs: Snippet = {
  data: 'report.json',
  code: `aq.from(report.confusion.pairs)
  .select('a', 'b', 'count', 'aAsB', 'bAsA', 'rate', 'gain')
  .slice(0, 20)`,
}
