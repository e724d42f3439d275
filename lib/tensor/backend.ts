/** The one interface through which tensors are multiplied, and the choice of what stands behind it. */

import { UnavailableError } from '../core/errors.ts'

/** Float32 rows; on a `SharedArrayBuffer` where worker threads are to read them. */
export interface Matrix {
  readonly values: Float32Array
  readonly rows: number
  readonly dimensions: number
  /** Where set, all rows' values of one dimension lie together; else all of a row's. */
  readonly byDimension?: boolean
}

/** A block of the matrix of products: rows of the left matrix against rows of the right one. */
export interface Tile {
  readonly leftStart: number
  readonly leftEnd: number
  readonly rightStart: number
  readonly rightEnd: number
  /** Over some of the dimensions rather than all. */
  readonly from?: number
  readonly to?: number
}

export interface Backend {
  readonly name: BackendName
  readonly version: string
  readonly threads: number
  /**
   * Inner products of rows, tile by tile in the order given: each value holds `left rows × right rows`
   * float32 products, row-major, and is only valid until the next one is asked for. Leaving the loop
   * early frees everything.
   */
  products(left: Matrix, right: Matrix, tiles: readonly Tile[]): AsyncGenerator<Float32Array, void>
  close(): Promise<void>
}

export type BackendName = 'tfjs-node-gpu' | 'tfjs-node' | 'wasm'
export type BackendChoice = 'auto' | BackendName

/** Fastest first; `auto` takes the first that loads. */
export const BACKEND_NAMES: readonly BackendName[] = ['tfjs-node-gpu', 'tfjs-node', 'wasm']

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

async function openNamed(name: BackendName): Promise<Backend> {
  if (name === 'wasm') return (await import('./wasm.ts')).openWasm()
  return (await import('./tfjs-node.ts')).openTfjsNode(name)
}
