/** What an array of NumPy gives: a field, or one for each member of its records. */

import type { Issue } from '../core/errors.ts'
import type { Column, Vectors } from '../core/table.ts'
import type { Field, Reading, Selection } from './contents.ts'
import { npyField, UNREADABLE } from './npy-field.ts'
import type { NpyHeader, NpyMember } from './npy-header.ts'
import { npyColumn, npyVectors } from './npy-values.ts'

export interface NpyArray {
  readonly name: string
  readonly where: string
  readonly header: NpyHeader
  /** From the start of its header. */
  readonly load: () => Promise<Uint8Array>
}

/** A field with what it takes to read it. */
export interface NpyPart {
  readonly field: Field
  readonly vectors: () => Promise<Vectors>
  readonly column: (asText: boolean) => Promise<Column>
}

export function npyParts(array: NpyArray): readonly NpyPart[] {
  const { header, where, load, name } = array
  const { members } = header.type
  if (members === undefined) {
    return [
      {
        field: npyField(name, header),
        vectors: async () => npyVectors(await load(), header, where),
        column: async (asText) => npyColumn(name, await load(), header, asText, where),
      },
    ]
  }
  return members.map((member) => {
    const own = memberHeader(header, member)
    const place = `${where}, member ${member.name}`
    const values = async () => memberBytes(await load(), header, member)
    return {
      field: npyField(member.name, own),
      vectors: async () => npyVectors(await values(), own, place),
      column: async (asText) => npyColumn(member.name, await values(), own, asText, place),
    }
  })
}

/** An array whose header can't be read. */
export function unreadablePart(name: string, problem: Issue): NpyPart {
  const refuse = () => Promise.reject(new Error(`${name} was chosen though it can't be read`))
  return { field: { ...UNREADABLE, name, problem }, vectors: refuse, column: refuse }
}

export async function readParts(
  parts: readonly NpyPart[],
  { matrices, columns }: Selection,
  rows: number | null,
  source: string,
): Promise<Reading> {
  const vectors: Vectors[] = []
  const warnings = []
  for (const [place] of matrices) {
    const part = parts[place!]!
    if (part.field.type === 'bfloat16') {
      warnings.push({
        code: 'type-chosen',
        message: `The array ${part.field.name} of ${source} has two bytes a number and no type (V2), as NumPy saves bfloat16: it is read as that`,
      })
    }
    vectors.push(await part.vectors())
  }
  const read: Column[] = []
  for (const { field, asText } of columns) read.push(await parts[field]!.column(asText))
  return { rows, matrices: vectors, columns: read, warnings }
}

function memberHeader({ shape }: NpyHeader, member: NpyMember): NpyHeader {
  return {
    type: member.type,
    fortranOrder: false,
    shape: [...shape, ...member.shape],
    dataOffset: 0,
  }
}

/** The member's values of all records, one after another. */
function memberBytes(bytes: Uint8Array, header: NpyHeader, member: NpyMember): Uint8Array {
  const { type, dataOffset, shape } = header
  const records = shape.reduce((product, size) => product * size, 1)
  const size = member.type.byteLength * member.shape.reduce((product, axis) => product * axis, 1)
  const values = new Uint8Array(records * size)
  for (let record = 0; record < records; record++) {
    const start = dataOffset + record * type.byteLength + member.offset
    values.set(bytes.subarray(start, start + size), record * size)
  }
  return values
}
