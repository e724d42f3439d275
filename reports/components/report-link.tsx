/** The link to where all of a table's entries are. */

import type { RunView } from '../view/run-view.ts'

export function ReportLink({ view }: { view: RunView }) {
  return <a href={view.fromRun('report.json')}>report.json</a>
}
