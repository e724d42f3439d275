/** `scan.wasm` and the memory that it shares with its callers; `scan.wat` is its source. */

import { readFileSync } from 'node:fs'

/** Arguments in the order of `scan.wat`; addresses are byte offsets into the memory. */
type Scan = (
  products: number,
  width: number,
  rowStart: number,
  rowEnd: number,
  columnStart: number,
  columnEnd: number,
  diagonal: number,
  rowNorms: number,
  columnNorms: number,
  rowThresholds: number,
  columnThresholds: number,
  rowSums: number,
  columnSums: number,
  histogram: number,
  firstBin: number,
  cosine: number,
  hits: number,
) => number

type Find = (
  products: number,
  width: number,
  rowStart: number,
  rowEnd: number,
  diagonal: number,
  rowNorms: number,
  columnNorms: number,
  rowThresholds: number,
  columnThresholds: number,
  hits: number,
) => number

export interface ScanKernel {
  readonly scan: Scan
  readonly find: Find
  readonly products: Float32Array
  /** One entry a position each, in the order of `Prepared.matrix`. */
  readonly norms: Float32Array
  readonly sameThresholds: Float32Array
  readonly otherThresholds: Float32Array
  /** One entry a row, and a column, of a tile. */
  readonly rowSums: Float64Array
  readonly columnSums: Float32Array
  readonly sameHistogram: Int32Array
  readonly otherHistogram: Int32Array
  readonly hits: Int32Array
}

const PAGE_BYTES = 65536
/** Groups of four may be read, not counted, beyond the end of an array. */
const PADDING_BYTES = 16

let compiled: WebAssembly.Module | undefined

/** @param blockRows rows that one call scans at most: what the hits must have room for */
export function openScanKernel(
  positions: number,
  tileRows: number,
  blockRows: number,
  bins: number,
): ScanKernel {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./scan.wasm', import.meta.url)))
  let byteLength = 0
  const reserve = (entries: number, bytesEach: number) => {
    const start = byteLength
    byteLength += Math.ceil((entries * bytesEach + PADDING_BYTES) / 16) * 16
    return [start, entries] as const
  }
  const products = reserve(tileRows * tileRows, 4)
  const norms = reserve(positions, 4)
  const sameThresholds = reserve(positions, 4)
  const otherThresholds = reserve(positions, 4)
  const rowSums = reserve(tileRows, 8)
  const columnSums = reserve(tileRows, 4)
  const sameHistogram = reserve(bins, 4)
  const otherHistogram = reserve(bins, 4)
  const hits = reserve(blockRows * Math.ceil(tileRows / 4), 4)
  const pages = Math.ceil(byteLength / PAGE_BYTES)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: PAGE_BYTES, shared: true })
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
  const float32 = ([start, entries]: readonly [number, number]) =>
    new Float32Array(memory.buffer, start, entries)
  const int32 = ([start, entries]: readonly [number, number]) =>
    new Int32Array(memory.buffer, start, entries)
  return {
    scan: exports.scan as Scan,
    find: exports.find as Find,
    products: float32(products),
    norms: float32(norms),
    sameThresholds: float32(sameThresholds),
    otherThresholds: float32(otherThresholds),
    rowSums: new Float64Array(memory.buffer, ...rowSums),
    columnSums: float32(columnSums),
    sameHistogram: int32(sameHistogram),
    otherHistogram: int32(otherHistogram),
    hits: int32(hits),
  }
}
