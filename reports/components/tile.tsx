/** The picture of a row: its tile in the sheet, its own address, or its name where there is no picture. */

import { html } from 'hono/html'
import type { EvidenceKey } from '../view/evidence.ts'
import { nearest, nearestDistance, type RunView } from '../view/run-view.ts'
import { counted, decimal, shortened } from '../words/format.ts'
import { Label } from './label.tsx'

/** The sheet, once a page: tiles are windows on it. */
export function Sheet({ view }: { view: RunView }) {
  const images = view.report.images
  if (images?.kind !== 'sprite') return null
  const [width, height] = images.sheet
  return (
    <svg class="sheet" width="0" height="0" aria-hidden="true">
      <defs>
        <image id="sheet" href={view.fromRun(images.href)} width={width} height={height} />
      </defs>
    </svg>
  )
}

/** The picture alone: what it shows is written beside it. */
export function tile(view: RunView, row: number) {
  const { images } = view.report
  if (images?.kind === 'sprite') {
    const [width, height] = images.tile
    const perLine = Math.max(1, Math.floor(images.sheet[0] / width))
    const place = view.rows.sourceRow[row] ?? row
    const x = (place % perLine) * width
    const y = Math.floor(place / perLine) * height
    return html`<svg viewBox="${x} ${y} ${width} ${height}"><use href="#sheet"/></svg>`
  }
  const address = view.rows.image?.[row] ?? ''
  if (images === null) return ''
  if (address === '') return html`<i></i>`
  return html`<img loading="lazy" decoding="async" src="${view.fromRun(address)}" alt="">`
}

/** What is known of a row beside its label: its first metadata values, of each 120 letters at most. */
export function factsOf({ metadata }: RunView, row: number, most: number): string {
  return metadata
    .slice(0, most)
    .flatMap((column) => {
      const value = column.values[row] ?? ''
      if (value === '' || Number.isNaN(value)) return []
      // A text says what it is by itself, and a short value needs its column's name.
      const isFraction = typeof value === 'number' && !Number.isInteger(value)
      const text = isFraction ? decimal(value, 4) : shortened(String(value), 120)
      return [text.length > 40 ? text : `${column.name} ${text}`]
    })
    .join(' · ')
}

/** What stands for the picture of a row that has none. */
function Facts({ view, row }: { view: RunView; row: number }) {
  const text = factsOf(view, row, 2)
  return text === '' ? null : <small>{text}</small>
}

/** The pictures of a row and of its nearest neighbour alone; nothing where rows have no pictures. */
export function TilePair({ view, id }: { view: RunView; id: string | undefined }) {
  const row = id === undefined ? undefined : view.rowOf(id)
  if (view.report.images === null) return null
  const neighbor = row === undefined ? null : nearest(view.rows, row)
  return (
    <span class={`tiles ${tileKind(view)}`} aria-hidden="true">
      {row === undefined ? <i /> : tile(view, row)}
      {neighbor === null ? <i /> : tile(view, neighbor)}
    </span>
  )
}

/** Small tiles are shown with their pixels. */
export function tileKind({ report: { images } }: RunView): string {
  if (images === null) return 'bare'
  return images.kind === 'sprite' && images.tile[0] <= 24 ? 'coarse' : ''
}

/** A row beside its nearest neighbour. */
function Pair({ view, row, note }: { view: RunView; row: number; note?: string }) {
  const { rows } = view
  const neighbor = nearest(rows, row)
  const pictured = view.report.images !== null
  return (
    <li class={rows.correct[row] === 1 ? 'ok' : undefined}>
      {pictured ? (
        <span class="tiles" aria-hidden="true">
          {tile(view, row)}
          {neighbor === null ? null : tile(view, neighbor)}
        </span>
      ) : null}
      <b>
        <Label text={rows.label[row] ?? ''} limit={36} />
        {neighbor === null ? (
          view.report.input.gallery ? (
            ' (gallery)'
          ) : (
            ' has no neighbour'
          )
        ) : (
          <>
            {' → '}
            <Label text={rows.label[neighbor] ?? ''} limit={36} />
          </>
        )}
      </b>
      <small>
        <Label text={rows.id[row] ?? ''} limit={26} />
        {neighbor === null ? null : (
          <>
            {' → '}
            <Label text={rows.id[neighbor] ?? ''} limit={26} />
          </>
        )}
      </small>
      {pictured ? null : <Facts view={view} row={row} />}
      <small>
        {note ? `${note}, ` : ''}
        distance {decimal(nearestDistance(rows, row))}
      </small>
    </li>
  )
}

/** Rows beside their nearest neighbours; ids that aren't among the rows are counted, not hidden. */
export function Pairs(props: {
  view: RunView
  ids: readonly string[]
  /** How many there are in all; the ids' count unless told. */
  total?: number
  limit: number
  /** What to say of each row, before its distance. */
  note?: string | ((row: number) => string)
  /** Where the rows are shown beside all their neighbours. */
  evidence?: EvidenceKey
}) {
  const known = props.ids.map((id) => props.view.rowOf(id)).filter((row) => row !== undefined)
  const shown = known.slice(0, props.limit)
  const left = (props.total ?? props.ids.length) - shown.length
  const href = props.evidence ? props.view.evidence.href(props.evidence) : null
  return (
    <>
      <ul class={`pairs ${tileKind(props.view)}`}>
        {shown.map((row) => (
          <Pair
            view={props.view}
            row={row}
            note={(typeof props.note === 'function' ? props.note(row) : props.note) ?? ''}
          />
        ))}
      </ul>
      <MoreRows view={props.view} left={left} href={href} />
    </>
  )
}

function MoreRows(props: { view: RunView; left: number; href: string | null }) {
  const { view, left, href } = props
  if (href !== null) {
    return (
      <p class="rest">
        <a href={view.fromRun(href)}>
          {left > 0 ? `${counted(left, 'more row')}, all` : 'These rows'} beside their neighbours
        </a>
      </p>
    )
  }
  if (left <= 0) return null
  return (
    <p class="rest">
      {counted(left, 'more row')}: all ids are in{' '}
      <a href={view.fromRun('report.json')}>report.json</a>, all rows in{' '}
      <a href={view.fromRun('rows.parquet')}>rows.parquet</a>.
    </p>
  )
}
