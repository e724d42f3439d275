/** The rows that turned right or wrong since the baseline, those to look at first. */

import { Behind } from '../../components/behind.tsx'
import { Folded } from '../../components/section.tsx'
import { Pairs } from '../../components/tile.tsx'
import type { RunView } from '../../view/run-view.ts'
import { counted, named } from '../../words/format.ts'
import * as snippets from './snippets.ts'

const BROKEN = 8
const FIXED = 3

export function ChangedRows({ view }: { view: RunView }) {
  const { comparison, changes } = view.report
  if (comparison === null) return null
  const first = changes?.lookFirst.map(({ id }) => id) ?? comparison.broken
  const baseline = named(comparison.baseline, 24)
  const partOf = new Map(changes?.lookFirst.map(({ id, part }) => [id, part]))
  const note = (row: number) => {
    const said = view.rows.nearestInBaseline?.[row]
    const part = partOf.get(view.rows.id[row]!)
    return [
      said ? `${baseline} said ${named(said, 24)}` : '',
      part
        ? `${part === view.rows.label[row] ? 'class' : 'pair'} ${named(part, 40)} got worse`
        : '',
    ]
      .filter((text) => text !== '')
      .join(', ')
  }
  return (
    <>
      {comparison.broken.length > 0 ? (
        <Folded
          name={`${counted(comparison.broken.length, 'row')} broken; look at ${comparison.broken.length > BROKEN ? 'these' : 'them'} first`}
          class="folded rows"
          open
        >
          <p class="rest">
            Rows of a part that got worse as a whole come first, then those that fell the farthest,
            from safely right to plainly wrong.
          </p>
          <Pairs
            view={view}
            ids={first}
            total={comparison.broken.length}
            limit={BROKEN}
            note={note}
            evidence="broken"
          />
        </Folded>
      ) : null}
      {comparison.fixed.length > 0 ? (
        <Folded
          name={`${counted(comparison.fixed.length, 'row')} fixed: wrong before, right now`}
          class="folded rows"
        >
          <Pairs view={view} ids={comparison.fixed} limit={FIXED} note={note} evidence="fixed" />
        </Folded>
      ) : null}
      <Behind code={snippets.changes} view={view} />
    </>
  )
}
