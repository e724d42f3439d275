/** The columns of an Arrow file, by its schema, and what their entries are read as. */

import { type Batch, type DataType, TimeUnit, Type } from '@uwdata/flechette'
import type { Field, FieldKind } from '../contents.ts'
import { decimalOf } from '../decimals.ts'
import { isoDay, isoTime, PARSERS, timeOfDay } from '../times.ts'

/** Takes the entries of one column, batch by batch. */
export type Take = (batch: Batch<unknown>) => void

/** What is read of one column or of several: a taker for each, and what came of it in the end. */
export interface Reader<T> {
  readonly takes: readonly (readonly [field: number, take: Take])[]
  end(): T
}

const MILLIS_A_DAY = 86_400_000
/** Of bytes that are shown as text; longer ones are no ids. */
const LONGEST_BYTES = 64
/** What a column's metadata says where its type stands for another one. */
const EXTENSION_KEY = 'ARROW:extension:name'
/** Of a second, by the unit that times are counted in. */
const FRACTION_DIGITS: Readonly<Record<number, number>> = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
}
const UNITS: Readonly<Record<number, string>> = {
  [TimeUnit.SECOND]: 's',
  [TimeUnit.MILLISECOND]: 'ms',
  [TimeUnit.MICROSECOND]: 'us',
  [TimeUnit.NANOSECOND]: 'ns',
}

export interface ArrowField {
  readonly field: Field
  /** Among the columns of the file. */
  readonly place: number
  readonly type: DataType
  /** Of the classes that its numbers stand for; null where they have none. */
  readonly names: readonly string[] | null
}

/** A field whose numbers have names; one of anything else as it is. */
export function withNames(one: ArrowField, names: readonly string[] | undefined): ArrowField {
  if (names === undefined || one.type.typeId !== Type.Int) return one
  const field: Field = { ...one.field, kind: 'text', type: 'ClassLabel', isInteger: false }
  return { ...one, field, names }
}

/** Null where an entry is missing. */
export function* entriesOf({ field, type }: ArrowField, batch: Batch<unknown>): Generator<unknown> {
  const isDictionary = type.typeId === Type.Dictionary
  const plain = isDictionary ? type.dictionary : type
  for (let row = 0; row < batch.length; row++) {
    const entry = batch.at(row)
    if (entry === undefined && isDictionary) {
      throw new RangeError(
        `row ${row} of a batch of ${field.name} refers to no entry of its dictionary`,
      )
    }
    yield field.type === 'uuid' && entry instanceof Uint8Array
      ? PARSERS.uuidFromBytes(entry)
      : plainEntry(entry, plain)
  }
}

export function plainEntry(value: unknown, type: DataType): unknown {
  if (value == null) return value
  if (type.typeId === Type.Date && typeof value === 'number') return isoDay(value / MILLIS_A_DAY)
  if (type.typeId === Type.Timestamp && typeof value === 'bigint') {
    return isoTime(value, FRACTION_DIGITS[type.unit] ?? 0, type.timezone != null)
  }
  if (type.typeId === Type.Time && (typeof value === 'bigint' || typeof value === 'number')) {
    return timeOfDay(BigInt(value), FRACTION_DIGITS[type.unit] ?? 0)
  }
  if (type.typeId === Type.Decimal) return decimalOf(value, type.scale)
  return value
}

export function fieldOf(
  name: string,
  type: DataType,
  rows: number,
  metadata?: ReadonlyMap<string, string> | null,
): Field {
  const isUuid =
    type.typeId === Type.FixedSizeBinary && metadata?.get(EXTENSION_KEY) === 'arrow.uuid'
  const { kind, text, dimensions, isInteger } = isUuid ? UUID : kindOf(type)
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

const UUID: Kind = { kind: 'text', text: 'uuid', dimensions: null, isInteger: false }

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
    case Type.Time:
      return plain('time', 'time')
    case Type.Duration:
      return plain('number', `duration[${UNITS[type.unit]}]`, true)
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
      return plain('text', 'binary')
    case Type.FixedSizeBinary:
      // Ids are written so; what is longer are vectors or pictures.
      return plain(type.stride <= LONGEST_BYTES ? 'text' : 'other', 'binary')
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
      return plain('other', nameOf(type))
  }
}

/** `struct`, `map`, `interval`. */
function nameOf({ typeId }: DataType): string {
  const [name] = Object.entries(Type).find(([, id]) => id === typeId) ?? [`type ${typeId}`]
  return name.toLowerCase()
}
