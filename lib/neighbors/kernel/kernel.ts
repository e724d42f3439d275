/** `kernel.wasm` with its types; `kernel-source.mjs` is its source and says what each function does. */

import { readFileSync } from 'node:fs'
import { InputError } from '../../core/errors.ts'

/** Arguments in the order of the source; addresses are byte offsets into the memory. */
export interface Kernel {
  readonly near: (
    panels: number,
    fullBytes: number,
    axes: number,
    axisBytes: number,
    facts: number,
    rowThresholds: number,
    columnThresholds: number,
    top: number,
    bottom: number,
    left: number,
    right: number,
    triangle: number,
    hits: number,
  ) => number
  /** Blocks of `near` that were multiplied in full, ever. */
  readonly passed: WebAssembly.Global
  readonly squares: (
    panels: number,
    panelBytes: number,
    facts: number,
    top: number,
    bottom: number,
    left: number,
    right: number,
    tile: number,
    width: number,
  ) => void
  readonly scan: (
    tile: number,
    width: number,
    rowStart: number,
    rowEnd: number,
    columnStart: number,
    columnEnd: number,
    triangle: number,
    rowThresholds: number,
    columnThresholds: number,
    rowSums: number,
    columnSums: number,
    histogram: number,
    coarseBits: number,
    fineBits: number,
    fineShift: number,
    fineCount: number,
    cosine: number,
    rounder: number,
    hits: number,
  ) => number
  readonly measure: (
    matrix: number,
    rowBytes: number,
    pairs: number,
    count: number,
    squares: number,
  ) => void
}

let compiled: WebAssembly.Module | undefined

/** An instance on memory that other threads may share. */
export function openKernel(memory: WebAssembly.Memory): Kernel {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernel.wasm', import.meta.url)))
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
  return exports as unknown as Kernel
}

const PAGE_BYTES = 65536
/** What 32-bit addresses reach. */
const MEMORY_BYTES = 2 ** 16 * PAGE_BYTES
/** Groups of four may be read, not counted, beyond the end of an array. */
const PADDING_BYTES = 64

/** Arrays of a memory are reserved first and made once all are known. */
export class MemoryLayout {
  #byteLength = 0

  /** @returns the byte offset of an array, on a cache line of its own */
  reserve(entries: number, bytesEach: number): number {
    const start = this.#byteLength
    this.#byteLength = Math.ceil((start + entries * bytesEach + PADDING_BYTES) / 64) * 64
    return start
  }

  get byteLength(): number {
    return this.#byteLength
  }

  /** @throws InputError `too-large` beyond what 32-bit addresses reach */
  allocate(): WebAssembly.Memory {
    if (this.#byteLength > MEMORY_BYTES) {
      throw new InputError({
        code: 'too-large',
        message: `Comparing all rows takes ${(this.#byteLength / 1e9).toFixed(1)} GB of memory for the rows alone, and WebAssembly has ${(MEMORY_BYTES / 1e9).toFixed(1)} GB.`,
        where: 'the vectors',
        hint: 'Evaluate a sample of the rows, or fewer dimensions.',
      })
    }
    const pages = Math.ceil(this.#byteLength / PAGE_BYTES)
    return new WebAssembly.Memory({
      initial: pages,
      maximum: MEMORY_BYTES / PAGE_BYTES,
      shared: true,
    })
  }
}
