/** The choice of a backend: the one that was asked for, or the fastest that loads here. */

import { UnavailableError } from '../core/errors.ts'
import { BACKEND_NAMES, type Backend, type BackendChoice, type BackendName } from './backend.ts'

/**
 * Opens the backend that was asked for, or with `auto` the fastest that loads here.
 * Throws `UnavailableError` with the reason where a named one doesn't load.
 *
 * @example
 * const backend = await openBackend('auto')
 * try { … } finally { await backend.close() }
 */
export async function openBackend(choice: BackendChoice): Promise<Backend> {
  if (choice !== 'auto') return openNamed(choice)
  const reasons: string[] = []
  for (const name of BACKEND_NAMES) {
    try {
      return await openNamed(name)
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      reasons.push(error.message)
    }
  }
  throw new UnavailableError('no-backend', `no tensor backend loads here: ${reasons.join('; ')}`, {
    hint: 'Reinstall with `npm ci`; `npx nearmiss doctor` shows what each backend says.',
  })
}

/** Loads only the package of the backend that is opened. */
async function openNamed(name: BackendName): Promise<Backend> {
  if (name === 'wasm') return (await import('./wasm.ts')).openWasm()
  return (await import('./tfjs-node.ts')).openTfjsNode(name)
}
