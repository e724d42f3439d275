/** The top of a run's page: the verdict, and the figures that people quote. */

import type { Figure } from '../../../lib/core/figure.ts'
import { HEADLINE_FIGURES } from '../../../lib/core/headline.ts'
import type { Report } from '../../../lib/core/report.ts'
import { Label } from '../../components/label.tsx'
import { VerdictText } from '../../components/verdict-text.tsx'
import { caveats } from '../../words/caveats.ts'
import {
  boundsText,
  change,
  changeFrom,
  count,
  counted,
  dateTime,
  figureText,
  interval,
  tieText,
} from '../../words/format.ts'
import { verdict } from '../../words/verdict.ts'

/** Lines under the headline; further ones are linked. */
const CAVEATS = 3

export function Verdict({ report }: { report: Report }) {
  const { input, model } = report
  const name = [model.name, model.version].filter((part) => part !== null).join(' ')
  const tone = report.comparison?.verdict
  return (
    <div class={`verdict ${tone === 'better' ? 'up' : tone === 'worse' ? 'down' : ''}`}>
      <p class="facts-line">
        <span>
          Run <Label text={report.run} limit={60} />
        </span>
        <time datetime={report.createdAt}>{dateTime(report.createdAt)}</time>
        {name ? (
          <span>
            <Label text={name} limit={60} />
          </span>
        ) : null}
        <span>
          {input.gallery
            ? `${counted(input.evaluatedRows, 'query', 'queries')} against ${counted(input.gallery.rows, 'row')}`
            : counted(input.evaluatedRows, 'row')}
          , {counted(input.dimensions, 'dimension')}, {counted(input.classes, 'class', 'classes')}
        </span>
        <span>{report.metric} distance</span>
      </p>
      <h1>
        <VerdictText text={verdict(report)} />
      </h1>
      <Caveats report={report} />
      {report.comparison === null ? (
        <p class="lede">{report.comparisonNote}</p>
      ) : (
        <p class="lede">
          Against{' '}
          <a href={`../${report.comparison.baseline}/index.html`}>{report.comparison.baseline}</a>,
          row by row. Fixed means: its nearest neighbour has its label now and had another one
          before. Broken is the reverse.
        </p>
      )}
    </div>
  )
}

/** What makes the headline less sure than it reads; nothing where nothing does. */
function Caveats({ report }: { report: Report }) {
  const all = caveats(report)
  if (all.length === 0) return null
  const shown = all.slice(0, CAVEATS)
  return (
    <ul class="caveats" aria-label="What qualifies this">
      {shown.map(({ says, href }, place) => (
        <li>
          {says}. <a href={href}>Details</a>
          {place === CAVEATS - 1 && all.length > CAVEATS ? (
            <>
              {' · '}
              <a href="#input">{count(all.length - CAVEATS)} more</a>
            </>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

export function Headline({ report }: { report: Report }) {
  const before = report.comparison?.metrics ?? {}
  return (
    <dl class="headline">
      {HEADLINE_FIGURES.page.flatMap((id) => {
        const figure = report.metrics[id]
        return figure ? [<Quoted figure={figure} before={before[id] ?? null} />] : []
      })}
    </dl>
  )
}

function Quoted({ figure, before }: { figure: Figure; before: number | null }) {
  const { value, unit } = figure
  const tied = tieText(figure)
  const difference = value === null || before === null ? null : value - before
  return (
    <div>
      <dt>{figure.title}</dt>
      <dd>
        <span class="value">{figureText(value, unit)}</span>
        {difference === null ? null : (
          <span class="delta">
            {unit === 'share' ? `${change(100 * difference)} points` : changeFrom(before!, value!)}
          </span>
        )}
        {value !== null && (unit === 'share' || unit === 'number') ? (
          <Scale figure={figure} value={value} before={before} />
        ) : null}
        {value === null ? (
          <span class="small">{figure.note ?? 'can’t be computed here'}</span>
        ) : (
          <>
            {figure.interval ? (
              <span class="small">95 %: {interval(figure.interval, unit)}</span>
            ) : null}
            <span class="small">{limitsText(figure)}</span>
            {tied === null ? null : <span class="small">by order of equal distances: {tied}</span>}
          </>
        )}
      </dd>
    </div>
  )
}

/** What random neighbours and a perfect model reach here, and whether all rows were counted. */
function limitsText({ chance, ceiling, exactness, bounds, unit }: Figure): string {
  return [
    chance === null ? '' : `chance ${figureText(chance, unit)}`,
    ceiling === undefined || ceiling >= 1 ? '' : `at best ${figureText(ceiling, unit)}`,
    bounds !== undefined
      ? `for sure ${boundsText(bounds, unit)}`
      : exactness === 'exact'
        ? ''
        : exactness,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** The figure on its scale: interval as a band, chance and what is at best as ticks, the earlier run as a ring. */
function Scale(props: { figure: Figure; value: number; before: number | null }) {
  const { figure, value, before } = props
  const low = figure.unit === 'share' ? 0 : -1
  const at = (number: number) => 4 + (152 * (Math.max(low, Math.min(1, number)) - low)) / (1 - low)
  const x = (number: number) => at(number).toFixed(1)
  return (
    <svg class="scale" viewBox="0 0 160 14" aria-hidden="true">
      <path class="scale-line" d="M4 7h152" />
      {figure.chance === null ? null : (
        <path class="scale-chance" d={`M${x(figure.chance)} 2v10`} />
      )}
      {figure.ceiling === undefined || figure.ceiling >= 1 ? null : (
        <path class="scale-chance" d={`M${x(figure.ceiling)} 2v10`} />
      )}
      {figure.interval ? (
        <path class="scale-band" d={`M${x(figure.interval[0])} 7H${x(figure.interval[1])}`} />
      ) : null}
      {before === null ? null : <circle class="scale-before" cx={x(before)} cy="7" r="3" />}
      <circle class="scale-value" cx={x(value)} cy="7" r="3.5" />
    </svg>
  )
}
