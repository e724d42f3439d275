/** What arrays of NumPy hold, as fields: of a file of its own, or of a zip of many. */

import { shortName } from '../core/limits.ts'
import type { Warning } from '../core/warning.ts'
import type { Contents, Field, FieldKind } from './contents.ts'
import type { NpyHeader, NpyMember } from './npy-header.ts'
import type { NpyType } from './npy-type.ts'
import { npyColumn, npyVectors } from './npy-values.ts'

/** A plain array, or a structured one with its columns. */
export interface NpyArray {
  /** As messages name its place. */
  readonly where: string
  readonly fields: readonly NpyField[]
  /** All its bytes. */
  readonly bytes: () => Promise<Uint8Array>
}

export interface NpyField {
  readonly name: string
  readonly member: NpyMember
  /** Its first bytes, from which the examples are. */
  readonly start: Uint8Array
}

/** All that is known of an array whose header can't be read, but for its name and what is wrong. */
const UNREADABLE = {
  kind: 'other',
  type: 'unreadable',
  shape: [],
  examples: [],
  longestText: null,
  byteLength: null,
  isInteger: false,
} as const satisfies Partial<Field>

const EXAMPLES = 3
/** Numbers of a vector that an example shows. */
const EXAMPLE_NUMBERS = 4

export function npyContents(
  source: string,
  arrays: readonly NpyArray[],
  warnings: readonly Warning[],
): Contents {
  const all = arrays.flatMap((array) => array.fields.map((field) => ({ array, ...field })))
  return {
    source,
    where: source,
    fields: all.map(memberField),
    warnings,
    ...(all.every(({ member }) => member.name !== null) ? { isTable: true } : {}),
    read: async ({ matrices, columns }) => {
      // Columns of one array come from the same bytes; those of a plain array are let go at once.
      const kept = new Map<NpyArray, Promise<Uint8Array>>()
      const bytesOf = (array: NpyArray): Promise<Uint8Array> => {
        const bytes = kept.get(array) ?? array.bytes()
        if (array.fields.length > 1) kept.set(array, bytes)
        return bytes
      }
      const [vectors, read] = [[], []] as [
        ReturnType<typeof npyVectors>[],
        ReturnType<typeof npyColumn>[],
      ]
      const told: Warning[] = []
      for (const [place] of matrices) {
        const { array, member, name } = all[place!]!
        const header = member.header!
        vectors.push(npyVectors(await bytesOf(array), header, array.where))
        if (header.type.kind === 'B') told.push(readAsBfloat16(name, member.descr))
      }
      for (const { field, asText } of columns) {
        const { array, member, name } = all[field]!
        read.push(npyColumn(name, await bytesOf(array), member.header!, asText, array.where))
      }
      return { rows: null, matrices: vectors, columns: read, warnings: told }
    },
  }
}

function readAsBfloat16(name: string, descr: string): Warning {
  return {
    code: 'type-chosen',
    message: `${shortName(name)} is of NumPy's type ${descr}, two bytes without a name, as bfloat16 is saved; it is read as bfloat16. If it is anything else, save it as float32`,
  }
}

function memberField({ name, member, start, array }: NpyField & { array: NpyArray }): Field {
  const { header, problem, shape, descr } = member
  if (header === null) {
    const isDamaged = problem?.code !== 'npy-object' && problem?.code !== 'npy-type'
    if (isDamaged) return { ...UNREADABLE, name, problem }
    const type = problem.code === 'npy-object' ? 'object' : shortName(descr)
    return { ...UNREADABLE, name, type, shape, problem }
  }
  return { ...npyField(name, header), examples: examplesOf(name, header, start, array.where) }
}

export function npyField(name: string, { type, shape }: NpyHeader): Field {
  const bytes = shape.reduce((product, size) => product * size, 1) * type.byteLength
  return {
    name,
    kind: kindOf(type.kind, shape.length),
    type: type.kind === 'B' ? 'bfloat16' : type.descr,
    shape,
    examples: [],
    isInteger: type.kind !== 'f' && type.kind !== 'B',
    problem: null,
    longestText:
      type.kind === 'U' ? type.byteLength / 4 : type.kind === 'S' ? type.byteLength : null,
    byteLength: bytes,
  }
}

function kindOf(kind: NpyType['kind'], axes: number): FieldKind {
  const isNumber = !['U', 'S', 'M', 'm'].includes(kind)
  if (axes === 2) return isNumber ? 'vector' : 'other'
  if (axes !== 1) return 'other'
  if (kind === 'M') return 'time'
  return kind === 'U' || kind === 'S' ? 'text' : kind === 'b' ? 'flag' : 'number'
}

/** None where the first entries aren't all among the first bytes. */
function examplesOf(
  name: string,
  header: NpyHeader,
  start: Uint8Array,
  where: string,
): readonly string[] {
  const { shape, type, dataOffset, fortranOrder } = header
  const [rows = 0, dimensions = 1] = shape
  const kind = kindOf(type.kind, shape.length)
  const count = Math.min(rows, EXAMPLES)
  const rowBytes = header.rowStride ?? dimensions * type.byteLength
  const isThere = dataOffset + count * rowBytes <= start.length
  if (kind === 'other' || count === 0 || !isThere || (kind === 'vector' && fortranOrder)) return []
  try {
    if (kind !== 'vector') {
      const column = npyColumn(name, start, { ...header, shape: [count] }, true, where)
      return [...column.values].map((value) => shortName(String(value)))
    }
    const { values } = npyVectors(start, { ...header, shape: [count, dimensions] }, where)
    return Array.from({ length: count }, (_, row) => {
      const first = values.subarray(row * dimensions, (row + 1) * dimensions)
      const shown = Array.from(first.subarray(0, EXAMPLE_NUMBERS), (value) =>
        String(Number(value.toPrecision(4))),
      )
      return `[${shown.join(', ')}${dimensions > EXAMPLE_NUMBERS ? ', …' : ''}]`
    })
  } catch {
    // What can't be read is said once it is chosen.
    return []
  }
}
