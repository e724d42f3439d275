/** The code that the section shows: a notebook gets its numbers by it. */

import type { Snippet } from '../../components/behind.tsx'

export const map: Snippet = {
  data: 'rows.parquet',
  code: `rows
  .select('id', 'label', 'x', 'y', 'correct')
  .orderby(aq.desc('correct'))`,
}
