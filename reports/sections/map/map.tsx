/** The map of a run: every row a dot, drawn as a few paths so that ten thousand weigh little. */

import type { MapCoordinates } from '../../../lib/core/projection.ts'
import type { Rows } from '../../../lib/core/rows.ts'
import { Behind } from '../../components/behind.tsx'
import { Keys } from '../../components/figure.tsx'
import type { RunView } from '../../view/run-view.ts'
import { hasNoMatch } from '../../words/bare-case.ts'
import { count, counted, named } from '../../words/format.ts'
import { bestMaps } from './map-parts.ts'
import { MAP_SCRIPT } from './map-script.ts'
import * as snippets from './snippets.ts'

const WIDTH = 640
const HEIGHT = 400
const EDGE = 10
/** Dots are written band by band, so that most moves are short. */
const BAND = 6
/** Rows that are drawn at most; errors first. */
const MOST_DOTS = 5_000

interface Dots {
  readonly role: 'plain' | 'first' | 'second' | 'bad'
  readonly rows: readonly number[]
}

export function MapFigure({ view }: { view: RunView }) {
  const { report, rows } = view
  const worst = report.confusion.pairs[0]
  const best = bestMaps(view)[0]
  if (best === undefined) return null
  const shown = drawnRows(rows, best.map)
  const place = placer(best.map)
  const groups: Dots[] = [
    { role: 'plain', rows: pick(rows, shown, (label) => label !== worst?.a && label !== worst?.b) },
    { role: 'first', rows: pick(rows, shown, (label) => label === worst?.a) },
    { role: 'second', rows: pick(rows, shown, (label) => label === worst?.b) },
    { role: 'bad', rows: shown.filter((row) => rows.correct[row] !== 1) },
  ]
  const errors = groups[3]!.rows.length
  const isCrowded = errors > shown.length / 5
  const says = hasNoMatch(report)
    ? 'No row has another of its class to find, so every row counts as an error.'
    : worst
      ? `Errors sit where classes meet; ${named(worst.a, 24)} and ${named(worst.b, 24)} meet most often.`
      : 'No row’s nearest neighbour is of another class.'
  return (
    <figure class="figure map" data-map={view.loadsScripts ? MAP_SCRIPT : undefined}>
      <figcaption>{says}</figcaption>
      <Keys
        keys={[
          ...(worst
            ? ([
                ['first', named(worst.a, 24)],
                ['second', named(worst.b, 24)],
              ] as const)
            : []),
          ['plain', worst ? 'other rows' : 'rows'],
          ['bad', 'errors'],
        ]}
      />
      <svg
        class="dots"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Map of ${counted(shown.length, 'row')} by ${best.figures.title}, ${counted(errors, 'error')} marked. ${says}`}
      >
        {groups.map((group) =>
          group.rows.length === 0 ? null : (
            <path
              class={`dot-${group.role}${isCrowded ? ' crowded' : ''}`}
              d={dotPath(group.rows, place)}
            />
          ),
        )}
        {classNames(view, place, shown).map(({ label, x, y }) => (
          <text x={x} y={y} class="dot-name">
            {named(label, 22)}
          </text>
        ))}
      </svg>
      <p class="note">
        {best.note}
        {shown.length < best.figures.rows
          ? ` ${count(shown.length)} of them are drawn: all errors that fit, and an even sample of the others.`
          : ''}
      </p>
      <Behind code={snippets.map} view={view} />
    </figure>
  )
}

/** All rows, or all errors and every n-th of the others. */
function drawnRows(rows: Rows, { x, y }: MapCoordinates): number[] {
  const all = [...rows.id.keys()].filter(
    (row) => Number.isFinite(x[row]!) && Number.isFinite(y[row]!),
  )
  if (all.length <= MOST_DOTS) return all
  const wrong = every(
    all.filter((row) => rows.correct[row] !== 1),
    MOST_DOTS / 2,
  )
  const right = every(
    all.filter((row) => rows.correct[row] === 1),
    MOST_DOTS - wrong.length,
  )
  return [...right, ...wrong]
}

function every(rows: readonly number[], most: number): number[] {
  const step = Math.max(1, rows.length / most)
  return Array.from(
    { length: Math.min(rows.length, Math.floor(most)) },
    (_, place) => rows[Math.floor(place * step)]!,
  )
}

function pick(rows: Rows, shown: readonly number[], belongs: (label: string) => boolean): number[] {
  return shown.filter((row) => rows.correct[row] === 1 && belongs(rows.label[row]!))
}

type Placer = (row: number) => readonly [x: number, y: number]

/** Both axes in one scale, so that distances on the map compare in every direction. */
function placer(map: MapCoordinates): Placer {
  const range = (values: Float32Array) => {
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const value of values) {
      if (!Number.isFinite(value)) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    return { middle: (low + high) / 2, size: high - low }
  }
  const x = range(map.x)
  const y = range(map.y)
  const scale =
    Math.min((WIDTH - 2 * EDGE) / (x.size || 1), (HEIGHT - 2 * EDGE) / (y.size || 1)) || 1
  return (row) => [
    Math.round(WIDTH / 2 + (map.x[row]! - x.middle) * scale),
    Math.round(HEIGHT / 2 - (map.y[row]! - y.middle) * scale),
  ]
}

function band(spot: number): number {
  return Math.floor(spot / 4096 / BAND)
}

/** Zero-length strokes with round caps; each move is relative to the last dot, dots on one spot are one. */
function dotPath(rows: readonly number[], place: Placer): string {
  const spots = new Set<number>()
  for (const row of rows) {
    const [x, y] = place(row)
    spots.add(y * 4096 + x)
  }
  let path = ''
  let lastX = 0
  let lastY = 0
  for (const spot of [...spots].sort((a, b) => band(a) - band(b) || (a % 4096) - (b % 4096))) {
    const x = spot % 4096
    const y = Math.floor(spot / 4096)
    const dx = x - lastX
    const dy = y - lastY
    path += `m${dx}${dy < 0 ? dy : ` ${dy}`}h0`
    lastX = x
    lastY = y
  }
  return path
}

/** Names of the classes of the worst pairs, or of all where they are few, at the middle of their rows. */
function classNames(
  view: RunView,
  place: Placer,
  shown: readonly number[],
): { label: string; x: number; y: number }[] {
  const { report, rows } = view
  const few = report.classes.length <= 12
  const wanted = new Set(
    few
      ? report.classes.map((figures) => figures.label)
      : report.confusion.pairs.slice(0, 4).flatMap((pair) => [pair.a, pair.b]),
  )
  const spots = new Map<string, { xs: number[]; ys: number[] }>()
  for (const row of shown) {
    const label = rows.label[row]!
    if (!wanted.has(label)) continue
    const spot = spots.get(label) ?? { xs: [], ys: [] }
    const [x, y] = place(row)
    spot.xs.push(x)
    spot.ys.push(y)
    spots.set(label, spot)
  }
  const middle = (values: number[]) =>
    values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  const taken: { x: number; y: number }[] = []
  return [...spots].flatMap(([label, { xs, ys }]) => {
    const x = Math.max(45, Math.min(WIDTH - 45, middle(xs)))
    const y = Math.max(14, Math.min(HEIGHT - 6, middle(ys)))
    if (taken.some((other) => Math.abs(other.x - x) < 80 && Math.abs(other.y - y) < 13)) return []
    taken.push({ x, y })
    return [{ label, x, y }]
  })
}
