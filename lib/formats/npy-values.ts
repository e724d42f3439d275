/** NumPy's values as vectors and as columns. */

import { InputError } from '../core/errors.ts'
import type { Column, Vectors } from '../core/table.ts'
import type { NpyHeader } from './npy-header.ts'
import { NO_TIME, npyTime } from './npy-times.ts'
import type { NpyType } from './npy-type.ts'

/** From here on integers are rounded in a double. */
const FIRST_ROUNDED = 2 ** 53

/**
 * Row-major vectors of a 2-D array of numbers, in double precision where float32 doesn't hold all of the
 * type's values. Little-endian floats in C order are a view of `bytes`, not a copy, wherever they are
 * aligned. Throws `InputError` for integers that a double doesn't hold.
 */
export function npyVectors(bytes: Uint8Array, header: NpyHeader, where: string): Vectors {
  const { type, dataOffset, fortranOrder } = header
  const [rows = 0, dimensions = 0] = header.shape
  const count = rows * dimensions
  // Up to 16 bits, and float32, are float32 without a loss.
  const Values =
    type.byteLength <= 2 || (type.kind === 'f' && type.byteLength === 4)
      ? Float32Array
      : Float64Array
  const size = type.byteLength
  const [rowStride, itemStride] = fortranOrder
    ? [size, rows * size]
    : [header.rowStride ?? dimensions * size, size]
  const isNative = type.kind === 'f' && size === Values.BYTES_PER_ELEMENT && type.littleEndian
  if (isNative && !fortranOrder && rowStride === dimensions * size) {
    const start = bytes.byteOffset + dataOffset
    const values =
      start % size === 0
        ? new Values(bytes.buffer as ArrayBuffer, start, count)
        : // A copy of its own: slice of Node's buffers is a view into a pool of other files' bytes.
          new Values(Uint8Array.from(bytes.subarray(dataOffset, dataOffset + count * size)).buffer)
    return { values, rows, dimensions }
  }
  const read = numberReader(bytes, type)
  const values = new Values(count)
  let item = 0
  for (let row = 0; row < rows; row += 1) {
    const start = dataOffset + row * rowStride
    for (let dimension = 0; dimension < dimensions; dimension += 1) {
      values[item] = read(start + dimension * itemStride)
      item += 1
    }
  }
  if (type.kind !== 'f' && size === 8) checkExact(values, dimensions, where)
  return { values, rows, dimensions }
}

function checkExact(values: ArrayLike<number>, dimensions: number, where: string): void {
  let [count, first] = [0, -1]
  for (let at = 0; at < values.length; at += 1) {
    if (Math.abs(values[at]!) < FIRST_ROUNDED) continue
    if (count === 0) first = at
    count += 1
  }
  if (count === 0) return
  throw new InputError({
    code: 'vectors-integers',
    message: `${count} of the ${values.length} values are integers of 2^53 or more, which float64 rounds, let alone float32, in which rows are evaluated: the first is about ${values[first]!.toPrecision(3)}.`,
    where: `${where}, row ${Math.floor(first / dimensions)}, dimension ${first % dimensions} (counted from 0)`,
    hint: 'Take away what all rows have in common before saving, for example embeddings - embeddings[0], or scale them as floats.',
  })
}

/**
 * The column of a 1-D array. Numbers stay numbers unless `asText` asks for them as written or one of
 * them is an integer past 2^53, which a double can't hold; then all are text. Bools are `True` and
 * `False`, as pandas writes them; times are ISO 8601, and spans of time whole numbers of the type's unit.
 */
