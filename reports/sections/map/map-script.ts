/** `map.js`: the data of the interactive map and the script that shows it, loaded once it is looked at. */

import { scriptJson } from '../../../lib/core/escape.ts'
import type { MapCoordinates } from '../../../lib/core/projection.ts'
import type { Column } from '../../../lib/core/table.ts'
import {
  ABSENT,
  type MapData,
  NO_CODE,
  type PackedImages,
  type PackedMap,
  type PackedSlice,
} from '../../client/map-data.ts'
import { reportFile } from '../../files/report-file.ts'
import type { RunView } from '../../view/run-view.ts'
import { bestMaps } from './map-parts.ts'

export const MAP_SCRIPT = 'map.js'

/** Columns to colour by, and values of one. */
const MOST_SLICES = 16
const MOST_VALUES = 50
/** Classes that colours can tell apart. */
const TOLD = 8
const NUMBER_STEPS = 254

/** @param before where the baseline's maps have each row, in the places of this run's */
export function mapScript(view: RunView, before: readonly MapCoordinates[]): string {
  return `globalThis.nearmissMap=${scriptJson(mapData(view, before))};\n${reportFile('client/map.js').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')}`
}

export function mapData(view: RunView, before: readonly MapCoordinates[]): MapData {
  const { report, rows } = view
  const total = rows.id.length
  const classes = report.classes.map(({ label }) => label)
  const codeOf = new Map(classes.map((label, code) => [label, code]))
  const first = Int32Array.from({ length: total }, (_, row) =>
    rows.neighborCount === 0 ? -1 : rows.neighbors[row * rows.neighborCount]!,
  )
  const told = report.classes
    .map(({ errors, rows: size }, code) => ({ errors, size, code }))
    .sort((a, b) => b.errors - a.errors || b.size - a.size || a.code - b.code)
    .slice(0, TOLD)
  const baseline = report.comparison?.baseline ?? null
  return {
    rows: total,
    run: report.run,
    maps: bestMaps(view).map(({ figures, map, note }) =>
      packMap(
        map,
        before.find(({ method }) => method === map.method && figures.alignedTo !== null),
        figures.title,
        note,
      ),
    ),
    ids: rows.id.map((id) => id.replaceAll('\n', ' ')).join('\n'),
    classes,
    told: told.map(({ code }) => code),
    label: packed(Int32Array.from(rows.label, (label) => codeOf.get(label) ?? 0)),
    right: packed(rows.correct),
    before:
      rows.correctInBaseline === null || baseline === null
        ? null
        : {
            run: baseline,
            right: packed(Uint8Array.from(rows.correctInBaseline, (flag) => (flag < 0 ? 2 : flag))),
          },
    nearest: packed(first),
    distance: packed(
      Float32Array.from({ length: total }, (_, row) => rows.distances[row * rows.neighborCount]!),
    ),
    margin: packed(Float32Array.from(rows.predictionMargin)),
    slices: view.metadata.flatMap(packSlice).slice(0, MOST_SLICES),
    images: packImages(view),
    evidence: view.evidence.pages.flat().map(({ title, keys, rows: shown }) => ({
      title,
      href: view.evidence.href(keys[0]!) ?? '',
      rows: packed(Int32Array.from(shown)),
    })),
  }
}

/** Both axes in one scale, the earlier places in the same, and a margin around them all. */
function packMap(
  { x, y }: MapCoordinates,
  before: MapCoordinates | undefined,
  title: string,
  note: string,
): PackedMap {
  const range = (values: Float32Array) => {
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const value of values) {
      if (!Number.isFinite(value)) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    return low <= high ? { low, high } : { low: 0, high: 0 }
  }
  const across = range(x)
  const along = range(y)
  const size = Math.max(across.high - across.low, along.high - along.low) || 1
  const pack = (values: Float32Array, low: number) =>
    packed(
      Uint16Array.from(values, (value) => {
        if (!Number.isFinite(value)) return ABSENT
        return Math.max(0, Math.min(ABSENT - 1, Math.round(((value - low) / size) * (ABSENT - 1))))
      }),
    )
  return {
    title,
    note,
    x: pack(x, across.low),
    y: pack(y, along.low),
    before: before ? { x: pack(before.x, across.low), y: pack(before.y, along.low) } : null,
  }
}

/** Nothing where the column tells the rows apart by too many values, or by none. */
function packSlice({ name, type, values }: Column): PackedSlice[] {
  const texts = new Map<string, number>()
  for (const value of values) {
    const text = typeof value === 'number' && Number.isNaN(value) ? '' : String(value)
    if (text !== '' && !texts.has(text)) texts.set(text, texts.size)
    if (texts.size > MOST_VALUES) break
  }
  if (texts.size < 2) return []
  if (texts.size <= MOST_VALUES) {
    const codes = Uint8Array.from(
      values as ArrayLike<string | number>,
      (value) => texts.get(String(value)) ?? NO_CODE,
    )
    return [{ name, values: [...texts.keys()], low: 0, high: 0, codes: packed(codes) }]
  }
  if (type === 'text') return []
  const numbers = values.filter(Number.isFinite)
  const low = numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const codes = Uint8Array.from(values, (value) =>
    Number.isFinite(value)
      ? Math.round(((value - low) / (high - low || 1)) * NUMBER_STEPS)
      : NO_CODE,
  )
  return [{ name, values: null, low, high, codes: packed(codes) }]
}

function packImages({ report, rows }: RunView): PackedImages | null {
  if (report.images?.kind === 'sprite') {
    const { tile, sheet } = report.images
    const perLine = Math.max(1, Math.floor(sheet[0] / tile[0]))
    return { kind: 'sprite', tile, perLine, place: packed(rows.sourceRow) }
  }
  const given = rows.image?.filter((address) => address !== '') ?? []
  if (report.images === null || rows.image === null || given.length === 0) return null
  let start = given[0]!
  for (const address of given) {
    while (!address.startsWith(start)) start = start.slice(0, -1)
  }
  const rest = rows.image.map((address) => (address === '' ? '' : `${address.slice(start.length)}`))
  // An address that is nothing but the start would read as none.
  return given.includes(start)
    ? { kind: 'links', start: '', rest: rows.image.join('\n') }
    : { kind: 'links', start, rest: rest.join('\n') }
}

function packed(values: Uint8Array | Uint16Array | Int32Array | Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
}
