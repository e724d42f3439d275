/** The batches of an Arrow file some at a time, and of each only the buffers of the columns that are needed. */

import {
  type Table as ArrowTable,
  type Batch,
  CompressionType,
  type DataType,
  setCompressionCodec,
  Type,
  tableFromIPC,
  UnionMode,
} from '@uwdata/flechette'
import type { FileSource } from '../../core/file-source.ts'
import { type Unfolding, unfoldingOf } from '../unfolding.ts'
import { unfoldZstd } from '../zstd.ts'
import { checkBatch } from './batches.ts'
import { type Layout, type PlacedBatch, viewOf, withLength } from './layout.ts'
import { unfoldLz4Frame } from './lz4-frame.ts'
import { BUFFER_BYTES, bufferAt } from './messages.ts'

/** Of one buffer: a batch has some thousand rows. */
const MOST_BUFFER_BYTES = 2 ** 31 - 1
/** Of the batches that are decoded at once; dictionaries are decoded for each group anew. */
const GROUP_BYTES = 2 ** 25
/** Read too where they lie between what is needed: a request costs as much. */
const GAP_BYTES = 2 ** 16
/** From this version of the format on unions have no buffer of what is missing. */
const VERSION_5 = 4

/** The schema, as a table without rows. */
export function schemaOf({ schema }: Layout): ArrowTable {
  return decode([schema], unfoldingOf({ byteLength: 0 }))
}

/**
 * The batches of some columns, decoded and checked, in their order.
 *
 * @param fields places of the columns
 */
export async function* batchesOf(
  file: FileSource,
  layout: Layout,
  { schema }: ArrowTable,
  fields: ReadonlySet<number>,
): AsyncGenerator<ReadonlyMap<number, Batch<unknown>>> {
  const types = schema.fields.map(({ type }) => type)
  const unfolding = unfoldingOf(file)
  let group: Uint8Array[] = []
  let [byteLength, dictionaries] = [0, 0]
  const decoded = function* () {
    if (group.length === 0) return
    const known = layout.dictionaries.slice(0, dictionaries)
    const table = decode([layout.schema, ...known, ...group], unfolding)
    const columns = [...fields].map((place) => [place, table.getChildAt(place)!.data] as const)
    for (const at of group.keys()) {
      yield new Map(
        columns.map(([place, data]) => {
          checkBatch(data[at] as Batch<unknown>)
          return [place, data[at] as Batch<unknown>]
        }),
      )
    }
    ;[group, byteLength] = [[], 0]
  }
  for (const batch of layout.batches) {
    if (byteLength > GROUP_BYTES || batch.dictionaries !== dictionaries) yield* decoded()
    dictionaries = batch.dictionaries
    const message = await withBuffers(
      file,
      batch,
      neededBuffers(batch, types, fields, schema.version ?? VERSION_5),
    )
    group.push(message)
    byteLength += message.length
  }
  yield* decoded()
}

/** Whether each buffer of a batch is of a column that is needed. */
function neededBuffers(
  { batch }: PlacedBatch,
  types: readonly DataType[],
  fields: ReadonlySet<number>,
  version: number,
): readonly boolean[] {
  const views = batch.viewBuffers[Symbol.iterator]()
  const nextViews = () => views.next().value ?? 0
  return types.flatMap((type, place) =>
    new Array<boolean>(bufferCount(type, version, nextViews)).fill(fields.has(place)),
  )
}

/**
 * Buffers of a column in a batch.
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html#buffer-listing-for-each-layout
 */
function bufferCount(type: DataType, version: number, nextViews: () => number): number {
  const inside = () => {
    const children = 'children' in type ? (type.children ?? []) : []
    return children.reduce((sum, child) => sum + bufferCount(child.type, version, nextViews), 0)
  }
  switch (type.typeId) {
    case Type.Null:
      return 0
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Binary:
    case Type.LargeBinary:
      return 3
    case Type.Utf8View:
    case Type.BinaryView:
      return 2 + nextViews()
    case Type.FixedSizeList:
    case Type.Struct:
      return 1 + inside()
    case Type.List:
    case Type.LargeList:
    case Type.Map:
      return 2 + inside()
    case Type.ListView:
    case Type.LargeListView:
      return 3 + inside()
    case Type.RunEndEncoded:
      return inside()
    case Type.Union:
      return (version < VERSION_5 ? 2 : 1) + (type.mode === UnionMode.Sparse ? 0 : 1) + inside()
    default:
      return 2
  }
}

/** The message of a batch that has only the buffers that are needed, one behind the other; the others are empty. */
async function withBuffers(
  file: FileSource,
  { head: written, header, batch, body }: PlacedBatch,
  isNeeded: readonly boolean[],
): Promise<Uint8Array> {
  const head = Uint8Array.from(written)
  const view = viewOf(head)
  const places = Array.from({ length: batch.buffers.count }, (_, buffer) => ({
    ...bufferAt(view, batch, buffer, header.bodyLength),
    buffer,
  }))
  const needed = places.filter(({ buffer, length }) => isNeeded[buffer] === true && length > 0)
  let size = 0
  const targets = new Map<number, number>()
  for (const { buffer, length } of places) {
    const isThere = isNeeded[buffer] === true && length > 0
    const place = batch.buffers.first + buffer * BUFFER_BYTES
    view.setBigInt64(place, BigInt(isThere ? size : 0), true)
    if (isThere) {
      targets.set(buffer, size)
      size += Math.ceil(length / 8) * 8
    } else view.setBigInt64(place + 8, 0n, true)
  }
  if (size > header.bodyLength + 8 * needed.length) {
    throw new RangeError(`the buffers of a batch claim ${size} bytes of ${header.bodyLength}`)
  }
  if (header.lengthPlace > 0) view.setBigInt64(header.lengthPlace, BigInt(size), true)
  const content = new Uint8Array(size)
  const sorted = needed.sort((one, other) => one.start - other.start)
  for (let first = 0; first < sorted.length; ) {
    let last = first
    let end = sorted[first]!.start + sorted[first]!.length
    for (; last + 1 < sorted.length && sorted[last + 1]!.start <= end + GAP_BYTES; last++) {
      end = Math.max(end, sorted[last + 1]!.start + sorted[last + 1]!.length)
    }
    const { start } = sorted[first]!
    const bytes = await file.slice(body + start, body + end)
    for (const one of sorted.slice(first, last + 1)) {
      const from = one.start - start
      content.set(bytes.subarray(from, from + one.length), targets.get(one.buffer))
    }
    first = last + 1
  }
  return withLength(head, content)
}

function decode(parts: readonly Uint8Array[], unfolding: Unfolding): ArrowTable {
  const limited = (length: number) => {
    if (!(length >= 0 && length <= Math.min(unfolding.left, MOST_BUFFER_BYTES))) {
      throw new RangeError(
        `a buffer claims to unfold to ${length} bytes, and ${unfolding.left} of ${unfolding.most} are left`,
      )
    }
    unfolding.left -= length
    return length
  }
  const encode = () => {
    throw new Error('nothing is written')
  }
  setCompressionCodec(CompressionType.ZSTD, {
    decode: (packed, length) => unfoldZstd(packed, limited(Number(length))),
    encode,
  })
  setCompressionCodec(CompressionType.LZ4_FRAME, {
    decode: (packed, length) => unfoldLz4Frame(packed, limited(Number(length))),
    encode,
  })
  return tableFromIPC([...parts], {
    useBigInt: true,
    // Exactly as they are written: as doubles, long decimals and nanoseconds would be rounded.
    useDecimalInt: true,
    useBigIntTimestamp: true,
  })
}
