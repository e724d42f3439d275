/** What a manifest would say about a fixture's items, so that every standing occurs among them. */

import type { Planning } from '../../../lib/core/planning.ts'
import { overlapsOf } from '../../../lib/planning/gain.ts'
import type { FixtureRun } from './fixture.ts'

export function withPlanning(run: FixtureRun, changes: Partial<Planning> = {}): FixtureRun {
  const { report, rows } = run
  const rowOf = new Map(rows.id.map((id, row) => [id, row]))
  const ids = report.items.map(({ id }) => id)
  const planning: Planning = {
    tracker: { kind: 'github', url: 'https://github.com/example/project' },
    siteUrl: null,
    notes: { [ids[0]!]: 'Asked the camera team.\nThey look into it.' },
    effort: { [ids[0]!]: 3, [ids[1]!]: 'half a day', [ids[2]!]: 0.5 },
    tickets: { [ids[2]!]: 'https://github.com/example/project/issues/12' },
    overlaps: overlapsOf(
      report.items.map((item) => item.evidence.map((id) => rowOf.get(id)!)),
      (row) => rows.correct[row] !== 1,
    ),
    ...changes,
  }
  return { ...run, report: { ...report, planning } }
}
