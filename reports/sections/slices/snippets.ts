/** The code that the section shows: a notebook gets its numbers by it. */

import type { Snippet } from '../../components/behind.tsx'

export const slices: Snippet = {
  data: 'report.json',
  code: `aq.from(report.slices.list)
  .filter((d) => d.difference !== null)
  .select('id', 'rows', 'errors', 'rate', 'restRate', 'adjustedP', 'explainedBy')`,
}
