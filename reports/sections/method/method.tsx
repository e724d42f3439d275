/** All figures with what they mean, how the run was made, and the way into a notebook. */

import type { Figure as ReportFigure } from '../../../lib/core/figure.ts'
import type { Report } from '../../../lib/core/report.ts'
import { Label } from '../../components/label.tsx'
import { Folded } from '../../components/section.tsx'
import { Table } from '../../components/table.tsx'
import type { RunView } from '../../view/run-view.ts'
import {
  boundsText,
  bytes,
  count,
  counted,
  duration,
  figureText,
  interval,
  tieText,
} from '../../words/format.ts'
import { readingOf } from '../../words/reading.ts'
import { LOADING } from './loading.ts'

export function AllFigures({ view }: { view: RunView }) {
  const { report } = view
  const rows = Object.entries(report.metrics)
  type Entry = readonly [id: string, figure: ReportFigure]
  return (
    <>
      <Table
        caption="All figures of this run"
        titled
        columns={[
          { title: 'Figure', cell: ([, figure]: Entry) => figure.title },
          {
            title: 'Value',
            number: true,
            cell: ([, figure]) => {
              const tied = tieText(figure)
              return (
                <>
                  {figureText(figure.value, figure.unit)}
                  {tied === null ? null : <small> ({tied} by order of equal distances)</small>}
                </>
              )
            },
          },
          {
            title: '95 %',
            number: true,
            cell: ([, figure]) =>
              figure.interval === null && figure.intervalNote ? (
                <small>{figure.intervalNote}</small>
              ) : (
                interval(figure.interval, figure.unit)
              ),
          },
          {
            title: 'Chance',
            number: true,
            cell: ([, figure]) => figureText(figure.chance, figure.unit),
          },
          {
            title: 'At best',
            number: true,
            cell: ([, figure]) => figureText(figure.ceiling ?? null, figure.unit),
          },
          {
            title: 'Mean of classes',
            number: true,
            cell: ([, figure]) => (
              <>
                {figureText(figure.macro, figure.unit)}
                {figure.macroInterval ? (
                  <small> ({interval(figure.macroInterval, figure.unit)})</small>
                ) : null}
              </>
            ),
          },
          {
            title: 'Exactness',
            cell: ([, figure]) =>
              figure.value === null ? (figure.note ?? 'none') : exactnessText(figure),
          },
        ]}
        rows={rows}
        limit={60}
      />
      <Folded name="What each figure means">
        <p>
          Chance is what random neighbours would reach with these classes, and at best what a model
          would of which every row finds all of its class first. Where many distances are equal, the
          order of the rows decides who comes first: every order gives a value in the range that is
          told, and the interval holds for all of them.
        </p>
        <dl class="definitions">
          {rows.map(([id, figure]) => (
            <div>
              <dt>
                {figure.title} <code>{id}</code>
              </dt>
              <dd>
                {figure.reading ? `${readingOf(report, id)} ` : null}
                {figure.definition} {noteOf(figure)}
                <span class="source">{figure.source}</span>
              </dd>
            </div>
          ))}
        </dl>
      </Folded>
    </>
  )
}

/** How exact a value is; where only bounds are known, those. */
function exactnessText({ exactness, bounds, unit }: ReportFigure): string {
  return bounds === undefined ? exactness : `${exactness}: ${boundsText(bounds, unit)}`
}

/** What a value leaves open; why it has no interval too, unless the note says that. */
function noteOf({ note, intervalNote }: ReportFigure) {
  const missing =
    intervalNote && !note?.includes('no interval') ? `no interval: ${intervalNote}` : null
  const notes = [note, missing].filter((text) => text !== null)
  return notes.length === 0 ? null : <em>{notes.join('; ')}. </em>
}

/** What a row may find: it decides what every figure of retrieval means. */
function neighborRule({ input: { gallery, groups } }: Report): string {
  const from = gallery
    ? `of a query among the ${counted(gallery.rows, 'row')} of the gallery; rows of the gallery are asked nothing`
    : 'of each row among all others'
  const not = [
    ...(gallery?.ownRows
      ? [`itself, where it is in the gallery too (${counted(gallery.ownRows, 'query', 'queries')})`]
      : []),
    ...(groups ? [`those of its own ${groups.column} (${counted(groups.count, 'group')})`] : []),
  ]
  return not.length === 0 ? from : `${from}, but for ${not.join(' and ')}`
}

/** What an interval takes to have been drawn. */
function intervalRule({ intervals }: Report): string {
  const drawn =
    intervals.clusters === null
      ? 'each row counts by itself'
      : intervals.cluster === 'class'
        ? `rows of a class count together (${counted(intervals.clusters, 'class', 'classes')})`
        : `rows of a group count together, others by themselves (${count(intervals.clusters)} in all)`
  return `95 %; ${drawn}`
}

/** Which files of settings were read. */
function settingsRead({ input }: Report): string {
  return input.settings.length === 0 ? 'the defaults' : input.settings.join(', then ')
}

export function Provenance({ view }: { view: RunView }) {
  const { report } = view
  const { backend, input, model } = report
  const facts: readonly (readonly [string, unknown])[] = [
    ['Model', [model.name, model.version].filter((part) => part !== null).join(' ') || 'not named'],
    ['Preprocessing', model.preprocessing ?? 'not told'],
    ['Distance', `${report.metric}, ${counted(report.k, 'neighbour')} kept`],
    ['Neighbours', neighborRule(report)],
    ['Intervals', intervalRule(report)],
    ['Backend', `${backend.name} ${backend.version}, ${counted(backend.threads, 'thread')}`],
    ['Settings', settingsRead(report)],
    ['Content', <code class="hash">{input.contentId}</code>],
    ['Made by', `nearmiss ${report.generator.version}`],
    [
      'Time',
      Object.entries(report.timings)
        .map(([stage, { elapsedMs }]) => `${stage} ${duration(elapsedMs)}`)
        .join(' · '),
    ],
  ]
  return (
    <>
      <dl class="provenance">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table
        caption="Files of the upload"
        columns={[
          {
            title: 'File',
            cell: (file: Report['input']['files'][number]) => <Label text={file.name} />,
          },
          { title: 'Size', number: true, cell: (file) => bytes(file.byteLength) },
          {
            title: 'SHA-256',
            cell: ({ sha256, sha256Of }) => (
              <>
                {sha256Of === 'etag' && 'of its etag and size: '}
                <code class="hash">{sha256}</code>
              </>
            ),
          },
        ]}
        rows={input.files}
      />
    </>
  )
}

/** How the data behind every figure gets into a reader's own notebook. */
export function Notebook() {
  return (
    <div id="notebook">
      <pre tabindex={0}>
        <code data-loading>{LOADING}</code>
      </pre>
    </div>
  )
}
