/** The curve and the histogram by which a threshold on the distance is chosen. */

import type { ThresholdBounds, Verification } from '../../../lib/core/verification.ts'
import { Figure } from '../../components/figure.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, points, range, share } from '../../words/format.ts'
import { pairHistogram } from './pair-histogram.ts'
import { oneIn, rateText, thresholdText } from './pair-words.ts'
import { rocCurve } from './roc.ts'
import * as snippets from './snippets.ts'

/** Of each kind: fewer leave most bins of their histogram empty. */
const FEWEST_PAIRS = 200

export function VerificationCharts({ view }: { view: RunView }) {
  const { verification } = view.report
  if (!verification) return null
  return (
    <div class="figures">
      <RocCurve view={view} verification={verification} />
      <PairDistances view={view} verification={verification} />
    </div>
  )
}

function RocCurve({ view, verification }: { view: RunView; verification: Verification }) {
  const { rate, threshold } = verification.equalError
  return (
    <Figure
      title={rocTitle(verification)}
      describes="Curve of the share of pairs of one class that are accepted, by the share of pairs of two classes that are accepted with them, on a logarithmic axis. Dots mark the fixed rates and the equal error rate."
      keys={[
        ['first', 'this run'],
        ['muted', 'chance'],
      ]}
      spec={rocCurve(verification)}
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
            {
              title: 'Threshold',
              number: true,
              cell: ([, , at]) => thresholdText(verification, at),
            },
          ]}
          rows={verification.roc.filter((_, at) => at % 5 === 0)}
          limit={30}
        />
      }
      code={snippets.roc}
      view={view}
    >
      <p class="note">
        The two errors are equal, {share(rate)} each, at a distance of{' '}
        {thresholdText(verification, threshold)}.{curveBounds(verification)}
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

function rocTitle({ operatingPoints, equalError }: Verification): string {
  const strict = operatingPoints.filter(({ resolved }) => resolved).at(-1)
  if (!strict || strict.tar === null) {
    return `A threshold is wrong for ${share(equalError.rate)} of the pairs of either kind.`
  }
  return `At ${oneIn(strict.far)} false accepts, ${share(strict.tar)} of the pairs of one class are accepted.`
}

function PairDistances({ view, verification }: { view: RunView; verification: Verification }) {
  const { histogram } = verification
  const bins = histogram.same.map((same, place) => ({
    from: histogram.edges[place]!,
    to: histogram.edges[place + 1]!,
    same,
    other: histogram.other[place]!,
  }))
  const overlap = bins.reduce(
    (sum, { same, other }) =>
      sum + Math.min(same / verification.samePairs, other / verification.otherPairs),
    0,
  )
  return (
    <Figure
      title={
        Math.min(verification.samePairs, verification.otherPairs) < FEWEST_PAIRS
          ? `${counted(verification.samePairs, 'pair')} of one class and ${count(verification.otherPairs)} of two: too few to say how far they overlap.`
          : `The distances of the two kinds of pairs overlap by ${share(overlap)}.`
      }
      describes={`Histograms of the distances of ${count(verification.samePairs)} pairs of one class and ${count(verification.otherPairs)} pairs of two.`}
      keys={[
        ['first', 'pairs of one class'],
        ['plain', 'pairs of two classes'],
      ]}
      spec={pairHistogram(verification)}
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
