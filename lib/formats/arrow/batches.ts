/** Whether the buffers of a batch hold what its header claims: flechette believes it. */

import { type Batch, type DataType, Type } from '@uwdata/flechette'

/** Throws `RangeError`; a batch that passes can be read entry by entry. */
export function checkBatch(batch: Batch<unknown>): void {
  const { length, offsets, sizes, values, children, validity, nullCount, type } = batch
  if (!Number.isSafeInteger(length) || length < 0)
    throw new RangeError(`a batch claims ${length} rows`)
  if (nullCount > 0 && validity && validity.length * 8 < length) {
    throw new RangeError(
      `a batch claims ${length} rows, and tells of ${validity.length * 8} whether they are there`,
    )
  }
  if (offsets && sizes) {
    const size = children?.[0]?.length ?? values?.length ?? 0
    for (let row = 0; row < length; row++) {
      const [from, count] = [Number(offsets[row]), Number(sizes[row])]
      if (!(from >= 0 && count >= 0 && from + count <= size))
        throw outside(row, from, from + count, size)
    }
  } else if (offsets) {
    const size = children?.[0]?.length ?? values?.length ?? 0
    if (offsets.length < length + 1 && length > 0) throw tooFew(length, offsets.length - 1)
    for (let row = 0; row < length; row++) {
      const [from, to] = [Number(offsets[row]), Number(offsets[row + 1])]
      if (!(from >= 0 && to >= from && to <= size)) throw outside(row, from, to, size)
    }
  } else if (values) {
    const room = roomOf(values.length, type)
    if (room < length) throw tooFew(length, room)
  }
  const stride = type.typeId === Type.FixedSizeList ? type.stride : null
  for (const child of children ?? []) {
    checkBatch(child as Batch<unknown>)
    if (stride !== null && child.length < stride * length)
      throw tooFew(stride * length, child.length)
    if (type.typeId === Type.Struct && child.length < length) throw tooFew(length, child.length)
  }
}

/** Rows that so many elements of a buffer hold. */
function roomOf(elements: number, type: DataType): number {
  switch (type.typeId) {
    case Type.Bool:
      return elements * 8
    case Type.FixedSizeBinary:
      return type.stride === 0 ? 0 : elements / type.stride
    case Type.Decimal:
      return type.bitWidth <= 64 ? elements : elements / (type.bitWidth / 64)
    case Type.Utf8View:
    case Type.BinaryView:
      return elements / 16
    default:
      return elements
  }
}

function tooFew(claimed: number, there: number): RangeError {
  return new RangeError(`a batch claims ${claimed} entries, and its buffers hold ${there}`)
}

function outside(row: number, from: number, to: number, size: number): RangeError {
  return new RangeError(`row ${row} of a batch claims entries ${from} to ${to} of ${size}`)
}
