/** A row beside its nearest neighbours: pictures, labels, distances, and what the baseline said. */

import { html } from 'hono/html'
import { SHOWN_NEIGHBORS } from '../view/evidence.ts'
import type { RunView } from '../view/run-view.ts'
import { decimal, shortened } from '../words/format.ts'
import { factsOf, tile, tileKind } from './tile.tsx'

/**
 * One entry a row. A template rather than components: a run has thousands of these, and they take a
 * fifth of the time so.
 */
export function NeighborRows({ view, rows }: { view: RunView; rows: readonly number[] }) {
  return <ol class={`neighbors ${tileKind(view)}`}>{rows.map((row) => neighborRow(view, row))}</ol>
}

function neighborRow(view: RunView, row: number) {
  const { rows } = view
  const neighbors: unknown[] = []
  for (let place = 0; place < Math.min(SHOWN_NEIGHBORS, rows.neighborCount); place++) {
    const at = row * rows.neighborCount + place
    const neighbor = rows.neighbors[at] ?? -1
    if (neighbor >= 0) neighbors.push(oneNeighbor(view, row, neighbor, rows.distances[at]!))
  }
  return html`<li>
<div class="self">${tile(view, row)}<p><b>${name(rows.label[row]!, 40)}</b><small>${name(rows.id[row]!, 40)}</small>${facts(view, row)}${before(view, row)}</p></div>
<ol>${neighbors}</ol></li>`
}

function oneNeighbor(view: RunView, row: number, neighbor: number, distance: number) {
  const { rows } = view
  const other = rows.label[neighbor] === rows.label[row] ? '' : html` class="other"`
  return html`<li${other}>${tile(view, neighbor)}<p><b>${name(rows.label[neighbor]!, 28)}</b><span>${decimal(distance)}</span><small>${name(rows.id[neighbor]!, 24)}</small>${view.report.images === null ? facts(view, neighbor) : ''}</p></li>`
}

function name(text: string, limit: number) {
  const short = shortened(text, limit)
  if (short === text) return html`<bdi>${text === '' ? '(empty)' : text}</bdi>`
  return html`<bdi title="${text}">${short}</bdi>`
}

function facts(view: RunView, row: number) {
  const text = factsOf(view, row, 3)
  return text === '' ? '' : html`<small class="facts">${text}</small>`
}

function before(view: RunView, row: number) {
  const { correctInBaseline, nearestInBaseline, label } = view.rows
  const was = correctInBaseline?.[row] ?? -1
  if (was < 0) return ''
  const nearest = nearestInBaseline?.[row] ?? null
  const isRight = was === 1
  const words = isRight
    ? 'right, next to its own class'
    : nearest === null || nearest === label[row]
      ? 'wrong'
      : html`wrong, next to ${name(nearest, 32)}`
  return html`<small class="was">${view.report.comparison?.baseline ?? 'the baseline'}: ${words}</small>`
}
