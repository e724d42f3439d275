/** What a reader of all that a site holds tries to get at a row's vector, who knows the uploads' classes and nothing of their vectors. */

import { parquetReadObjects } from 'hyparquet'
import type { Store } from '../../lib/core/store.ts'

/** A run as the attack is judged by it: what the reader is not to find out. */
export interface AttackedRun {
  readonly ids: readonly string[]
  readonly labels: readonly string[]
  readonly vectors: readonly Float64Array[]
}

export interface Leak {
  readonly how: string
  /** Rows whose vector, or whose mean, is found: fewer than five. */
  readonly rows: readonly string[]
}

const FEWEST_ROWS = 5
/** So many numbers that go up and down as a vector's do are that vector, scaled and shifted as may be. */
const LEAST_WINDOW = 8
const LIKE = 0.9999

/** Every run of numbers in every file: lists, columns, rows, attributes of charts, packed arrays. */
export async function publishedNumbers(site: Store): Promise<number[][]> {
  const found: number[][] = []
  for await (const { key } of site.list('')) {
    const { body } = (await site.get(key))!
    if (key.endsWith('.parquet')) found.push(...(await parquetNumbers(body)))
    else if (!/\.(png|jpg|webp|gif|avif)$/.test(key)) {
      found.push(...textNumbers(new TextDecoder().decode(body)))
    }
  }
  return found.filter(({ length }) => length > 0)
}

async function parquetNumbers(body: Uint8Array): Promise<number[][]> {
  const rows = await parquetReadObjects({ file: new Uint8Array(body).buffer })
  const names = Object.keys(rows[0] ?? {})
  const isNumber = (value: unknown): value is number => typeof value === 'number'
  const columns = names.map((name) => rows.map((row) => row[name]).filter(isNumber))
  const across = rows.map((row) => names.map((name) => row[name]).filter(isNumber))
  const lists = rows.flatMap((row) =>
    names
      .map((name) => row[name])
      .filter((value) => Array.isArray(value) || ArrayBuffer.isView(value))
      .map((value) => Array.from(value as ArrayLike<unknown>).filter(isNumber)),
  )
  return [...columns, ...across, ...lists]
}

const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g
/** What may stand between the numbers of a list, a path or a table. */
const BETWEEN = /^[\s,;|()[\]MLHVCQZmlhvcqz]*$/
const PACKED = /[A-Za-z0-9+/]{22,}={0,2}/g

function textNumbers(text: string): number[][] {
  const found: number[][] = []
  let run: number[] = []
  let end = -1
  for (const match of text.matchAll(NUMBER)) {
    const between = end < 0 ? 'x' : text.slice(end, Math.min(match.index, end + 40))
    if (!BETWEEN.test(between)) {
      found.push(run)
      run = []
    }
    run.push(Number(match[0]))
    end = match.index + match[0].length
  }
  found.push(run)
  for (const [packed] of text.matchAll(PACKED)) {
    const bytes = new Uint8Array(Buffer.from(packed, 'base64'))
    for (const Type of [Float32Array, Float64Array, Uint16Array, Int8Array]) {
      const count = Math.floor(bytes.byteLength / Type.BYTES_PER_ELEMENT)
      const values = new Type(bytes.buffer, 0, count)
      if (count > 0 && values.every(Number.isFinite)) found.push([...values])
    }
  }
  return found
}

/** Numbers in a row that go up and down as half of a row's vector does, or that of a small class's mean. */
export function likeVectors(numbers: readonly number[][], run: AttackedRun): Leak[] {
  const dimensions = run.vectors[0]!.length
  const width = LEAST_WINDOW
  if (dimensions < width) return []
  // Half of a long vector holds the eight numbers before its middle, or the eight after.
  const middle = Math.floor(dimensions / 2)
  const places =
    dimensions < 4 * width
      ? Array.from({ length: dimensions - width + 1 }, (_, at) => at)
      : [middle - width, middle]
  const windows = new Map<string, Float64Array>()
  for (const list of numbers) {
    for (let at = 0; at + width <= list.length; at++) {
      const window = standardized(list.slice(at, at + width))
      if (window) windows.set(window.join(), window)
    }
  }
  const leaks: Leak[] = []
  for (const { rows, vector } of secrets(run)) {
    const parts: Float64Array[] = []
    for (const at of places) {
      const part = standardized([...vector.slice(at, at + width)])
      if (part) parts.push(part)
    }
    for (const window of windows.values()) {
      if (parts.some((part) => Math.abs(dot(part, window)) > LIKE)) {
        leaks.push({ how: 'numbers that go as it does', rows })
        break
      }
    }
  }
  return leaks
}

/** Vectors of rows and means of small classes, as they are, less the mean of all, and so as unit vectors. */
function secrets(run: AttackedRun): { rows: readonly string[]; vector: Float64Array }[] {
  const forms = [run.vectors, run.vectors.map(unit)]
  return forms.flatMap((vectors, form) => {
    const all = meanOf(vectors)
    const groups = [
      ...run.ids.map((_, row) => [row]),
      ...[...new Set(run.labels)].map((label) =>
        [...run.ids.keys()].filter((row) => run.labels[row] === label),
      ),
    ].filter(({ length }) => length < FEWEST_ROWS)
    return groups.flatMap((rows) => {
      const vector = meanOf(rows.map((row) => vectors[row]!))
      const names = rows.map((row) => run.ids[row]!)
      const centred = { rows: names, vector: vector.map((value, d) => value - all[d]!) }
      // Scaling one vector changes nothing of how its numbers go.
      return form === 1 && rows.length === 1 ? [centred] : [{ rows: names, vector }, centred]
    })
  })
}

/**
 * Lists that are the mean of a group of rows of a run, all of them or a class: what a program that wrote
 * them would say of them. Which small groups follow from them by adding and subtracting, over all runs?
 * A row that is in several runs has the same vector in each.
 */
