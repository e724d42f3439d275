/** Where the arrays of the kernel's memory lie, and the memory itself. */

import { InputError } from '../../core/errors.ts'

const PAGE_BYTES = 65536
/** 32-bit addresses reach so far. */
const MEMORY_BYTES = 2 ** 16 * PAGE_BYTES
/** The kernel may read, but not count, a group of four beyond the end of an array. */
const PADDING_BYTES = 64

/** Arrays are reserved first; the memory is made once all are known. */
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
