/** What the schema of an Arrow file tells of its columns. */

import { type DataType, Type } from '@uwdata/flechette'
import type { Field, FieldKind } from '../contents.ts'

export function fieldOf(name: string, type: DataType, rows: number): Field {
  const { kind, text, dimensions, isInteger } = kindOf(type)
  return {
    name,
    kind,
    type: text,
    shape: kind === 'vector' ? [rows, dimensions] : [rows],
    examples: [],
    isInteger,
    problem: null,
    longestText: null,
    byteLength: null,
  }
}

interface Kind {
  readonly kind: FieldKind
  readonly text: string
  readonly dimensions: number | null
  readonly isInteger: boolean
}

function kindOf(type: DataType): Kind {
  const plain = (kind: FieldKind, text: string, isInteger = false): Kind => ({
    kind,
    text,
    dimensions: null,
    isInteger,
  })
  switch (type.typeId) {
    case Type.Int:
      return plain('number', `${type.signed ? 'int' : 'uint'}${type.bitWidth}`, true)
    case Type.Float:
      return plain('number', ['float16', 'float', 'double'][type.precision] ?? 'float')
    case Type.Decimal:
      return plain('number', 'decimal')
    case Type.Bool:
      return plain('flag', 'bool', true)
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return plain('text', 'text')
    case Type.Date:
    case Type.Timestamp:
      return plain('time', type.typeId === Type.Date ? 'date' : 'timestamp')
    case Type.Dictionary: {
      const inner = kindOf(type.dictionary)
      return inner.kind === 'vector'
        ? plain('other', 'dictionary')
        : { ...inner, text: `dictionary<${inner.text}>` }
    }
    case Type.FixedSizeList:
    case Type.List:
    case Type.LargeList:
    case Type.ListView:
    case Type.LargeListView: {
      const inner = kindOf(type.children[0]!.type)
      const text = `list<${inner.text}>`
      if (inner.kind !== 'number' && inner.kind !== 'flag') return plain('other', text)
      const dimensions = type.typeId === Type.FixedSizeList ? type.stride : null
      return { kind: 'vector', text, dimensions, isInteger: inner.isInteger }
    }
    default:
      return plain('other', `type ${type.typeId}`)
  }
}
