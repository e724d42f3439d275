/** What the header of a NumPy array tells of the field that it is. */

import type { Field, FieldKind } from './contents.ts'
import type { NpyHeader } from './npy-header.ts'

/** All that is known of an array whose header can't be read, but for its name and what is wrong. */
export const UNREADABLE = {
  kind: 'other',
  type: 'unreadable',
  shape: [],
  examples: [],
  longestText: null,
  byteLength: null,
  isInteger: false,
} as const satisfies Partial<Field>

export function npyField(name: string, { type, shape }: NpyHeader): Field {
  const bytes = shape.reduce((product, size) => product * size, 1) * type.byteLength
  return {
    name,
    kind: kindOf(type.kind, shape.length),
    type: type.kind === 'V' ? 'bfloat16' : type.descr,
    shape,
    examples: [],
    isInteger: type.kind !== 'f' && type.kind !== 'V',
    problem: null,
    longestText:
      type.kind === 'U' ? type.byteLength / 4 : type.kind === 'S' ? type.byteLength : null,
    byteLength: bytes,
  }
}

function kindOf(kind: NpyHeader['type']['kind'], axes: number): FieldKind {
  const isText = kind === 'U' || kind === 'S'
  if (axes === 2) return isText || kind === 'M' ? 'other' : 'vector'
  if (axes !== 1) return 'other'
  if (kind === 'M') return 'time'
  return isText ? 'text' : kind === 'b' ? 'flag' : 'number'
}
