/**
 * Assembles `lib/neighbors/scan.wat` to the `scan.wasm` beside it. The result is committed, so that
 * neither installing nor building needs an assembler; a test holds the two together.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import loadWabt from 'wabt'

const source = fileURLToPath(new URL('../lib/neighbors/scan.wat', import.meta.url))

/** @returns {Promise<Uint8Array>} the module's bytes */
export async function assembleKernel() {
  const wabt = await loadWabt()
  const parsed = wabt.parseWat(source, await readFile(source, 'utf8'), {
    simd: true,
    threads: true,
    sat_float_to_int: true,
  })
  try {
    parsed.resolveNames()
    return parsed.toBinary({ write_debug_names: false }).buffer
  } finally {
    parsed.destroy()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(source.replace(/\.wat$/, '.wasm'), await assembleKernel())
}
