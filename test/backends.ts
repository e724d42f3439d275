/** Which tensor backends load on this machine; the same suites run on each that does. */

import { UnavailableError } from '../lib/core/errors.ts'
import type { BackendName } from '../lib/tensor/backend.ts'
import { openTfjsNode } from '../lib/tensor/tfjs-node.ts'

/** Why a backend doesn't load here, or null. */
export function backendProblem(name: BackendName): string | null {
  if (name === 'wasm') return null
  try {
    openTfjsNode(name)
    return null
  } catch (error) {
    if (error instanceof UnavailableError) return error.message
    throw error
  }
}