export function impliedGroups(
  numbers: readonly number[][],
  runs: readonly AttackedRun[],
): (Leak & { readonly error: number })[] {
  const vectorOf = new Map(
    runs.flatMap(({ ids, vectors }) => ids.map((id, row) => [id, vectors[row]!] as const)),
  )
  const ids = [...vectorOf.keys()]
  const place = new Map(ids.map((id, at) => [id, at]))
  const dimensions = runs[0]!.vectors[0]!.length
  const lists = numbers.filter(({ length }) => length === dimensions)
  const known: { members: Float64Array; sum: Float64Array }[] = []
  for (const run of runs) {
    const groups = [
      [...run.ids.keys()],
      ...[...new Set(run.labels)].map((label) =>
        [...run.ids.keys()].filter((row) => run.labels[row] === label),
      ),
    ]
    for (const rows of groups) {
      const mean = meanOf(rows.map((row) => run.vectors[row]!))
      const list = lists.find((one) => distance(one, mean) <= 1e-4 * norm(mean))
      if (!list) continue
      const members = new Float64Array(ids.length)
      for (const row of rows) members[place.get(run.ids[row]!)!] = 1
      known.push({ members, sum: Float64Array.from(list, (value) => value * rows.length) })
    }
  }
  reduce(known)
  const small = [...ids.map((id) => [id]), ...runs.flatMap(smallUnions)]
  const leaks = new Map<string, Leak & { error: number }>()
  for (const rows of small) {
    const members = new Float64Array(ids.length)
    const sum = new Float64Array(dimensions)
    for (const id of rows) members[place.get(id)!] = 1
    for (const step of known) {
      const pivot = step.members.findIndex((value) => Math.abs(value) > 1e-9)
      if (pivot < 0 || Math.abs(members[pivot]!) < 1e-9) continue
      const factor = members[pivot]! / step.members[pivot]!
      for (const [at, value] of step.members.entries()) members[at]! -= factor * value
      for (const [d, value] of step.sum.entries()) sum[d]! += factor * value
    }
    if (members.some((value) => Math.abs(value) > 1e-9)) continue
    const mean = meanOf(rows.map((id) => vectorOf.get(id)!))
    const found = sum.map((value) => value / rows.length)
    leaks.set(rows.join(), { how: 'means of groups', rows, error: distance(found, mean) })
  }
  return [...leaks.values()]
}

/** Rows of small classes of a run, alone and together: what is left when the others are taken away. */
function smallUnions({ ids, labels }: AttackedRun): string[][] {
  const unions: string[][] = [[]]
  for (const label of new Set(labels)) {
    const members = ids.filter((_, row) => labels[row] === label)
    for (const union of [...unions]) {
      if (union.length + members.length < FEWEST_ROWS) unions.push([...union, ...members])
    }
  }
  return unions.filter(({ length }) => length > 0)
}

/** Gauss: each list is left with a member that no later one has. */
function reduce(known: { members: Float64Array; sum: Float64Array }[]): void {
  for (let at = 0; at < known.length; at++) {
    const { members, sum } = known[at]!
    const pivot = members.findIndex((value) => Math.abs(value) > 1e-9)
    if (pivot < 0) continue
    for (const later of known.slice(at + 1)) {
      const factor = later.members[pivot]! / members[pivot]!
      if (factor === 0) continue
      for (const [one, value] of members.entries()) later.members[one]! -= factor * value
      for (const [d, value] of sum.entries()) later.sum[d]! -= factor * value
    }
  }
}

/**
 * Where two of the published columns give the vectors of all rows at once, turned, scaled and shifted as
 * may be: the share of the least told dimension's variance that the best two columns explain.
 */
export function explainedByColumns(columns: readonly number[][], run: AttackedRun): number {
  const dimensions = run.vectors[0]!.length
  const rows = run.ids.length
  const whole = columns.filter((column) => column.length === rows && standardized(column))
  const pairs = whole.flatMap((one, at) =>
    dimensions === 1 ? [[one]] : whole.slice(at + 1).map((other) => [one, other]),
  )
  return pairs.reduce((best, pair) => {
    const shares = Array.from({ length: dimensions }, (_, d) =>
      explained(
        pair,
        run.vectors.map((vector) => vector[d]!),
      ),
    )
    return Math.max(best, Math.min(...shares))
  }, 0)
}

/** Of the variance of `values`, the share that a linear function of the columns has. */
function explained(columns: readonly (readonly number[])[], values: readonly number[]): number {
  const target = standardized([...values])
  if (!target) return 0
  const basis: Float64Array[] = []
  for (const column of columns) {
    const own = standardized([...column])!
    for (const other of basis) {
      const share = dot(own, other)
      for (const [at, value] of other.entries()) own[at]! -= share * value
    }
    const length = norm(own)
    if (length > 1e-6) basis.push(own.map((value) => value / length))
  }
  return basis.reduce((sum, one) => sum + dot(one, target) ** 2, 0)
}

function standardized(values: readonly number[]): Float64Array | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const off = Float64Array.from(values, (value) => value - mean)
  const length = norm(off)
  return Number.isFinite(length) && length > 1e-12 * (1 + Math.abs(mean))
    ? off.map((value) => value / length)
    : null
}

function meanOf(vectors: readonly Float64Array[]): Float64Array {
  return vectors[0]!.map(
    (_, d) => vectors.reduce((sum, vector) => sum + vector[d]!, 0) / vectors.length,
  )
}

function unit(vector: Float64Array): Float64Array {
  const length = norm(vector) || 1
  return vector.map((value) => value / length)
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}

function norm(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector))
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(...Array.from(a, (value, at) => value - b[at]!))
}
