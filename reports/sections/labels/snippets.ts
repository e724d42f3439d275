/** The code that the section shows: a notebook gets its numbers by it. */

import type { Snippet } from '../../components/behind.tsx'

export const labelIssues: Snippet = {
  data: 'report.json',
  code: `aq.from(report.quality.labelIssues.rows)
  .select('id', 'label', 'suggested', 'votes', 'neighbors', 'timesAsFar', 'score')
  .orderby(aq.desc('score'))`,
}
