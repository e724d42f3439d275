/** Columns beside the vectors that repeat them, or hold others. */

import { describe, expect, it } from 'vitest'
import type { Column } from '../../../lib/core/table.ts'
import { vectorColumns } from '../../../lib/dataset/vector-columns.ts'

const ROWS = 12
const DIMENSIONS = 3
const values = Float32Array.from(
  { length: ROWS * DIMENSIONS },
  (_, at) => Math.sin(at * 1.7) * (1 + (at % 5)),
)
const vectors = {
  values,
  dimensions: DIMENSIONS,
  rows: Int32Array.from({ length: ROWS }, (_, at) => at),
}
const dimension = (d: number) =>
  Float64Array.from({ length: ROWS }, (_, row) => values[row * DIMENSIONS + d]!)
const numbers = (name: string, of: (row: number) => number): Column => ({
  name,
  type: 'number',
  values: Float64Array.from({ length: ROWS }, (_, row) => of(row)),
})
const texts = (name: string, of: (row: number) => string): Column => ({
  name,
  type: 'text',
  values: Array.from({ length: ROWS }, (_, row) => of(row)),
})
const told = (...columns: Column[]) => [...vectorColumns(columns, vectors).keys()]
const vector = (row: number) => [...values.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)]

describe('columns that hold vectors', () => {
  it('are those that repeat a dimension, also with the digits of a CSV', () => {
    expect(told({ name: 'score', type: 'number', values: dimension(1) })).toEqual(['score'])
    expect(told(numbers('score', (row) => Number(dimension(2)[row]!.toPrecision(7))))).toEqual([
      'score',
    ])
    expect(told(numbers('score', (row) => dimension(1)[row]! + (row === 7 ? 1e-3 : 0)))).toEqual([])
  })

  it('are whole numbers only where two columns repeat two dimensions', () => {
    const whole = {
      ...vectors,
      values: Float32Array.from(values, (_, at) =>
        at % DIMENSIONS === 0 ? at / DIMENSIONS : (at * 7) % 11,
      ),
    }
    const at = (d: number) => numbers(`n${d}`, (row) => whole.values[row * DIMENSIONS + d]!)
    expect([...vectorColumns([at(0)], whole).keys()]).toEqual([])
    expect([...vectorColumns([at(0), at(1)], whole).keys()]).toEqual(['n0', 'n1'])
  })

  it('are numbered columns of another vector', () => {
    const family = (prefix: string, count: number, of = (at: number) => at + 0.5) =>
      Array.from({ length: count }, (_, d) => numbers(`${prefix}${d}`, (row) => of(row + d)))
    expect(told(...family('feature_', 8))).toHaveLength(8)
    expect(told(...family('embedding_', 2))).toHaveLength(2)
    expect(told(...family('Vec', 2))).toHaveLength(2)
    expect(told(...family('sensor', 7))).toEqual([])
    expect(told(...family('question_', 20, Math.round))).toEqual([])
  })

  it.each([
    ['JSON', (row: number) => JSON.stringify(vector(row))],
    ['NumPy', (row: number) => `[ ${vector(row).join('  ')}]`],
    ['words around it', (row: number) => `v=${vector(row).join(';')}`],
    ['another one', () => '[0.1, -0.2,3e-4, .5, 5., +6, 7, 8]'],
    ['nested', () => '{"model":"a","v":[1,2,3,4,5,6,7,8]}'],
    ['cut by NumPy', () => '[0.1 0.2 0.3 0.4 ... 0.5 0.6 0.7 0.8]'],
  ])('are lists of numbers: %s', (_, of) => {
    expect(told(texts('v', of))).toEqual(['v'])
  })

  it.each([
    ['a box', (row: number) => `[${row}, 2, 30, 40]`],
    ['a time', () => '2026-01-02 03:04:05.123456'],
    ['words', (row: number) => `frame ${row} of 12, camera 3`],
    ['a long number', () => '1'.repeat(2000)],
  ])('are not %s', (_, of) => {
    expect(told(texts('v', of))).toEqual([])
  })

  it('are not dates, counts and readings', () => {
    expect(
      told(
        numbers('taken', (row) => 1.7e9 + row),
        numbers('lens', (row) => row % 2),
      ),
    ).toEqual([])
  })
})
