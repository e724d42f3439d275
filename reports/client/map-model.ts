/** The rows of the map as the browser holds them, and the ways in which they can be coloured. */

import { edgeText } from '../../lib/core/edges.ts'
import { ABSENT, type MapData, NO_CODE, unpack } from './map-data.ts'

/** A kind of rows: its colour is a variable of the theme. */
export interface Group {
  readonly name: string
  readonly colour: string
  /** Drawn above those before it, where rows lie on each other. */
  readonly count: number
}

/** Every row's group, the first being the background. */
export interface Colouring {
  readonly name: string
  readonly groups: readonly Group[]
  readonly groupOf: Uint8Array
}

export interface Places {
  readonly title: string
  readonly note: string
  /** 0 to 1; NaN: not on the map. y runs upwards. */
  readonly x: Float32Array
  readonly y: Float32Array
  readonly before: { readonly x: Float32Array; readonly y: Float32Array } | null
}

export interface Model {
  readonly data: MapData
  readonly rows: number
  readonly ids: readonly string[]
  readonly label: Int32Array
  readonly right: Uint8Array
  readonly rightBefore: Uint8Array | null
  readonly nearest: Int32Array
  readonly distance: Float32Array
  readonly margin: Float32Array
  readonly maps: readonly Places[]
  /** Names of the colourings; made when asked for. */
  readonly colourings: readonly string[]
  readonly coloured: (index: number) => Colouring
}

const PALETTE = ['--p1', '--p2', '--p3', '--p4', '--p5', '--p6', '--p7', '--p8']
const STEPS = ['--m1', '--m2', '--m3', '--m4', '--m5']
const PLAIN = '--dot-plain'

export function openModel(data: MapData): Model {
  const rows = data.rows
  const columns = {
    label: unpack(data.label, Int32Array),
    right: unpack(data.right, Uint8Array),
    rightBefore: data.before && unpack(data.before.right, Uint8Array),
    nearest: unpack(data.nearest, Int32Array),
    distance: unpack(data.distance, Float32Array),
    margin: unpack(data.margin, Float32Array),
  }
  const makers: [string, () => Colouring][] = [
    ['error', () => byError(columns.right)],
    ['label', () => byLabel(data, columns.label)],
    ['margin', () => bySteps('margin', columns.margin, 'low', 'high', true)],
  ]
  const { before } = data
  const rightBefore = columns.rightBefore
  if (before && rightBefore) {
    makers.push([
      `change since ${before.run}`,
      () => byChange(columns.right, rightBefore, before.run),
    ])
  }
  for (const slice of data.slices) {
    makers.push([slice.name, () => bySlice(slice)])
  }
  const made = new Map<number, Colouring>()
  return {
    data,
    rows,
    ids: data.ids.split('\n'),
    ...columns,
    maps: data.maps.map(({ title, note, x, y, before: was }) => ({
      title,
      note,
      x: shares(x),
      y: shares(y),
      before: was && { x: shares(was.x), y: shares(was.y) },
    })),
    colourings: makers.map(([name]) => name),
    coloured: (index) => {
      const colouring = made.get(index) ?? makers[index]![1]()
      made.set(index, colouring)
      return colouring
    },
  }
}

function shares(text: string): Float32Array {
  return Float32Array.from(unpack(text, Uint16Array), (value) =>
    value === ABSENT ? Number.NaN : value / (ABSENT - 1),
  )
}

function colouring(
  name: string,
  groups: readonly Omit<Group, 'count'>[],
  groupOf: Uint8Array,
): Colouring {
  const counts = new Array<number>(groups.length).fill(0)
  for (const group of groupOf) counts[group]!++
  return { name, groups: groups.map((group, at) => ({ ...group, count: counts[at]! })), groupOf }
}

function byError(right: Uint8Array): Colouring {
  const groups = [
    { name: 'right', colour: PLAIN },
    { name: 'wrong: its nearest neighbour is of another class', colour: '--c-bad' },
  ]
  return colouring(
    'error',
    groups,
    right.map((flag) => 1 - flag),
  )
}

