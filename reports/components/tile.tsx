/** The picture of a row: its tile in the sheet, its own address, or its name where there is no picture. */

import { counted, decimal } from '../format.ts'
import { nearest, nearestDistance, type RunView } from '../run-view.ts'
import { Label } from './label.tsx'

/** The sheet, once a page: tiles are windows on it. */
export function Sheet({ view }: { view: RunView }) {
  const images = view.report.images
  if (images?.kind !== 'sprite') return null
  const [width, height] = images.sheet
  return (
    <svg class="sheet" width="0" height="0" aria-hidden="true">
      <defs>
        <image id="sheet" href={images.href} width={width} height={height} />
      </defs>
    </svg>
  )
}

/** The picture alone: what it shows is written beside it. */
function Tile({ view, row }: { view: RunView; row: number }) {
  const { report, rows } = view
  const address = rows.image?.[row] ?? ''
  if (report.images?.kind === 'sprite') {
    const [width, height] = report.images.tile
    const perLine = Math.max(1, Math.floor(report.images.sheet[0] / width))
    const place = rows.sourceRow[row] ?? row
    const x = (place % perLine) * width
    const y = Math.floor(place / perLine) * height
    return (
      // biome-ignore lint/a11y/noSvgWithoutTitle: hidden with its parent, and named beside it
      <svg viewBox={`${x} ${y} ${width} ${height}`}>
        <use href="#sheet" />
      </svg>
    )
  }
  return report.images?.kind === 'links' && address !== '' ? (
    <img loading="lazy" decoding="async" src={address} alt="" />
  ) : (
    <i />
  )
}

/** What is known of a row that has no picture: a few of its metadata values. */
function Facts({ view, row }: { view: RunView; row: number }) {
  const facts = view.metadata
    .slice(0, 2)
    .map((column) => `${column.name} ${column.values[row] ?? ''}`)
    .filter((text) => text.trim().length > 0)
  return facts.length === 0 ? null : <small>{facts.join(' · ')}</small>
}

/** The pictures of a row and of its nearest neighbour alone; nothing where rows have no pictures. */
export function TilePair({ view, id }: { view: RunView; id: string | undefined }) {
  const row = id === undefined ? undefined : view.rowOf(id)
  if (view.report.images === null) return null
  const neighbor = row === undefined ? null : nearest(view.rows, row)
  return (
    <span class={`tiles ${tileKind(view)}`} aria-hidden="true">
      {row === undefined ? <i /> : <Tile view={view} row={row} />}
      {neighbor === null ? <i /> : <Tile view={view} row={neighbor} />}
    </span>
  )
}

/** Small tiles are shown with their pixels. */
function tileKind({ report: { images } }: RunView): string {
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
          <Tile view={view} row={row} />
          {neighbor === null ? null : <Tile view={view} row={neighbor} />}
        </span>
      ) : null}
      <b>
        <Label text={rows.label[row] ?? ''} limit={36} />
        {neighbor === null ? (
          ' has no neighbour'
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
  note?: string
}) {
  const known = props.ids.map((id) => props.view.rowOf(id)).filter((row) => row !== undefined)
  const shown = known.slice(0, props.limit)
  const left = (props.total ?? props.ids.length) - shown.length
  return (
    <>
      <ul class={`pairs ${tileKind(props.view)}`}>
        {shown.map((row) => (
          <Pair view={props.view} row={row} {...(props.note ? { note: props.note } : {})} />
        ))}
      </ul>
      {left > 0 ? (
        <p class="rest">
          {counted(left, 'more row')}: all ids are in <a href="report.json">report.json</a>, all
          rows in <a href="rows.parquet">rows.parquet</a>.
        </p>
      ) : null}
    </>
  )
}
