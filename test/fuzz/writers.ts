/** Writers of each format, small and plain: what they write is the oracle of what must be read. */

import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import {
  columnFromArray,
  fixedSizeList,
  float32,
  list,
  tableFromColumns,
  tableToIPC,
  utf8,
} from '@uwdata/flechette'
import { xxhash64 } from 'hyparquet/src/xxhash.js'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import type { Chance } from './chance.ts'
import type { Rows } from './rows.ts'

const utf8Bytes = (text: string) => Buffer.from(text, 'utf8')

export function npyBytes(descr: string, shape: string, data: Uint8Array): Buffer {
  // Of version 2, since a header may be longer than version 1 can say.
  const head = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`
  const padded = `${head.padEnd(Math.ceil((head.length + 13) / 64) * 64 - 13)}\n`
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 0, 0, 0, 0])
  start.writeUInt32LE(padded.length, 8)
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), data])
}

function vectorBytes({ vectors }: Rows): Buffer {
  return Buffer.from(Float32Array.from(vectors.flat()).buffer)
}

export function npyVectors(rows: Rows): Buffer {
  const shape = `(${rows.vectors.length}, ${rows.vectors[0]!.length})`
  return npyBytes("'<f4'", shape, vectorBytes(rows))
}

function npyTexts(texts: readonly string[]): Buffer {
  const points = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0)!))
  const width = Math.max(1, ...points.map(({ length }) => length))
  const data = new Uint32Array(texts.length * width)
  for (const [row, letters] of points.entries()) data.set(letters, row * width)
  return npyBytes(`'<U${width}'`, `(${texts.length},)`, Buffer.from(data.buffer))
}

export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
  readonly isPacked: boolean
  /** Lies about the unpacked size. */
  readonly claims?: number
}

/** @param edit changes the fields of the central directory's entry before they are written */
export function zipBytes(
  entries: readonly ZipEntry[],
  edit: (record: Buffer) => void = () => {},
): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes, isPacked, claims } of entries) {
    const data = isPacked ? deflateRawSync(bytes) : Buffer.from(bytes)
    const title = utf8Bytes(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(0x800, 6)
    local.writeUInt16LE(isPacked ? 8 : 0, 8)
    local.writeUInt32LE(crc32(bytes), 14)
    local.writeUInt32LE(data.length, 18)
    local.writeUInt32LE(claims ?? bytes.length, 22)
    local.writeUInt16LE(title.length, 26)
    const record = Buffer.alloc(46)
    record.writeUInt32LE(0x02014b50, 0)
    local.copy(record, 6, 4, 30)
    record.writeUInt32LE(offset, 42)
    edit(record)
    parts.push(local, title, data)
    directory.push(record, title)
    offset += 30 + title.length + data.length
  }
  const tail = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(tail.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, tail, end])
}

export function npzEntries(rows: Rows, isPacked: boolean): readonly ZipEntry[] {
  return [
    { name: 'embeddings.npy', bytes: npyVectors(rows), isPacked },
    { name: 'labels.npy', bytes: npyTexts(rows.labels), isPacked },
    { name: 'ids.npy', bytes: npyTexts(rows.ids), isPacked },
  ]
}

function cell(text: string, delimiter: string): string {
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
}

export function delimitedText(rows: Rows, delimiter: string, isCell: boolean): string {
  const { vectors, ids, labels, extra } = rows
  const names = isCell ? ['embedding'] : vectors[0]!.map((_, at) => `dim_${at}`)
  const lines = [
    ['id', 'label', extra.name, ...names],
    ...vectors.map((vector, row) => [
      ids[row]!,
      labels[row]!,
      extra.values[row]!,
      ...(isCell ? [JSON.stringify(vector)] : vector.map(String)),
    ]),
  ]
  return `${lines.map((line) => line.map((text) => cell(text, delimiter)).join(delimiter)).join('\n')}\n`
}

export function records({ vectors, ids, labels, extra }: Rows): readonly object[] {
  return vectors.map((embedding, row) =>
    Object.fromEntries([
      ['id', ids[row]],
      ['label', labels[row]],
      [extra.name, extra.values[row]],
      ['embedding', embedding],
    ]),
  )
}

export function safetensorsBytes(header: string, data: Uint8Array): Buffer {
  const text = utf8Bytes(header)
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([start, text, data])
}

export function safetensors(rows: Rows): Buffer {
  const [count, dimensions] = [rows.vectors.length, rows.vectors[0]!.length]
  const data = vectorBytes(rows)
  const header = {
    embeddings: { dtype: 'F32', shape: [count, dimensions], data_offsets: [0, data.length] },
  }
  return safetensorsBytes(JSON.stringify(header), data)
}

export function parquet({ vectors, ids, labels, extra }: Rows, chance: Chance): Buffer {
  const writer = new ByteWriter()
  const codec = chance.pick(['SNAPPY', 'UNCOMPRESSED'] as const)
  parquetWrite({
    writer,
    codec,
    rowGroupSize: 1 + chance.below(12),
    columnData: [
      { name: 'id', data: [...ids], type: 'STRING' },
      { name: 'label', data: [...labels], type: 'STRING' },
      { name: extra.name, data: [...extra.values], type: 'STRING' },
      ...vectors[0]!.map((_, at) => ({
        name: `dim_${at}`,
        data: vectors.map((vector) => vector[at]!),
        type: 'FLOAT' as const,
      })),
    ],
  })
  return Buffer.from(writer.getBytes())
}

export function arrow({ vectors, ids, labels, extra }: Rows, chance: Chance): Buffer {
  const values = vectors.map((vector) => Float32Array.from(vector))
  const type = chance.once(2) ? fixedSizeList(float32(), vectors[0]!.length) : list(float32())
  const table = tableFromColumns([
    ['id', columnFromArray([...ids], utf8())],
    ['label', columnFromArray([...labels], utf8())],
    [extra.name, columnFromArray([...extra.values], utf8())],
    ['embedding', columnFromArray(values, type)],
  ])
  return Buffer.from(tableToIPC(table, { format: chance.pick(['file', 'stream']) })!)
}

export function gzip(bytes: Uint8Array): Buffer {
  return gzipSync(bytes, { level: 1 })
}

/** A frame of blocks that aren't compressed, with its size and its checksum. */
export function zstd(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt32LE(0xfd2fb528, 0)
  head[4] = 0xa4
  head.writeUInt32LE(bytes.length, 5)
  const parts: Buffer[] = [head]
  const most = 100_000
  for (let start = 0; start === 0 || start < bytes.length; start += most) {
    const block = bytes.subarray(start, start + most)
    const isLast = start + most >= bytes.length
    const mark = Buffer.alloc(3)
    mark.writeUIntLE(block.length * 8 + (isLast ? 1 : 0), 0, 3)
    parts.push(mark, Buffer.from(block))
  }
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(Number(xxhash64(bytes) & 0xffff_ffffn))
  return Buffer.concat([...parts, sum])
}
