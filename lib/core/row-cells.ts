/** How a value of a row is written as a cell of a table, and read back: null is a missing one. */

export type Cell = string | number | boolean | null | readonly (string | number)[]

/** As Parquet calls them; TEXT is UTF-8. */
export type CellType = 'BOOLEAN' | 'INT32' | 'FLOAT' | 'DOUBLE' | 'TEXT'

/** One entry a row each. */
export interface Coding<Values, Read = Values> {
  readonly type: CellType
  cells(values: Values): readonly Cell[]
  values(cells: readonly Cell[]): Read
}

export const text: Coding<readonly string[]> = {
  type: 'TEXT',
  cells: (values) => values,
  values: (cells) => cells.map(textOf),
}

export const optionalText: Coding<readonly (string | null)[]> = {
  type: 'TEXT',
  cells: (values) => values,
  values: (cells) => cells as readonly (string | null)[],
}

/** Addresses of pictures; an empty one is none. */
export const address: Coding<readonly string[]> = {
  type: 'TEXT',
  cells: (values) => values.map((value) => value || null),
  values: (cells) => cells.map(textOf),
}

/** Places in an upload; none is missing. */
export const integer: Coding<Int32Array> = {
  type: 'INT32',
  cells: (values) => [...values],
  values: (cells) => Int32Array.from(cells, Number),
}

/** 0 is none. */
export const rank: Coding<Int32Array> = {
  type: 'INT32',
  cells: (values) => Array.from(values, (value) => value || null),
  values: (cells) => Int32Array.from(cells, (cell) => Number(cell ?? 0)),
}

/** NaN is none. */
export const number: Coding<Float64Array> = {
  type: 'DOUBLE',
  cells: withoutNaN,
  values: (cells) => Float64Array.from(cells, orNaN),
}

/** NaN is none. */
export const coordinate: Coding<Float32Array> = {
  type: 'FLOAT',
  cells: withoutNaN,
  values: (cells) => Float32Array.from(cells, orNaN),
}

/** 1 and 0; −1 is unknown. */
export const flag: Coding<Int8Array> = {
  type: 'BOOLEAN',
  cells: flags,
  values: (cells) => Int8Array.from(cells, (cell) => flagOf(cell, -1)),
}

/** 1 and 0; what is missing counts as `otherwise`. */
export function flagOr(otherwise: 0 | 1): Coding<Uint8Array> {
  return {
    type: 'BOOLEAN',
    cells: flags,
    values: (cells) => Uint8Array.from(cells, (cell) => flagOf(cell, otherwise)),
  }
}

/** The same, and null as a whole where every cell is: what was never looked at. */
export function orNone<Values>(coding: Coding<Values>): Coding<Values, Values | null> {
  return {
    ...coding,
    values: (cells) => (cells.every((cell) => cell === null) ? null : coding.values(cells)),
  }
}

export function textOf(cell: Cell): string {
  return cell === null ? '' : String(cell)
}

function withoutNaN(values: Float32Array | Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value))
}

function orNaN(cell: Cell): number {
  return cell === null ? Number.NaN : Number(cell)
}

function flags(values: Uint8Array | Int8Array): (boolean | null)[] {
  return Array.from(values, (value) => (value < 0 ? null : value === 1))
}

function flagOf(cell: Cell, otherwise: number): number {
  return cell === null ? otherwise : Number(cell)
}
