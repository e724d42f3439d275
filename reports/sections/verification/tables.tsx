/** What a threshold costs, and the classes and slices for which it costs most. */

import { SIGNIFICANCE } from '../../../lib/core/significance.ts'
import type { OperatingPoint, PairErrors } from '../../../lib/core/verification.ts'
import { Behind } from '../../components/behind.tsx'
import { Label } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { boundsText, count, interval, setting, share } from '../../words/format.ts'
import { boundsOf, oneIn, rateText, thresholdText } from './pair-words.ts'
import * as snippets from './snippets.ts'

/** The shares between which the true one lies for sure. */
function Within({ range }: { range: readonly [number, number] }) {
  return <small> ({boundsText(range, 'share')})</small>
}

/** The threshold for each rate that people fix, and what it costs. */
export function OperatingPoints({ view }: { view: RunView }) {
  const { verification } = view.report
  if (!verification) return null
  const unresolved = verification.operatingPoints.filter(({ resolved }) => !resolved)
  return (
    <>
      <Table
        caption="Thresholds at fixed false accept rates"
        titled
        columns={[
          {
            title: 'False accepts',
            cell: ({ far }: OperatingPoint) => `${oneIn(far)} (FAR ${setting(far)})`,
          },
          {
            title: 'Accept up to',
            number: true,
            cell: ({ threshold }) => thresholdText(verification, threshold),
          },
          {
            title: 'Accepted, TAR',
            number: true,
            cell: ({ tar, bounds }) => (
              <>
                {share(tar)}
                {bounds === undefined ? null : <Within range={bounds.tar} />}
              </>
            ),
          },
          { title: 'Rejected, FRR', number: true, cell: ({ frr }) => share(frr) },
          { title: 'Pairs that set it', number: true, cell: (point) => count(point.falseAccepts) },
          { title: 'To be trusted', cell: ({ resolved }) => (resolved ? 'yes' : 'no') },
        ]}
        rows={verification.operatingPoints}
      />
      {verification.operatingPoints.some(({ bounds }) => bounds !== undefined) ? (
        <p class="note">
          Pairs are counted in bins, and the thresholds are read from them: in brackets stands
          between which shares what they accept lies for sure.
        </p>
      ) : null}
      {unresolved.length === 0 ? null : (
        <p class="note">
          {count(verification.otherPairs)} pairs of two classes can’t resolve{' '}
          {unresolved.map(({ far }) => oneIn(far)).join(', ')}: it takes 30 false accepts, which are{' '}
          {count(30 / unresolved[0]!.far)} pairs or more.
        </p>
      )}
      <Behind code={snippets.operatingPoints} view={view} />
    </>
  )
}

/** Classes and slices at one threshold for all. */
export function WorstVerified({ view }: { view: RunView }) {
  const { verification } = view.report
  if (!verification) return null
  const { threshold, far, frr, bounds } = verification.worst
  const worse = <T extends PairErrors>(parts: readonly T[]) =>
    parts.filter(({ frr: own, adjustedP }) => own > frr && adjustedP < SIGNIFICANCE.evidence)
  const classes = worse(verification.worst.classes)
  const slices = worse(verification.worst.slices)
  const all = `One threshold for all, ${thresholdText(verification, threshold)}, accepts ${rateText(far)} of the pairs of two classes and rejects ${share(frr)} of the pairs of one${boundsOf(bounds)}.`
  if (classes.length + slices.length === 0) {
    const looked = [...verification.worst.classes, ...verification.worst.slices]
    return (
      <p>
        {all} No class or slice is rejected clearly more often
        {looked.some(({ sampled }) => sampled) ? ', on seeded samples of their pairs' : ''}.
      </p>
    )
  }
  return (
    <>
      <p>{all} It rejects these clearly more often:</p>
      <div class="abreast">
        {classes.length === 0 ? null : (
          <div>
            <Parts view={view} caption="Classes that verify worst" name="Class" parts={classes} />
          </div>
        )}
        {slices.length === 0 ? null : (
          <div>
            <Parts
              view={view}
              caption="Slices that verify worst"
              name="Slice"
              parts={slices.map((slice) => ({ ...slice, value: `${slice.column} ${slice.value}` }))}
            />
          </div>
        )}
      </div>
    </>
  )
}

function Parts(props: {
  view: RunView
  caption: string
  name: string
  parts: readonly PairErrors[]
}) {
  const isSampled = props.parts.some(({ sampled }) => sampled)
  return (
    <>
      <Table
        caption={props.caption}
        titled
        columns={[
          { title: props.name, cell: ({ value }: PairErrors) => <Label text={value} limit={40} /> },
          { title: 'Rejected, FRR', number: true, cell: ({ frr }) => share(frr) },
          { title: '95 %', number: true, cell: (part) => interval(part.frrInterval, 'share') },
          { title: 'False accepts, FAR', number: true, cell: ({ far }) => share(far) },
          {
            title: 'Pairs looked at',
            number: true,
            cell: ({ samePairs, otherPairs }) => count(samePairs + otherPairs),
          },
        ]}
        rows={props.parts}
        limit={8}
        rest={
          <>
            are in <ReportLink view={props.view} />
          </>
        }
      />
      {isSampled ? (
        <p class="note">
          The pairs are a seeded sample; the last column says how many were looked at.
        </p>
      ) : null}
    </>
  )
}
