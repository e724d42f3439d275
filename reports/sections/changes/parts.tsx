/** The classes, pairs and slices that moved since the baseline. */

import type {
  ClassChange,
  PairChange,
  PairedChange,
  SliceChange,
} from '../../../lib/core/changes.ts'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Folded } from '../../components/section.tsx'
import { Table, type TableColumn } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, pValue, share } from '../../words/format.ts'
import { changedClasses, classChanges } from './class-changes.ts'
import { changedPartsTitle, overlapSentence } from './conclusion.ts'
import { DriftFigure, DriftNote } from './drift.tsx'
import * as snippets from './snippets.ts'

const SHOWN_CLASSES = 8
const SHOWN_PAIRS = 6
const SHOWN_SLICES = 12

export function ChangeCharts({ view }: { view: RunView }) {
  const { report } = view
  const { changes } = report
  if (changes === null) return null
  const { classes, overlap } = changes
  const movedClasses = changedClasses(classes)
  const beside = classes.filter((part) => part.absentNeighbors && !movedClasses.includes(part))
  const isDriftMeasured = (report.drift?.classes.length ?? 0) > 0
  return (
    <>
      {overlap === null ? null : <p>{overlapSentence(overlap, changes.baseline)}</p>}
      <DriftNote view={view} />
      {movedClasses.length === 0 && !isDriftMeasured ? null : (
        <div class="figures">
          {movedClasses.length === 0 ? null : (
            <Figure
              title={changedPartsTitle(classes)}
              describes="Rows fixed and broken in each class, most changed first; pale where chance alone could do it."
              spec={classChanges(classes)}
              keys={[
                ['good', 'fixed'],
                ['bad', 'broken'],
              ]}
              code={snippets.classChanges}
              view={view}
              table={<ClassTable classes={[...movedClasses, ...beside]} />}
            />
          )}
          <DriftFigure view={view} />
        </div>
      )}
    </>
  )
}

export function ChangedParts({ view }: { view: RunView }) {
  const { report } = view
  const { changes } = report
  if (changes === null) return null
  const slices = changes.slices.filter(({ fixed, broken }) => fixed + broken > 0)
  const clearSlices = slices.filter(({ verdict }) => verdict !== 'no evidence of a change')
  return (
    <>
      {changes.pairs.length === 0 ? null : (
        <Folded name={pairsName(changes.pairs)} class="folded rows">
          <Table
            caption="The worst pairs of either run, the worst of this run first"
            columns={[
              {
                title: 'Pair',
                cell: (pair: PairChange) => (
                  <>
                    <Label text={pair.a} limit={32} />
                    {' / '}
                    <Label text={pair.b} limit={32} />
                  </>
                ),
              },
              { title: 'Errors before', number: true, cell: (pair) => count(pair.before) },
              { title: 'Now', number: true, cell: (pair) => count(pair.now) },
              ...evidence<PairChange>(),
            ]}
            rows={changes.pairs}
            limit={SHOWN_PAIRS}
          />
        </Folded>
      )}
      {slices.length === 0 ? null : (
        <Folded
          name={
            clearSlices.length === 0
              ? `No slice of ${count(changes.slicesTested)} tested moved beyond chance`
              : `${counted(clearSlices.length, 'slice')} of ${count(changes.slicesTested)} tested moved beyond chance`
          }
          class="folded rows"
          open={clearSlices.length > 0}
        >
          <Table
            caption="Slices by how clearly they changed"
            columns={[
              {
                title: 'Slice',
                cell: (slice: SliceChange) => (
                  <>
                    <Label text={slice.column} limit={32} /> <Label text={slice.value} limit={32} />
                  </>
                ),
              },
              { title: 'Rows', number: true, cell: (slice) => count(slice.rows) },
              ...evidence<SliceChange>(),
            ]}
            rows={slices}
            limit={SHOWN_SLICES}
            rest={
              <>
                are in <ReportLink view={view} />
              </>
            }
          />
        </Folded>
      )}
    </>
  )
}

function pairsName(pairs: readonly PairChange[]): string {
  const better = pairs.filter(({ verdict }) => verdict === 'better').length
  const worse = pairs.filter(({ verdict }) => verdict === 'worse').length
  if (better + worse === 0) {
    return `None of the ${count(pairs.length)} worst pairs moved beyond chance`
  }
  const parts = [
    better > 0 ? `${count(better)} got better` : '',
    worse > 0 ? `${count(worse)} got worse` : '',
  ]
  return `Of the ${count(pairs.length)} worst pairs ${parts.filter((part) => part !== '').join(' and ')}`
}

function ClassTable({ classes }: { classes: readonly ClassChange[] }) {
  return (
    <Table
      caption="Classes by how many of their rows changed"
      columns={[
        { title: 'Class', cell: (row: ClassChange) => <Label text={row.label} limit={40} /> },
        { title: 'Rows', number: true, cell: (row) => count(row.rows) },
        { title: 'Neighbours kept', number: true, cell: (row) => share(row.overlap) },
        ...evidence<ClassChange>(),
      ]}
      rows={classes}
      limit={SHOWN_CLASSES}
    />
  )
}

/** The columns that every part has. */
function evidence<T extends PairedChange>(): TableColumn<T>[] {
  return [
    { title: 'Fixed', number: true, cell: (part) => count(part.fixed) },
    { title: 'Broken', number: true, cell: (part) => count(part.broken) },
    {
      title: 'Says',
      cell: (part) => `${says(part)}${absence(part)}`,
    },
  ]
}

function says({ adjustedP, verdict }: PairedChange): string {
  if (adjustedP === null) return 'too few changed to tell'
  return verdict === 'no evidence of a change'
    ? `no evidence, ${pValue(adjustedP)}`
    : `${verdict}, ${pValue(adjustedP)}`
}

/** Rows that don't count: what they were taken for came or went. */
function absence({ absentNeighbors }: PairedChange): string {
  return absentNeighbors === undefined
    ? ''
    : `; ${counted(absentNeighbors, 'row')} left out, beside a class that one run lacks`
}
