/**
 * Assembles `lib/neighbors/kernel/kernel-source.mjs` to the `kernel.wasm` beside it. The result is committed,
 * so that neither installing nor building needs an assembler; a test holds the two together.
 */

import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import loadWabt from 'wabt'
import { kernelSource } from '../lib/neighbors/kernel/kernel-source.mjs'

/** @returns {Promise<Uint8Array>} the module's bytes */
export async function assembleKernel() {
  const wabt = await loadWabt()
  const parsed = wabt.parseWat('kernel.wat', kernelSource, { simd: true, threads: true })
  try {
    parsed.resolveNames()
    return parsed.toBinary({ write_debug_names: false }).buffer
  } finally {
    parsed.destroy()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = new URL('../lib/neighbors/kernel/kernel.wasm', import.meta.url)
  await writeFile(target, await assembleKernel())
}
