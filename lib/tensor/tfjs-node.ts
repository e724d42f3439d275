/** TensorFlow's native library, on the processor or on a GPU: one thread here, all cores inside. */

import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import util from 'node:util'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { UnavailableError } from '../core/errors.ts'
import type { Backend, Matrix, Tile } from './backend.ts'

type Tfjs = typeof import('@tensorflow/tfjs-core') & { version: Record<string, string> }

/** Loads `@tensorflow/tfjs-node` or its GPU build; throws `UnavailableError` where it doesn't load. */
export function openTfjsNode(name: 'tfjs-node' | 'tfjs-node-gpu'): Backend {
  const tf = load(name)
  return {
    name,
    version: tf.version['tfjs-core'] ?? 'unknown',
    threads: availableParallelism(),
    products: (left, right, tiles) => products(tf, left, right, tiles),
    async close() {},
  }
}

function load(name: 'tfjs-node' | 'tfjs-node-gpu'): Tfjs {
  // TensorFlow reports its CPU features on stderr at every start unless told not to.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  restoreRemovedUtilities()
  const require = createRequire(import.meta.url)
  try {
    const tf: Tfjs = require(`@tensorflow/${name}`)
    if (name === 'tfjs-node-gpu' && tf.getBackend() !== 'tensorflow') throw new Error('no GPU')
    // Its warning about a faster build for other processors is noise in a report's terminal.
    tf.env().set('PROD', true)
    return tf
  } catch (error) {
    const [reason = 'unknown'] = (error instanceof Error ? error.message : String(error)).split(
      '\n',
    )
    throw new UnavailableError('backend-unavailable', `${name} does not load: ${reason}`, {
      hint:
        name === 'tfjs-node'
          ? 'Run `npm run tensorflow` to install its native library, or use `--backend wasm`.'
          : 'It needs an NVIDIA GPU with CUDA and the package @tensorflow/tfjs-node-gpu.',
      cause: error,
    })
  }
}

/** tfjs-node 4.22 still calls two functions that Node 23 removed from `node:util`. */
function restoreRemovedUtilities(): void {
  const removed = util as unknown as Record<string, unknown>
  removed.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  removed.isArray ??= Array.isArray
}

async function* products(
  tf: Tfjs,
  left: Matrix,
  right: Matrix,
  tiles: readonly Tile[],
): AsyncGenerator<Float32Array, void> {
  // Tiles come in runs with the same left rows, so that block stays a tensor between them.
  let block: { start: number; end: number; tensor: Tensor2D } | null = null
  try {
    for (const tile of tiles) {
      if (block === null || block.start !== tile.leftStart || block.end !== tile.leftEnd) {
        block?.tensor.dispose()
        block = {
          start: tile.leftStart,
          end: tile.leftEnd,
          tensor: rowsOf(tf, left, tile.leftStart, tile.leftEnd),
        }
      }
      const other = rowsOf(tf, right, tile.rightStart, tile.rightEnd)
      const product = tf.matMul(block.tensor, other, false, true)
      const values = product.dataSync<'float32'>()
      product.dispose()
      other.dispose()
      yield values
    }
  } finally {
    block?.tensor.dispose()
  }
}

function rowsOf(tf: Tfjs, matrix: Matrix, start: number, end: number): Tensor2D {
  const { values, dimensions } = matrix
  // A copy: TensorFlow can't read shared memory, and keeps the array that it is given.
  return tf.tensor2d(values.slice(start * dimensions, end * dimensions), [end - start, dimensions])
}
