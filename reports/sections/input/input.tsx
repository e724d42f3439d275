/** Warnings, and the rows that were set aside. */

import { rowsText } from '../../../lib/core/words.ts'
import { Label } from '../../components/label.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { adviceText, warningId, warningsOf } from '../../words/caveats.ts'
import { count } from '../../words/format.ts'
import { Seen } from './seen.tsx'

export function Input({ view }: { view: RunView }) {
  const { report } = view
  const { setAside } = report.input
  const warnings = warningsOf(report)
  return (
    <>
      {warnings.length === 0 ? null : (
        <ul class="warnings">
          {warnings.map((warning, place) => (
            <li id={warningId(place)} class={warning.severity}>
              {adviceText(warning)}{' '}
              <code>
                {[warning.severity, warning.code, warning.where, rowsText(warning)]
                  .filter(Boolean)
                  .join(' · ')}
              </code>
            </li>
          ))}
        </ul>
      )}
      {setAside.length === 0 ? null : (
        <Table
          caption="Rows that were set aside"
          columns={[
            { title: 'Reason', cell: (entry: (typeof setAside)[number]) => entry.reason },
            { title: 'Rows', number: true, cell: (entry) => count(entry.count) },
            {
              title: 'Which',
              cell: (entry) => (
                <>
                  {entry.rows.slice(0, 8).map((id, place) => (
                    <>
                      {place > 0 ? ', ' : ''}
                      <Label text={id} limit={30} />
                    </>
                  ))}
                  {entry.count > 8
                    ? ` and ${count(entry.count - Math.min(8, entry.rows.length))} more`
                    : ''}
                </>
              ),
            },
          ]}
          rows={setAside}
        />
      )}
      <Seen input={report.input} />
    </>
  )
}
