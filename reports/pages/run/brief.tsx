/** What a planning meeting needs of a run at a glance: what to fix first, the gates, and the change. */

import type { GateResult } from '../../../lib/core/gate.ts'
import { type Item, openItems, STATE_WORDS as STATES } from '../../../lib/core/item.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import type { Report } from '../../../lib/core/report.ts'
import { Label } from '../../components/label.tsx'
import { TilePair } from '../../components/tile.tsx'
import type { RunView } from '../../view/run-view.ts'
import {
  count,
  counted,
  figureText,
  points,
  pValue,
  sentence,
  stakeText,
  titleText,
} from '../../words/format.ts'

/** As many as a meeting can decide on. */
const FIRST = 5

export function Brief({ view }: { view: RunView }) {
  return (
    <div class="brief">
      <First view={view} />
      <div class="standing">
        <Gates results={view.report.gate.results} />
        <Change report={view.report} />
      </div>
    </div>
  )
}

function First({ view }: { view: RunView }) {
  const open = openItems(view.report)
  return (
    <section aria-labelledby="first-title">
      <h2 id="first-title">Fix first</h2>
      {open.length === 0 ? (
        <p class="note">No finding asks for work now.</p>
      ) : (
        <ol class="first">
          {open.slice(0, FIRST).map((item) => (
            <FirstItem view={view} item={item} />
          ))}
        </ol>
      )}
      {open.length > 0 ? (
        <p class="rest">
          In the order of what is at stake times how sure it is.{' '}
          {open.length > FIRST ? (
            <>
              <a href="#items">All {counted(open.length, 'open item')}</a> ·{' '}
            </>
          ) : null}
          <a href="../../sprint/index.html">Plan the sprint</a>
        </p>
      ) : null}
    </section>
  )
}

function FirstItem({ view, item }: { view: RunView; item: Item }) {
  const { change, measure } = item
  return (
    <li>
      <TilePair view={view} id={item.evidence[0]} />
      <a href={`#${itemSlug(item.id)}`}>{titleText(item, 90)}</a>
      <ul class="tags">
        <li class="owner">{item.owner}</li>
        <li>
          <span class={`chip ${item.state}`}>{STATES[item.state]}</span>
        </li>
        <li>{item.certainty.level}</li>
        {change !== null && Number.isInteger(change.before) ? (
          <li>
            {count(change.before)} → {count(measure.value)} {measure.unit}
          </li>
        ) : null}
      </ul>
      <span class="gain">
        {item.gain > 0 && item.gain >= item.stake ? (
          <>
            <small>up to</small> {points(item.gain)}
          </>
        ) : (
          <small>{stakeText(item)}</small>
        )}
      </span>
    </li>
  )
}

/** Why a gate can't be judged is told in sentences; an interval is a part of one. */
function isSentence(reason: string): boolean {
  return /^\p{Lu}/u.test(reason)
}

const GATE_WORDS = { pass: 'passed', fail: 'failed', unknown: 'can’t be judged' } as const

function Gates({ results }: { results: readonly GateResult[] }) {
  const failed = results.filter(({ passed }) => passed === false).length
  const unjudged = results.filter(({ passed }) => passed === null).length
  return (
    <section aria-labelledby="gates-title">
      <h2 id="gates-title">{gatesTitle(results.length, failed, unjudged)}</h2>
      <ul class="gates">
        {results.map((gate) => {
          const state = gate.passed === null ? 'unknown' : gate.passed ? 'pass' : 'fail'
          return (
            <li class={state}>
              <GateMark state={state} />
              <span>
                {gate.title} <b>{gateValue(gate)}</b>
              </span>
              <span class="gate-rest">
                {GATE_WORDS[state]}: {sentence(gate.requirement)}
                {gate.reason
                  ? `${isSentence(gate.reason) ? '.' : ';'} ${sentence(gate.reason)}`
                  : ''}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function gatesTitle(all: number, failed: number, unjudged: number): string {
  if (all === 0) return 'No gates are set'
  if (failed > 0) return `${count(failed)} of ${counted(all, 'gate')} failed`
  if (unjudged > 0) return `${count(unjudged)} of ${counted(all, 'gate')} can’t be judged`
  return all === 1 ? 'The gate is passed' : `All ${count(all)} gates are passed`
}

function gateValue(gate: GateResult): string {
  return gate.value === null ? 'no value' : figureText(gate.value, gate.unit ?? 'number')
}

function GateMark({ state }: { state: keyof typeof GATE_WORDS }) {
  const path = { pass: 'M3 8.5l3.2 3L13 4.5', fail: 'M4 4l8 8M12 4l-8 8', unknown: 'M4 8h8' }[state]
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}

/** Rows that changed sides, as two bars of one scale. */
function Change({ report }: { report: Report }) {
  const { comparison } = report
  if (comparison === null || comparison.matchedRows === 0) return null
  const sides = [
    ['fixed', 'first', comparison.fixed.length],
    ['broken', 'bad', comparison.broken.length],
  ] as const
  const most = Math.max(1, ...sides.map(([, , rows]) => rows))
  return (
    <section aria-labelledby="change-title">
      <h2 id="change-title">
        Since <Label text={comparison.baseline} limit={32} />
      </h2>
      <ul class="sides">
        {sides.map(([side, role, rows]) => (
          <li>
            <a href="#changes">
              {count(rows)} {side}
            </a>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect class={`f-${role}`} width={((100 * rows) / most).toFixed(1)} height="8" />
            </svg>
          </li>
        ))}
      </ul>
      <p class="note">
        of {counted(comparison.matchedRows, 'row')} in both runs, {pValue(comparison.p)}: the chance
        of a split this uneven if neither run were better
        {report.intervals.cluster === 'group' ? ', where rows of a group turn together' : ''}
      </p>
    </section>
  )
}
