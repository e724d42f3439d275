/** Warnings, and the rows that were set aside. */

import type { PublishedWarning } from '../../../lib/core/warning.ts'
import { rowsText } from '../../../lib/core/words.ts'
import { Label } from '../../components/label.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { adviceText, shownOf, warningId, warningsOf } from '../../words/caveats.ts'
import { count } from '../../words/format.ts'
import { Seen } from './seen.tsx'

type Placed = readonly [warning: PublishedWarning, place: number]

function Told({ warning, place }: { warning: PublishedWarning; place: number }) {
  return (
    <li id={warningId(place)} class={warning.severity}>
      {adviceText(warning)}{' '}
      <code>
        {[
          warning.severity,
          warning.code,
          warning.where && shortPlace(warning.where),
          rowsText(warning),
        ]
          .filter(Boolean)
          .join(' · ')}
      </code>
    </li>
  )
}

/** Characters of a place; the message names the file as well. */
const LONGEST_PLACE = 80

function shortPlace(where: string): string {
  return where.length <= LONGEST_PLACE ? where : `…${where.slice(1 - LONGEST_PLACE)}`
}

/** Those that are shown at once, and of kinds with many the others. */
function foldedKinds(warnings: readonly Placed[]): {
  readonly shown: readonly Placed[]
  readonly rest: readonly (readonly [code: string, warnings: readonly Placed[]])[]
} {
  const kinds = new Map<string, Placed[]>()
  for (const placed of warnings)
    kinds.set(placed[0].code, [...(kinds.get(placed[0].code) ?? []), placed])
  const isShown = new Set([...kinds.values()].flatMap((all) => all.slice(0, shownOf(all.length))))
  return {
    shown: warnings.filter((placed) => isShown.has(placed)),
    rest: [...kinds].flatMap(([code, all]) => {
      const others = all.filter((placed) => !isShown.has(placed))
      return others.length === 0 ? [] : [[code, others] as const]
    }),
  }
}

export function Input({ view }: { view: RunView }) {
  const { report } = view
  const { setAside } = report.input
  const warnings = warningsOf(report)
  const { shown, rest } = foldedKinds(warnings.map((warning, place) => [warning, place] as const))
  return (
    <>
      {warnings.length === 0 ? null : (
        <ul class="warnings">
          {shown.map(([warning, place]) => (
            <Told warning={warning} place={place} />
          ))}
          {rest.map(([code, ofKind]) => (
            <li class={ofKind[0]![0].severity}>
              <details>
                <summary>
                  {count(ofKind.length)} more like these <code>{code}</code>
                </summary>
                <ul class="warnings">
                  {ofKind.map(([warning, place]) => (
                    <Told warning={warning} place={place} />
                  ))}
                </ul>
              </details>
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
