/** Every slice of the rows that metadata makes, tested against the rest, and which of them to name. */

import { SIGNIFICANCE } from '../../core/significance.ts'
import type { SlicedRows, Slices } from '../../core/slices.ts'
import { benjaminiHochberg } from '../../stats/false-discovery.ts'
import { fisherExact } from '../../stats/fisher.ts'
import { heldByClusters } from '../../stats/share-difference.ts'
import { type MetricInput, once } from '../metric.ts'
import { type Grouping, groupingOfRows } from './columns.ts'
import { rowsOf, sliceEntries } from './entry.ts'
import { type Counts, named, type Tested } from './preference.ts'

/** A rate over fewer rows says too little to act on. */
export const FEWEST_ROWS = 20
/** Columns whose pairs are tested: 190 pairs, which bounds the work at any number of columns. */
const MOST_PAIRED = 20
const MOST_LISTED = 60
/** Listed though they don't differ, to show what was looked at. */
const MOST_ALIKE = 12
const SIGNATURE_SEED = 23

/** The section of the report, and any slice by its id, whether or not it is listed there. */
export interface MeasuredSlices {
  readonly report: Slices
  readonly find: (id: string) => SlicedRows | null
}

/**
 * Slices are the groups of every metadata column with 2 to 50 values (numbers and times with more
 * than 12 in quarters) and those that two such columns make together, of 20 rows or more. Slices of
 * the very same rows are tested once, under the shorter name. Each is tested against the rows outside
 * it by Fisher's exact test, Benjamini-Hochberg at 5 % over all. Where rows of a group count together,
 * the p is that of the groups if it is the larger one: rows of a burst are wrong together.
 */
export const slices = once((input): MeasuredSlices => {
  const { dataset, manifest } = input
  const made = dataset.metadata.map((column) => ({
    name: column.name,
    ...groupingOfRows(column, input.rows.evaluated, manifest.columns.time),
  }))
  const groupings = made.filter((entry): entry is Grouping => 'codes' in entry)
  const paired = pairedColumns(groupings)
  const found = count(input, groupings, paired).map((slice) => ({
    ...slice,
    p: heldByGroups(input, groupings, slice),
  }))
  const adjusted = benjaminiHochberg(found.map(({ p }) => p))
  const whole = allRows(input)
  const tested = found.map((slice, at): Tested => {
    const adjustedP = adjusted[at]!
    return {
      ...slice,
      adjustedP,
      difference: adjustedP < SIGNIFICANCE.evidence ? side(slice, whole) : null,
    }
  })
  const explained = named(tested, whole)
  const describe = sliceEntries(input, groupings, whole)
  const different = tested.filter(({ difference }) => difference !== null)
  const listed = [
    ...byP(different).slice(0, MOST_LISTED - MOST_ALIKE),
    ...byP(tested.filter(({ difference }) => difference === null)).slice(0, MOST_ALIKE),
  ]
  const pairs = (paired.length * (paired.length - 1)) / 2
  const possible = (groupings.length * (groupings.length - 1)) / 2
  const report: Slices = {
    list: listed.map((slice) => describe(slice, explained.get(slice.id) ?? null).slice),
    tested: tested.length,
    different: different.length,
    columns: groupings.map(({ name, groups, by }) => ({ name, values: groups.length, by })),
    skipped: made.flatMap((entry) =>
      'reason' in entry ? [{ name: entry.name, reason: entry.reason }] : [],
    ),
    pairs: { tested: pairs, possible },
    note:
      pairs === possible
        ? null
        : `Pairs are tested of the ${MOST_PAIRED} columns with the fewest values: ${pairs.toLocaleString('en-US')} of ${possible.toLocaleString('en-US')} pairs of columns.`,
  }
  return {
    report,
    find(id) {
      const known = tested.find((slice) => slice.id === id)
      const slice = known ?? recount(input, groupings, whole, id)
      return slice === null ? null : describe(slice, explained.get(id) ?? null)
    },
  }
})

/** By what is known before any error is: few values make large slices. */
function pairedColumns(groupings: readonly Grouping[]): readonly number[] {
  return [...groupings.keys()]
    .sort((a, b) => groupings[a]!.groups.length - groupings[b]!.groups.length || a - b)
    .slice(0, MOST_PAIRED)
    .sort((a, b) => a - b)
}

/** The rows that are evaluated: with a gallery, the queries. */
function allRows({ rows }: MetricInput): Counts {
  let [count, errors] = [0, 0]
  for (const [row, evaluated] of rows.evaluated.entries()) {
    if (evaluated === 0) continue
    count++
    if (rows.correct[row] === 0) errors++
  }
  return { rows: count, errors }
}

type Found = Omit<Tested, 'adjustedP' | 'difference'>

