/** `rows.parquet` read back whole: what a page of a published run is made from. */

import { parquetReadObjects } from 'hyparquet'
import type { Rows } from '../core/rows.ts'
import type { Column } from '../core/table.ts'

type Entry = Readonly<Record<string, unknown>>

/**
 * The rows and their metadata as they were written; the maps beside the first are left out.
 *
 * @throws Error where the bytes aren't such a file
 */
export async function decodeFullRows(
  bytes: Uint8Array,
): Promise<{ readonly rows: Rows; readonly metadata: readonly Column[] }> {
  const entries: Entry[] = await parquetReadObjects({ file: new Uint8Array(bytes).buffer })
  const texts = (name: string) => entries.map((entry) => (entry[name] as string | null) ?? '')
  const numbers = (name: string) =>
    entries.map((entry) => (entry[name] as number | null) ?? Number.NaN)
  const id = texts('id')
  const rowOf = new Map(id.map((one, row) => [one, row]))
  const lists = entries.map((entry) => (entry.neighbors as string[] | null) ?? [])
  const distances = entries.map((entry) => (entry.neighbor_distances as number[] | null) ?? [])
  const neighborCount = Math.max(0, ...lists.map((list) => list.length))
  const neighbors = new Int32Array(id.length * neighborCount).fill(-1)
  const flat = new Float64Array(id.length * neighborCount).fill(Number.POSITIVE_INFINITY)
  for (const [row, list] of lists.entries()) {
    for (const [place, neighbor] of list.entries()) {
      neighbors[row * neighborCount + place] = rowOf.get(neighbor) ?? -1
      flat[row * neighborCount + place] = distances[row]?.[place] ?? Number.NaN
    }
  }
  const compared = entries.some(({ correct_in_baseline }) => correct_in_baseline !== null)
  const rows: Rows = {
    id,
    label: texts('label'),
    sourceRow: Int32Array.from(numbers('source_row')),
    neighborCount,
    neighbors,
    distances: flat,
    correct: Uint8Array.from(entries, ({ correct }) => Number(correct)),
    neighborMargin: Float64Array.from(numbers('neighbor_margin')),
    predictionMargin: Float64Array.from(numbers('prediction_margin')),
    classMargin: Float64Array.from(numbers('class_margin')),
    firstMatchRank: Int32Array.from(numbers('first_match_rank'), (rank) => rank || 0),
    silhouette: Float64Array.from(numbers('silhouette')),
    outlier: Uint8Array.from(entries, ({ outlier }) => Number(outlier)),
    suggestedLabel: entries.map((entry) => (entry.suggested_label as string | null) ?? null),
    x: Float32Array.from(numbers('x')),
    y: Float32Array.from(numbers('y')),
    maps: [],
    correctInBaseline: compared
      ? Int8Array.from(entries, ({ correct_in_baseline: was }) => (was === null ? -1 : Number(was)))
      : null,
    nearestInBaseline: compared
      ? entries.map((entry) => (entry.nearest_label_in_baseline as string | null) ?? null)
      : null,
    neighborOverlap: compared ? Float64Array.from(numbers('neighbor_overlap')) : null,
    image: entries.some(({ image }) => image !== null) ? texts('image') : null,
  }
  const names = Object.keys(entries[0] ?? {}).filter((name) => name.startsWith('meta_'))
  const metadata = names.map((name): Column => {
    const isNumber = entries.every((entry) => typeof entry[name] !== 'string')
    const own = name.slice('meta_'.length)
    return isNumber
      ? { name: own, type: 'number', values: Float64Array.from(numbers(name)) }
      : { name: own, type: 'text', values: texts(name) }
  })
  return { rows, metadata }
}
