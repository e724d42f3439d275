/** The pages of one column, one after another: no more of a file is in memory than a page and what was read ahead. */

import { brotliDecompressSync, unzipSync } from 'node:zlib'
import type {
  ColumnChunk,
  CompressionCodec,
  DataPageHeader,
  PageHeader,
  SchemaTree,
} from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { convert, convertWithDictionary } from 'hyparquet/src/convert.js'
import { decompressPage, readDataPage } from 'hyparquet/src/datapage.js'
import { readPlain } from 'hyparquet/src/plain.js'
import { compressors } from 'hyparquet-compressors'
import type { FileSource } from '../../core/file-source.ts'
import { LOCAL_PARSERS, PARSERS } from '../times.ts'
import type { Unfolding } from '../unfolding.ts'
import { unfoldZstd } from '../zstd.ts'
import { type Levels, readLevels } from './levels.ts'
import { isLocal, parserOf, withoutMeaning } from './meanings.ts'
import { checkLevelRuns, checkPageRuns } from './runs.ts'
import { checkThrift } from './thrift.ts'
import { checkEntries, checkValues } from './values.ts'

/** Read at once: pages are about a megabyte, and a request costs as much. */
const WINDOW = 4 * 2 ** 20
/** A page's header is small, but for what it tells of its least and largest entry. */
const MOST_HEADER_BYTES = 2 ** 20
/** Of one page, unfolded: no writer makes any of a tenth of it. */
const MOST_PAGE_BYTES = 192 * 2 ** 20
const MOST_PAGE_VALUES = 2 ** 23
/** Each text of a page takes an object for a while. */
const MOST_PAGE_TEXTS = 2 ** 21
export interface Page {
  /** Those that are there, in their order. */
  readonly values: ArrayLike<unknown>
  /** Of each entry, whether its list begins or goes on; empty where there are no lists. */
  readonly repetition: ArrayLike<number>
  /** Of each entry, how much of its path is there; empty where all is. */
  readonly definition: ArrayLike<number>
  /** Entries, those that are missing included. */
  readonly count: number
}

/** What is wrong with a file, as a sentence's end. */
export class DamagedPage extends Error {}

/** A column chunk, page by page. */
export async function* pagesOf(
  file: FileSource,
  unfolding: Unfolding,
  chunk: ColumnChunk,
  schemaPath: readonly SchemaTree[],
): AsyncGenerator<Page> {
  const meta = chunk.meta_data
  if (meta === undefined) throw new DamagedPage('a column says nothing of where its pages are')
  const { element: written } = schemaPath.at(-1)!
  const ours = parserOf(written)
  const element = ours === null ? written : withoutMeaning(written)
  const decoder = {
    pathInSchema: meta.path_in_schema,
    element,
    schemaPath: [...schemaPath],
    type: meta.type,
    codec: meta.codec,
    parsers: isLocal(written) ? LOCAL_PARSERS : PARSERS,
    compressors: COMPRESSORS,
    utf8: ours === null,
  }
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
  const first = Math.min(start, Number(meta.data_page_offset))
  const end = first + Number(meta.total_compressed_size)
  if (!(first >= 0 && end <= file.byteLength && end >= first)) {
    throw new DamagedPage(
      `a column claims bytes ${first} to ${end}, and the file has ${file.byteLength}`,
    )
  }
  const bytes = readAhead(file, first, end)
  const isText = meta.type === 'BYTE_ARRAY' || meta.type === 'FIXED_LEN_BYTE_ARRAY'
  const mostValues = isText ? MOST_PAGE_TEXTS : MOST_PAGE_VALUES
  const take = (unfolded: number, count: number) => {
    unfolding.left -= unfolded + count * 4
    if (unfolding.left < 0) {
      throw new DamagedPage(
        `its pages unfold to more than ${unfolding.most} bytes, the most that are read of a file of ${file.byteLength}`,
      )
    }
  }
  let left = Number(meta.num_values)
  let dictionary: Parameters<typeof convertWithDictionary>[1]
  while (left > 0 && bytes.left() > 0) {
    const ahead = (await bytes.peek(MOST_HEADER_BYTES)).subarray(0, MOST_HEADER_BYTES)
    checkThrift(ahead, wrong)
    const reader = { view: viewOf(ahead), offset: 0 }
    const header = parquetHeader(reader)
    bytes.skip(reader.offset)
    const { compressed_page_size: packed, uncompressed_page_size: unfolded } = header
    checkSize(packed, bytes.left(), unfolded)
    // Of its own, so that a length that lies meets the page's end.
    const body = (await bytes.peek(packed)).slice(0, packed)
    bytes.skip(packed)
    if (header.type === 'DICTIONARY_PAGE') {
      const count = header.dictionary_page_header?.num_values ?? 0
      checkCount(count, mostValues)
      take(unfolded, count)
      const page = decompressPage(body, unfolded, meta.codec, COMPRESSORS)
      const data = readPlain(readerOf(page), meta.type, count, element.type_length)
      dictionary = convert(data, decoder)
      continue
    }
    if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') continue
    const head = header.data_page_header ?? header.data_page_header_v2
    if (head === undefined) throw new DamagedPage('a page says nothing of its entries')
    const count = head.num_values
    checkCount(count, mostValues)
    take(unfolded, count)
    const isByIndex = head.encoding.endsWith('_DICTIONARY')
    const { levels, values: bare } =
      header.data_page_header !== undefined
        ? ofFirstVersion(body, unfolded, header.data_page_header, decoder)
        : ofSecondVersion(body, header, decoder)
    if (isByIndex && dictionary === undefined) {
      throw new DamagedPage('a page refers to a dictionary, and there is none before it')
    }
    const { there, repetition, definition } = levels
    checkValues(bare, count, there, head.encoding, meta.type, wrong)
    // Of a page without levels, whose entries are all there.
    const flat = { ...decoder, schemaPath: decoder.schemaPath.slice(0, 1) }
    const { dataPage } = readDataPage(
      bare,
      { ...(head as DataPageHeader), num_values: there },
      flat,
    )
    if (isByIndex) checkEntries(dataPage, dictionary!.length, wrong)
    if (dataPage.length !== there) {
      throw new DamagedPage(
        `a page says that ${there} of its entries are there, and has ${dataPage.length}`,
      )
    }
    const values = convertWithDictionary(dataPage, dictionary, head.encoding, decoder)
    yield {
      values: ours === null ? values : Array.from(values, ours),
      repetition,
      definition,
      count,
    }
    left -= count
  }
  if (left !== 0) {
    throw new DamagedPage(
      `a column claims ${meta.num_values} entries, and its pages have ${Number(meta.num_values) - left}`,
    )
  }
}