/** Single columns first, then pairs; each set of rows once. */
function count(
  input: MetricInput,
  groupings: readonly Grouping[],
  paired: readonly number[],
): readonly Found[] {
  const { dataset, rows } = input
  const whole = allRows(input)
  const random = input.random(SIGNATURE_SEED)
  // Sums of random numbers tell sets of rows apart.
  const marks = Float64Array.from({ length: dataset.rows }, random)
  const bySignature = new Map<number, Found>()
  const found: Found[] = []
  const add = (codes: Int32Array, second: Int32Array | null, widths: readonly [number, number]) => {
    const cells = widths[0] * widths[1]
    const size = new Int32Array(cells)
    const errors = new Int32Array(cells)
    const signature = new Float64Array(cells)
    for (let row = 0; row < dataset.rows; row++) {
      if (rows.evaluated[row] === 0) continue
      const cell = codes[row]! * widths[1] + (second === null ? 0 : second[row]!)
      size[cell]!++
      signature[cell]! += marks[row]!
      if (rows.correct[row] === 0) errors[cell]!++
    }
    return { size, errors, signature }
  }
  const keep = (
    cell: number,
    { size, errors, signature }: ReturnType<typeof add>,
    makeCells: () => readonly (readonly [column: number, group: number])[],
    parents: readonly (Found | undefined)[],
  ): Found | undefined => {
    if (size[cell]! < FEWEST_ROWS || size[cell] === whole.rows) return undefined
    const same = bySignature.get(signature[cell]!)
    if (same) return same
    const counts = { rows: size[cell]!, errors: errors[cell]! }
    const places = makeCells()
    const slice: Found = {
      ...counts,
      id: idOf(groupings, places),
      places,
      parents: parents.flatMap((parent) => parent?.id ?? []),
      p: against(counts, whole),
    }
    bySignature.set(signature[cell]!, slice)
    found.push(slice)
    return slice
  }
  const singles = groupings.map((grouping, column) => {
    const counted = add(grouping.codes, null, [grouping.groups.length, 1])
    return grouping.groups.map((_, group) => keep(group, counted, () => [[column, group]], []))
  })
  for (const [at, first] of paired.entries()) {
    for (const second of paired.slice(at + 1)) {
      const [one, other] = [groupings[first]!, groupings[second]!]
      const width = other.groups.length
      const counted = add(one.codes, other.codes, [one.groups.length, width])
      for (let cell = 0; cell < counted.size.length; cell++) {
        const [a, b] = [Math.floor(cell / width), cell % width]
        keep(
          cell,
          counted,
          () => [
            [first, a],
            [second, b],
          ],
          [singles[first]![a], singles[second]![b]],
        )
      }
    }
  }
  return found
}

function against(slice: Counts, whole: Counts): number {
  return fisherExact(slice.errors, slice.rows, whole.errors - slice.errors, whole.rows - slice.rows)
}

/** Groups can only make a slice less unlikely, so those that are likely as they are aren't asked. */
function heldByGroups(
  input: MetricInput,
  groupings: readonly Grouping[],
  { places, p }: Pick<Tested, 'places' | 'p'>,
): number {
  const { clustersWithin, rows } = input
  if (!clustersWithin || p >= SIGNIFICANCE.evidence) return p
  const asked = [...rows.evaluated.keys()].filter((row) => rows.evaluated[row] === 1)
  const inside = rowsOf(input, groupings, places)
  return heldByClusters(p, rows.correct, inside, asked, clustersWithin)
}

function side(slice: Counts, whole: Counts): 'worse' | 'better' {
  return slice.errors / slice.rows > whole.errors / whole.rows ? 'worse' : 'better'
}

function byP(list: readonly Tested[]): readonly Tested[] {
  return [...list].sort((a, b) => a.p - b.p || b.errors - a.errors)
}

/** A slice that isn't among those tested: of a pair of columns that was left out, or of the rows of another. */
function recount(
  input: MetricInput,
  groupings: readonly Grouping[],
  whole: Counts,
  id: string,
): Tested | null {
  const names = id.split(/(?<!\\)&/)
  const places = names.map((name) => placeOf(groupings, name))
  if (places.some((place) => place === null) || names.length > 2) return null
  const known = places as (readonly [number, number])[]
  const rows = rowsOf(input, groupings, known)
  if (rows.length < FEWEST_ROWS || rows.length === whole.rows) return null
  const errors = rows.filter((row) => input.rows.correct[row] === 0).length
  const counts = { rows: rows.length, errors }
  const p = heldByGroups(input, groupings, { places: known, p: against(counts, whole) })
  // Alone it is one test; it was raised as one of many.
  return { ...counts, id, places: known, parents: [], p, adjustedP: p, difference: null }
}

function placeOf(groupings: readonly Grouping[], name: string): readonly [number, number] | null {
  for (const [column, grouping] of groupings.entries()) {
    const group = grouping.groups.findIndex((_, at) => idOf(groupings, [[column, at]]) === name)
    if (group >= 0) return [column, group]
  }
  return null
}

function idOf(
  groupings: readonly Grouping[],
  places: readonly (readonly [column: number, group: number])[],
): string {
  const escaped = (text: string) => text.replace(/[\\=&]/g, '\\$&')
  return places
    .map(([column, group]) => {
      const { name, groups } = groupings[column]!
      return `${escaped(name)}=${escaped(groups[group]!.value ?? '')}`
    })
    .join('&')
}