function byLabel(data: MapData, label: Int32Array): Colouring {
  const place = new Map(data.told.map((code, at) => [code, at + 1]))
  const rest = data.classes.length - data.told.length
  const groups = [
    { name: rest > 0 ? `${rest.toLocaleString('en-US')} other classes` : 'others', colour: PLAIN },
    ...data.told.map((code, at) => ({ name: data.classes[code]!, colour: PALETTE[at]! })),
  ]
  return colouring(
    'label',
    groups,
    Uint8Array.from(label, (code) => place.get(code) ?? 0),
  )
}

function byChange(right: Uint8Array, before: Uint8Array, run: string): Colouring {
  const groups = [
    { name: 'right in both', colour: PLAIN },
    { name: `not in ${run}`, colour: '--p4' },
    { name: 'wrong in both', colour: '--c-second' },
    { name: 'fixed: wrong before, right now', colour: '--c-first' },
    { name: 'broken: right before, wrong now', colour: '--c-bad' },
  ]
  const groupOf = right.map((now, row) => {
    if (before[row] === 2) return 1
    if (now === 1) return before[row] === 1 ? 0 : 3
    return before[row] === 1 ? 4 : 2
  })
  return colouring(`change since ${run}`, groups, groupOf)
}

function bySlice(slice: MapData['slices'][number]): Colouring {
  const codes = unpack(slice.codes, Uint8Array)
  if (slice.values === null) {
    const step = (slice.high - slice.low) / (NO_CODE - 1)
    const values = Float32Array.from(codes, (code) =>
      code === NO_CODE ? Number.NaN : slice.low + code * step,
    )
    return bySteps(slice.name, values, 'low', 'high', false)
  }
  const counts = new Array<number>(slice.values.length).fill(0)
  for (const code of codes) if (code !== NO_CODE) counts[code]!++
  const told = [...counts.keys()]
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, PALETTE.length)
  const groups = [
    { name: 'others', colour: PLAIN },
    ...told.map((code, at) => ({ name: slice.values![code]!, colour: PALETTE[at]! })),
  ]
  const place = new Uint8Array(256)
  for (const [at, code] of told.entries()) place[code] = at + 1
  return colouring(
    slice.name,
    groups,
    codes.map((code) => place[code]!),
  )
}

/** Five groups of as many rows each, by value; `strongLow` gives the low ones the strong colour. */
function bySteps(
  name: string,
  values: Float32Array,
  lowWord: string,
  highWord: string,
  strongLow: boolean,
): Colouring {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const edges = STEPS.slice(1).map(
    (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / STEPS.length)] ?? 0,
  )
  const show = edgeText([...edges, sorted.at(0) ?? 0, sorted.at(-1) ?? 0])
  const text = (value: number | undefined) =>
    value === undefined
      ? ''
      : Number(show(value)).toLocaleString('en-US', { maximumSignificantDigits: 17 })
  const names = STEPS.map((_, at) => {
    if (at === 0) return `${lowWord}: under ${text(edges[0])}`
    if (at === STEPS.length - 1) return `${highWord}: ${text(edges.at(-1))} and more`
    return `${text(edges[at - 1])} to ${text(edges[at])}`
  })
  // The strong colour is drawn last.
  const order = strongLow ? [...STEPS.keys()].reverse() : [...STEPS.keys()]
  const groups = [
    { name: 'none', colour: PLAIN },
    ...order.map((step, at) => ({ name: names[step]!, colour: STEPS[at]! })),
  ]
  const groupOf = Uint8Array.from(values, (value) => {
    if (Number.isNaN(value)) return 0
    let step = 0
    while (step < edges.length && value >= edges[step]!) step++
    return 1 + (strongLow ? STEPS.length - 1 - step : step)
  })
  return colouring(name, groups, groupOf)
}