export function npyColumn(
  name: string,
  bytes: Uint8Array,
  header: NpyHeader,
  asText: boolean,
  where: string,
): Column {
  const { type } = header
  if (type.kind === 'U') return { name, type: 'text', values: unicode(bytes, header, where) }
  if (type.kind === 'S') return { name, type: 'text', values: utf8(bytes, header, where) }
  if (type.kind === 'b') {
    const values = items(header).map((offset) => (bytes[offset] === 0 ? 'False' : 'True'))
    return { name, type: 'text', values }
  }
  if (type.kind === 'M') {
    const read = bigIntReader(bytes, type)
    return { name, type: 'text', values: items(header).map((at) => npyTime(read(at), type.unit)) }
  }
  if (type.byteLength === 8 && type.kind !== 'f') {
    const read = bigIntReader(bytes, type)
    const values = items(header).map(read)
    if (type.kind === 'm' && values.includes(NO_TIME)) {
      const numbers = values.map((value) => (value === NO_TIME ? Number.NaN : Number(value)))
      return asText
        ? { name, type: 'text', values: numbers.map(numberText) }
        : { name, type: 'number', values: Float64Array.from(numbers) }
    }
    const safe = values.every((value) => Number.isSafeInteger(Number(value)))
    return asText || !safe
      ? { name, type: 'text', values: values.map(String) }
      : { name, type: 'number', values: Float64Array.from(values, Number) }
  }
  const values = Float64Array.from(items(header), numberReader(bytes, type))
  return asText
    ? { name, type: 'text', values: Array.from(values, numberText) }
    : { name, type: 'number', values }
}

/** Where each item of a 1-D array starts. */
function items({ shape, type, dataOffset, rowStride = type.byteLength }: NpyHeader): number[] {
  return Array.from({ length: shape[0] ?? 0 }, (_, item) => dataOffset + item * rowStride)
}

function numberText(value: number): string {
  return Number.isNaN(value) ? '' : String(value)
}

function numberReader(bytes: Uint8Array, type: NpyType): (offset: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { littleEndian } = type
  switch (`${type.kind}${type.byteLength}`) {
    case 'f2':
      return (offset) => float16(view.getUint16(offset, littleEndian))
    case 'B2': {
      // The upper half of a float32.
      const whole = new DataView(new ArrayBuffer(4))
      return (offset) => {
        whole.setUint16(0, view.getUint16(offset, littleEndian))
        return whole.getFloat32(0)
      }
    }
    case 'f4':
      return (offset) => view.getFloat32(offset, littleEndian)
    case 'f8':
      return (offset) => view.getFloat64(offset, littleEndian)
    case 'i1':
      return (offset) => view.getInt8(offset)
    case 'i2':
      return (offset) => view.getInt16(offset, littleEndian)
    case 'i4':
      return (offset) => view.getInt32(offset, littleEndian)
    case 'u1':
      return (offset) => view.getUint8(offset)
    case 'u2':
      return (offset) => view.getUint16(offset, littleEndian)
    case 'u4':
      return (offset) => view.getUint32(offset, littleEndian)
    default: {
      const read = bigIntReader(bytes, type)
      return (offset) => Number(read(offset))
    }
  }
}

function bigIntReader(bytes: Uint8Array, type: NpyType): (offset: number) => bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return type.kind !== 'u'
    ? (offset) => view.getBigInt64(offset, type.littleEndian)
    : (offset) => view.getBigUint64(offset, type.littleEndian)
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** NumPy pads strings with zeros at their end. */
function unicode(bytes: Uint8Array, header: NpyHeader, where: string): string[] {
  const { type } = header
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return items(header).map((start, row) => {
    let end = start + type.byteLength
    while (end > start && view.getUint32(end - 4, type.littleEndian) === 0) end -= 4
    let text = ''
    for (let offset = start; offset < end; offset += 4) {
      const point = view.getUint32(offset, type.littleEndian)
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
        throw notText(where, row, `0x${point.toString(16)} is not a character`)
      }
      text += String.fromCodePoint(point)
    }
    return text
  })
}

function utf8(bytes: Uint8Array, header: NpyHeader, where: string): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return items(header).map((start, row) => {
    let end = start + header.type.byteLength
    while (end > start && bytes[end - 1] === 0) end -= 1
    try {
      return decoder.decode(bytes.subarray(start, end))
    } catch {
      throw notText(where, row, 'its bytes are not UTF-8')
    }
  })
}

function notText(where: string, row: number, problem: string): InputError {
  return new InputError({
    code: 'npy-text',
    message: `An entry can't be read as text: ${problem}.`,
    where: `${where}, row ${row} (counted from 0)`,
    hint: 'Save the array as str (np.array(values, dtype=str)), or its bytes in UTF-8.',
  })
}
