/** What is written of a run's rows is what every reader of them has, rows of a gallery and missing values too. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROW_COLUMNS, writtenColumns } from '../../../lib/core/row-columns.ts'
import type { Rows } from '../../../lib/core/rows.ts'
import type { Column } from '../../../lib/core/table.ts'
import { baselineRows } from '../../../lib/history/run-rows.ts'
import {
  COMPARED_COLUMNS,
  decodeRows,
  encodeRows,
  SHOWN_COLUMNS,
} from '../../../lib/publish/rows-parquet.ts'
import { rowsTable } from '../../../reports/pages/own/rows-table.ts'
import { buildRun, seededPoints } from '../reports/fixture.ts'

const COUNT = 6
const NEIGHBORS = 3
const { report } = buildRun(seededPoints(20, 2))

const each = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: COUNT, maxLength: COUNT })
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.constant(Number.NaN),
)
const numbers = each(number).map((values) => Float64Array.from(values))
const coordinates = each(fc.oneof(fc.float({ noDefaultInfinity: true }))).map((values) =>
  Float32Array.from(values),
)
const flags = each(fc.nat(1)).map((values) => Uint8Array.from(values))
const word = fc.string({ unit: 'grapheme', maxLength: 6 })
const label = fc.constantFrom('cat', 'dog', 'ü "x", y')
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })

/** A row's neighbours: none for a row of a gallery. */
const neighborList = fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: NEIGHBORS })

const rowsArbitrary: fc.Arbitrary<Rows> = fc
  .record({
    lists: each(neighborList),
    distances: fc.array(fc.double({ min: 0, max: 9, noNaN: true }), {
      minLength: COUNT * NEIGHBORS,
      maxLength: COUNT * NEIGHBORS,
    }),
    label: each(label),
    right: flags,
    fields: fc.record({
      neighborMargin: numbers,
      predictionMargin: numbers,
      classMargin: numbers,
      silhouette: numbers,
      outlier: flags,
      suggestedLabel: each(orNull(label)),
      x: coordinates,
      y: coordinates,
      neighborOverlap: orNull(numbers),
      nearestInBaseline: orNull(each(orNull(label))),
      image: orNull(each(word)),
    }),
    ranks: each(fc.nat(5)),
    correctInBaseline: orNull(each(fc.integer({ min: -1, max: 1 }))),
    layouts: fc.subarray(['tsne', 'umap'] as const),
  })
  .map(({ lists, distances, label, right, fields, ranks, correctInBaseline, layouts }) => {
    const neighborCount = Math.max(...lists.map(({ length }) => length))
    const flat = lists.flatMap((list) => [
      ...list,
      ...new Array<number>(neighborCount - list.length).fill(-1),
    ])
    return {
      ...fields,
      id: lists.map((_, row) => `row ${row}`),
      label,
      sourceRow: Int32Array.from(lists, (_, row) => 2 * row),
      neighborCount,
      neighbors: Int32Array.from(flat),
      distances: Float64Array.from(flat, (neighbor, at) =>
        neighbor < 0 ? Number.POSITIVE_INFINITY : distances[at]!,
      ),
      // As an evaluation has it: a row that was asked nothing is no error.
      correct: Uint8Array.from(lists, ({ length }, row) => (length === 0 ? 1 : right[row]!)),
      firstMatchRank: Int32Array.from(ranks),
      maps: [
        { method: 'pca' as const, x: fields.x, y: fields.y },
        ...layouts.map((method) => ({ method, x: fields.y, y: fields.x })),
      ],
      correctInBaseline: correctInBaseline && Int8Array.from(correctInBaseline),
    }
  })

const metadataArbitrary: fc.Arbitrary<readonly Column[]> = fc
  .tuple(each(word), numbers)
  .map(([texts, values]) => [
    { name: 'camera', type: 'text', values: texts },
    { name: 'age', type: 'number', values },
  ])

/** Fields that say nothing of any row are null when they are read back. */
function normal(rows: Rows): Rows {
  const says = <T>(values: T | null | undefined, isSaid: (values: T) => boolean): T | null =>
    values && isSaid(values) ? values : null
  return {
    ...rows,
    correctInBaseline: says(rows.correctInBaseline, (all) => all.some((was) => was >= 0)),
    nearestInBaseline: says(rows.nearestInBaseline, (all) => all.some((was) => was !== null)),
    neighborOverlap: says(rows.neighborOverlap, (all) => all.some((share) => !Number.isNaN(share))),
    image: says(rows.image, (all) => all.some((address) => address !== '')),
  }
}

describe('rows.parquet', () => {
  it('gives the rows and metadata back that were written, whole', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, metadataArbitrary, async (rows, metadata) => {
        const read = await decodeRows(encodeRows(rows, metadata))
        expect(read.rows).toEqual(normal(rows))
        expect(read.metadata).toEqual(metadata)
      }),
      { numRuns: 60 },
    )
  })

  it('says the same to who reads some of its columns', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, async (rows) => {
        const bytes = encodeRows(rows, [])
        for (const columns of [SHOWN_COLUMNS, COMPARED_COLUMNS]) {
          const read = await decodeRows(bytes, { columns })
          for (const column of ROW_COLUMNS) {
            const isAsked = (columns as readonly string[]).includes(column.name)
            if (!isAsked || !writtenColumns(rows).includes(column)) continue
            expect(column.cells(read.rows), column.name).toEqual(column.cells(rows))
          }
          expect(read.rows.correct, 'of a row without a neighbour too').toEqual(rows.correct)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('says the same to a team’s page as published, and as read back', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, metadataArbitrary, async (rows, metadata) => {
        const read = await decodeRows(encodeRows(rows, metadata))
        const published = rowsTable(rows, metadata)
        const served = rowsTable(read.rows, read.metadata)
        expect(served.columnNames()).toEqual(published.columnNames())
        expect(served.objects()).toEqual(published.objects())
      }),
      { numRuns: 40 },
    )
  })

  it('gives a comparison each row’s neighbours by id, and the label of the first', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, async (rows) => {
        const read = await decodeRows(encodeRows(rows, []), { columns: COMPARED_COLUMNS })
        const { neighbors, nearestLabel, correct } = baselineRows(report, read.rows)
        for (const [row, list] of neighbors.entries()) {
          const places = Array.from(
            rows.neighbors.subarray(row * rows.neighborCount, (row + 1) * rows.neighborCount),
          ).filter((place) => place >= 0)
          expect(list).toEqual(places.map((place) => `row ${place}`))
          expect(nearestLabel[row]).toBe(places.length === 0 ? '' : rows.label[places[0]!])
          if (places.length === 0) expect(correct[row]).toBe(1)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('has columns of names of their own, each with what it says', () => {
    expect(new Set(ROW_COLUMNS.map(({ name }) => name)).size).toBe(ROW_COLUMNS.length)
    for (const { says, missing } of ROW_COLUMNS) {
      expect(says).toMatch(/^[A-Z].*\.$/)
      if (missing !== null) expect(missing).toMatch(/^[A-Z].*\.$/)
    }
  })
})
