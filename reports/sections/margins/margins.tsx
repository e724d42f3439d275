/** How clear each decision is, and whether that tells which rows are wrong. */

import type { MarginFigures } from '../../../lib/core/margins.ts'
import { drawnBy } from '../../charts/drawn-by.ts'
import { Figure } from '../../components/figure.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import { count, counted, decimal, range, setting, share } from '../../words/format.ts'
import type * as published from './figures.ts'
import { coverageRole } from './risk-coverage.ts'

const MEANINGS = {
  neighbor: 'how much farther the second nearest row is than the nearest',
  prediction: 'how much farther the nearest row with another label than the predicted one is',
  class: 'how much farther the nearest row of another class is than the nearest of its own',
} as const

export function MarginCharts({ view }: { view: RunView }) {
  const { report } = view
  return (
    <div class="figures">
      {report.margins.figures
        .filter((figures) => rowsIn(figures) > 0)
        .map((figures) => (
          <Margin view={view} figures={figures} />
        ))}
      <Coverage view={view} />
    </div>
  )
}

function rowsIn(figures: MarginFigures): number {
  return [...figures.right, ...figures.wrong].reduce((sum, rows) => sum + rows, 0)
}

function Margin({ view, figures }: { view: RunView; figures: MarginFigures }) {
  const wrong = figures.wrong.reduce((sum, rows) => sum + rows, 0)
  const total = wrong + figures.right.reduce((sum, rows) => sum + rows, 0)
  const bins = figures.right.map((right, place) => ({
    from: figures.edges[place]!,
    to: figures.edges[place + 1]!,
    right,
    wrong: figures.wrong[place]!,
  }))
  return (
    <Figure
      title={marginTitle(figures)}
      describes={`Histogram of the ${figures.title.toLowerCase()} of ${count(total)} rows, ${count(wrong)} of them wrong.`}
      keys={[
        ['plain', 'right'],
        ['bad', 'wrong'],
      ]}
      {...drawnBy<typeof published>(view.report, 'margins', figures.id)}
      view={view}
      table={
        <Table
          caption={`${figures.title}: rows by bin`}
          columns={[
            {
              title: 'Margin',
              cell: (bin: (typeof bins)[number]) => range(bin.from, bin.to),
            },
            { title: 'Right', number: true, cell: (bin) => count(bin.right) },
            { title: 'Wrong', number: true, cell: (bin) => count(bin.wrong) },
          ]}
          rows={bins.filter((bin) => bin.right + bin.wrong > 0)}
          limit={40}
        />
      }
    >
      <p class="note">
        {figures.title}: {MEANINGS[figures.id]}.
        {figures.calibrated
          ? ` For this run the line is best drawn at ${setting(figures.calibrated.threshold)}: ${share(figures.calibrated.lowShare)} of the rows fall under it, and ${share(figures.calibrated.errorShare)} of the errors.`
          : ''}
      </p>
      <Relative figures={figures} />
    </Figure>
  )
}

/** The margin without its unit. */
function Relative({ figures: { relative, errorAuc } }: { figures: MarginFigures }) {
  if (relative.median === null) return null
  const { median, errorAuc: auc, calibrated } = relative
  const line = calibrated
    ? `, with the line best drawn at ${nearestTimes(calibrated.threshold)}: ${share(calibrated.lowShare)} of the rows fall under it, and ${share(calibrated.errorShare)} of the errors`
    : ''
  return (
    <p class="note">
      As a share of the nearest distance, which can be held against other models, the median is{' '}
      {nearestTimes(median)}.
      {auc === null || errorAuc === null ? '' : ` In that form AUC is ${auc.toFixed(2)}${line}.`}
    </p>
  )
}

/** A share of the nearest distance; many times it where rows are nearly repeated. */
function nearestTimes(value: number): string {
  return Math.abs(value) < 10 ? share(value) : `${decimal(value)} times it`
}

function marginTitle(figures: MarginFigures): string {
  if (figures.id === 'class') {
    const negative = figures.wrong.reduce((sum, rows) => sum + rows, 0)
    return negative === 0
      ? 'Every row is nearer to its own class than to another.'
      : `${counted(negative, 'row is', 'rows are')} no nearer to their own class than to another.`
  }
  const auc = figures.errorAuc
  if (auc === null) return `${figures.title}: ${untestable(figures)}.`
  const score = `AUC ${auc.toFixed(2)}`
  if (figures.predictsErrors === null) {
    return `${figures.title}: too few errors, or too few right rows, to test it (${score}).`
  }
  if (!figures.predictsErrors) {
    return `A small ${figures.title.toLowerCase()} does not tell errors from the rest (${score}).`
  }
  return `A small ${figures.title.toLowerCase()} ${auc >= 0.85 ? 'tells errors well' : 'hints at errors'} (${score}).`
}

function untestable({ right }: MarginFigures): string {
  return right.some((rows) => rows > 0) ? 'no errors to predict' : 'nothing but errors'
}

function Coverage({ view }: { view: RunView }) {
  const { report } = view
  const shown = report.margins.figures.filter(
    (figures) => figures.riskCoverage.length > 1 && figures.errorAuc !== null,
  )
  if (shown.length === 0) return null
  const accuracy = report.metrics.nearest_neighbor_accuracy?.value ?? null
  const at = (figures: MarginFigures, kept: number) =>
    figures.riskCoverage.reduce((best, point) =>
      Math.abs(point[0] - kept) < Math.abs(best[0] - kept) ? point : best,
    )[1]
  const best = shown.reduce((a, b) => ((b.errorAuc ?? 0) > (a.errorAuc ?? 0) ? b : a))
  return (
    <Figure
      title={coverageTitle(best, at(best, 0.8), accuracy)}
      keys={shown.map((figures) => [coverageRole(figures), figures.title])}
      describes="Curve of the accuracy among the rows that are kept, from the largest margins to all rows."
      {...drawnBy<typeof published>(report, 'riskCoverage')}
      view={view}
      table={
        <Table
          caption="Accuracy among the rows that are kept"
          columns={[
            { title: 'Rows kept', number: true, cell: (kept: number) => share(kept) },
            ...shown.map((figures) => ({
              title: figures.title,
              number: true,
              cell: (kept: number) => share(at(figures, kept)),
            })),
          ]}
          rows={[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]}
        />
      }
    >
      <p class="note">
        A curve that falls from 100 % separates right from wrong; one that runs along the dashed
        line (all rows) does not.
      </p>
    </Figure>
  )
}

export function LowMargins({ view }: { view: RunView }) {
  const { report } = view
  const low = report.metrics.neighbor_margin_low_share?.value ?? null
  const { lowThreshold, lowThresholdChosen } = report.margins
  return (
    <p>
      {low === null
        ? ''
        : `${share(low)} of the rows have a neighbour margin under ${setting(lowThreshold)}. `}
      {lowThresholdChosen
        ? 'That threshold comes from the run’s manifest.'
        : `${setting(lowThreshold)} is the threshold that is commonly quoted; it depends on the scale of the distances, so read it beside the run’s own.`}
    </p>
  )
}

function coverageTitle(best: MarginFigures, kept: number, accuracy: number | null): string {
  const name = best.title.toLowerCase()
  if (accuracy === null || kept - accuracy < 0.005) {
    return `Putting aside the rows with the smallest ${name} leaves no better accuracy.`
  }
  return `Of the 80\u00a0% of rows with the largest ${name}, ${share(kept)} are right; of all rows, ${share(accuracy)}.`
}
