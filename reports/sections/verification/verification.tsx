/** Whether a threshold on the distance tells pairs of one class from pairs of two, and where it fails. */

import { SIGNIFICANCE } from '../../../lib/core/significance.ts'
import type {
  OperatingPoint,
  PairErrors,
  ThresholdBounds,
  Verification,
} from '../../../lib/core/verification.ts'
import { Behind } from '../../components/behind.tsx'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { ReportLink } from '../../components/report-link.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import {
  boundsText,
  count,
  counted,
  distanceAmong,
  interval,
  points,
  range,
  setting,
  share,
} from '../../words/format.ts'
import { pairHistogram } from './pair-histogram.ts'
import { rocCurve } from './roc.ts'
import * as snippets from './snippets.ts'

/** Of each kind: fewer leave most bins of their histogram empty. */
const FEWEST_PAIRS = 200

export function VerificationCharts({ view }: { view: RunView }) {
  const found = view.report.verification
  if (!found) return null
  return (
    <div class="figures">
      <RocCurve view={view} found={found} />
      <PairDistances view={view} found={found} />
    </div>
  )
}

function RocCurve({ view, found }: { view: RunView; found: Verification }) {
  const { rate, threshold } = found.equalError
  return (
    <Figure
      title={rocTitle(found)}
      describes="Curve of the share of pairs of one class that are accepted, by the share of pairs of two classes that are accepted with them, on a logarithmic axis. Dots mark the fixed rates and the equal error rate."
      keys={[
        ['first', 'this run'],
        ['muted', 'chance'],
      ]}
      spec={rocCurve(found)}
      table={
        <Table
          caption="Points of the ROC curve"
          columns={[
            {
              title: 'FAR',
              number: true,
              cell: ([far]: Verification['roc'][number]) => rateText(far),
            },
            { title: 'TAR', number: true, cell: ([, tar]) => share(tar) },
            { title: 'Threshold', number: true, cell: ([, , at]) => thresholdText(found, at) },
          ]}
          rows={found.roc.filter((_, at) => at % 5 === 0)}
          limit={30}
        />
      }
      code={snippets.roc}
      view={view}
    >
      <p class="note">
        The two errors are equal, {share(rate)} each, at a distance of{' '}
        {thresholdText(found, threshold)}.{curveBounds(found)}
      </p>
    </Figure>
  )
}

/** How far points that are read from bins may be off. */
function curveBounds({ rocBounds }: Verification): string {
  if (rocBounds === undefined) return ''
  const width = (kind: keyof ThresholdBounds) =>
    Math.max(...rocBounds.map(({ [kind]: [low, high] }) => high - low))
  return ` Pairs are counted in bins: what a threshold of the curve accepts lies within ${points(100 * width('tar'))} for pairs of one class, and ${points(100 * width('far'))} for pairs of two.`
}

/** The shares between which the true one lies for sure. */
function Within({ range }: { range: readonly [number, number] }) {
  return <small> ({boundsText(range, 'share')})</small>
}

function rocTitle({ operatingPoints, equalError }: Verification): string {
  const strict = operatingPoints.filter(({ resolved }) => resolved).at(-1)
  if (!strict || strict.tar === null) {
    return `A threshold is wrong for ${share(equalError.rate)} of the pairs of either kind.`
  }
  return `At ${oneIn(strict.far)} false accepts, ${share(strict.tar)} of the pairs of one class are accepted.`
}

/** `1 in 1,000`. */
function oneIn(far: number): string {
  return `1 in ${count(1 / far)}`
}

/** A false accept rate, which may be far below what shares are told with: `0.01 %`. */
function rateText(far: number): string {
  return far >= 0.001 ? share(far) : `${setting(100 * far)}\u00a0%`
}

/** With as many digits as tell distances apart: rounded to fewer it accepts other pairs. */
function thresholdText({ histogram }: Verification, threshold: number | null): string {
  return distanceAmong(threshold, [histogram.edges[0]!, histogram.edges.at(-1)!])
}

function PairDistances({ view, found }: { view: RunView; found: Verification }) {
  const { histogram } = found
  const bins = histogram.same.map((same, place) => ({
    from: histogram.edges[place]!,
    to: histogram.edges[place + 1]!,
    same,
    other: histogram.other[place]!,
  }))
  const overlap = bins.reduce(
    (sum, { same, other }) => sum + Math.min(same / found.samePairs, other / found.otherPairs),
    0,
  )
  return (
    <Figure
      title={
        Math.min(found.samePairs, found.otherPairs) < FEWEST_PAIRS
          ? `${counted(found.samePairs, 'pair')} of one class and ${count(found.otherPairs)} of two: too few to say how far they overlap.`
          : `The distances of the two kinds of pairs overlap by ${share(overlap)}.`
      }
      describes={`Histograms of the distances of ${count(found.samePairs)} pairs of one class and ${count(found.otherPairs)} pairs of two.`}
      keys={[
        ['first', 'pairs of one class'],
        ['plain', 'pairs of two classes'],
      ]}
      spec={pairHistogram(found)}
      table={
        <Table
          caption="Pairs by their distance"
          columns={[
            {
              title: 'Distance',
              cell: (bin: (typeof bins)[number]) => range(bin.from, bin.to),
            },
            { title: 'One class', number: true, cell: (bin) => count(bin.same) },
            { title: 'Two classes', number: true, cell: (bin) => count(bin.other) },
          ]}
          rows={bins.filter(({ same, other }) => same + other > 0)}
          limit={60}
        />
      }
      code={snippets.pairHistogram}
      view={view}
    />
  )
}

/** The threshold for each rate that people fix, and what it costs. */
export function OperatingPoints({ view }: { view: RunView }) {
  const found = view.report.verification
  if (!found) return null
  const unresolved = found.operatingPoints.filter(({ resolved }) => !resolved)
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
            cell: ({ threshold }) => thresholdText(found, threshold),
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
        rows={found.operatingPoints}
      />
      {found.operatingPoints.some(({ bounds }) => bounds !== undefined) ? (
        <p class="note">
          Pairs are counted in bins, and the thresholds are read from them: in brackets stands
          between which shares what they accept lies for sure.
        </p>
      ) : null}
      {unresolved.length === 0 ? null : (
        <p class="note">
          {count(found.otherPairs)} pairs of two classes can’t resolve{' '}
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
  const found = view.report.verification
  if (!found) return null
  const { threshold, far, frr, bounds } = found.worst
  const worse = <T extends PairErrors>(parts: readonly T[]) =>
    parts.filter(({ frr: own, adjustedP }) => own > frr && adjustedP < SIGNIFICANCE.evidence)
  const classes = worse(found.worst.classes)
  const slices = worse(found.worst.slices)
  const all = `One threshold for all, ${thresholdText(found, threshold)}, accepts ${rateText(far)} of the pairs of two classes and rejects ${share(frr)} of the pairs of one${boundsOf(bounds)}.`
  if (classes.length + slices.length === 0) {
    const looked = [...found.worst.classes, ...found.worst.slices]
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

/** What is read from bins, as far as it is sure. */
function boundsOf(bounds: ThresholdBounds | undefined): string {
  if (bounds === undefined) return ''
  const rejected = [1 - bounds.tar[1], 1 - bounds.tar[0]] as const
  return ` (for sure ${boundsText(bounds.far, 'share')}, and ${boundsText(rejected, 'share')})`
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