type Decoder = Parameters<typeof readDataPage>[2]

const wrong = (problem: string) => new DamagedPage(problem)

interface ReadPage {
  readonly levels: Levels
  /** Of the entries that are there, unfolded and not yet decoded. */
  readonly values: Uint8Array
}

function ofFirstVersion(
  body: Uint8Array,
  unfolded: number,
  { num_values: count }: DataPageHeader,
  { codec, schemaPath }: Decoder,
): ReadPage {
  const page = decompressPage(body, unfolded, codec, COMPRESSORS)
  checkPageRuns(page, count, schemaPath, wrong)
  const levels = readLevels(page, count, schemaPath, null)
  return { levels, values: page.subarray(levels.end) }
}

/** Only the values are packed. */
function ofSecondVersion(
  body: Uint8Array,
  { data_page_header_v2: head, uncompressed_page_size: unfolded }: PageHeader,
  { codec, schemaPath }: Decoder,
): ReadPage {
  const {
    num_values: count,
    num_nulls: nulls,
    repetition_levels_byte_length: repetition,
    definition_levels_byte_length: definition,
    is_compressed: isPacked,
  } = head!
  checkLevelRuns(body, [repetition, definition], count, schemaPath, wrong)
  const levels = readLevels(body, count, schemaPath, [repetition, definition])
  if (levels.there !== count - nulls) {
    throw new DamagedPage(
      `a page claims ${nulls} missing entries of ${count}, and has ${count - levels.there}`,
    )
  }
  const length = unfolded - levels.end
  if (length < 0) throw new DamagedPage(`a page claims to unfold to ${length} bytes`)
  const packed = body.subarray(levels.end)
  const values =
    isPacked !== false && codec !== 'UNCOMPRESSED' && length > 0
      ? decompressPage(packed, length, codec, COMPRESSORS)
      : packed
  return { levels, values }
}

function checkSize(packed: number, left: number, unfolded: number): void {
  if (!(packed >= 0 && packed <= left)) {
    throw new DamagedPage(
      `a page claims ${typeof packed === 'number' ? packed : 'no number of'} bytes, and ${left} of its column are left`,
    )
  }
  if (!(unfolded >= 0 && unfolded <= MOST_PAGE_BYTES)) {
    throw new DamagedPage(
      `a page claims to unfold to ${unfolded} bytes; at most ${MOST_PAGE_BYTES} are read`,
    )
  }
}

function checkCount(count: number, most: number): void {
  // Of a damaged header any field may have any type.
  if (typeof count !== 'number') throw new DamagedPage('a page claims no number of entries')
  if (count >= 0 && count <= most) return
  throw new DamagedPage(`a page claims ${count} entries; at most ${most} are read`)
}

const COMPRESSORS: typeof compressors = {
  ...compressors,
  // These two of hyparquet's go on past the length that a page claims.
  GZIP: (input: Uint8Array, length: number) =>
    Uint8Array.from(unzipSync(input, { maxOutputLength: Math.max(1, length) })),
  BROTLI: (input: Uint8Array, length: number) =>
    Uint8Array.from(brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) })),
  // Into memory of the size that was checked: what a frame claims of itself isn't believed.
  ZSTD: unfoldZstd,
} satisfies Partial<Record<CompressionCodec, unknown>>

/** Bytes from `start` to `end` in their order, some ahead. */
function readAhead(file: FileSource, start: number, end: number) {
  let window: Uint8Array = new Uint8Array(0)
  let [at, next] = [0, start]
  return {
    left: () => end - next + window.length - at,
    skip: (count: number) => {
      at += count
    },
    /** At least so many of what is left, or all. */
    peek: async (count: number): Promise<Uint8Array> => {
      const ahead = window.length - at
      if (ahead < count && next < end) {
        const more = Math.min(end, next + Math.max(count - ahead, WINDOW))
        const fetched = await file.slice(next, more)
        if (ahead === 0) {
          ;[window, at, next] = [fetched, 0, more]
          return window
        }
        const joined = new Uint8Array(ahead + fetched.length)
        joined.set(window.subarray(at))
        joined.set(fetched, ahead)
        ;[window, at, next] = [joined, 0, more]
      }
      return window.subarray(at)
    },
  }
}

function readerOf(bytes: Uint8Array) {
  return { view: viewOf(bytes), offset: 0 }
}

function viewOf(bytes: Uint8Array): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
}
