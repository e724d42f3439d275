/** TensorFlow's native library, on the processor or on a GPU: one thread here, all cores inside. */

import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import util from 'node:util'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { UnavailableError } from '../core/errors.ts'
import type { Backend, Matrix, Tile } from './backend.ts'
import { cut, type Part } from './cut.ts'

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

/** Blocks of rows stay tensors between tiles up to this; larger sets are handed over tile by tile. */
const KEPT_BYTES = 256 * 2 ** 20

async function* products(
  tf: Tfjs,
  left: Matrix,
  right: Matrix,
  tiles: readonly Tile[],
): AsyncGenerator<Float32Array, void> {
  const leftBlocks = blocks(tf, left)
  const rightBlocks = left === right ? leftBlocks : blocks(tf, right)
  try {
    for (const { leftStart, leftEnd, rightStart, rightEnd, from, to } of tiles) {
      const depth = { from: from ?? 0, to: to ?? left.dimensions }
      const rows = leftBlocks.take({ start: leftStart, end: leftEnd, ...depth })
      const columns = rightBlocks.take({ start: rightStart, end: rightEnd, ...depth })
      const product = tf.matMul(rows, columns, left.byDimension, !right.byDimension)
      const values = product.dataSync<'float32'>()
      product.dispose()
      yield values
    }
  } finally {
    leftBlocks.dispose()
    rightBlocks.dispose()
  }
}

/** Parts of a matrix as tensors, each made once while there is room for it. */
function blocks(tf: Tfjs, matrix: Matrix) {
  const kept = new Map<string, Tensor2D>()
  let byteLength = 0
  let from = 0
  const drop = (name: string, tensor: Tensor2D) => {
    byteLength -= tensor.size * 4
    tensor.dispose()
    kept.delete(name)
  }
  return {
    take(part: Part): Tensor2D {
      // Sums over parts of the dimensions go through them once.
      if (part.from !== from) for (const [other, old] of kept) drop(other, old)
      from = part.from
      const name = `${part.start}-${part.end} ${part.from}-${part.to}`
      const known = kept.get(name)
      if (known !== undefined) {
        // Last in the map: what was used least recently goes first.
        kept.delete(name)
        kept.set(name, known)
        return known
      }
      const tensor = tensorOf(tf, matrix, part)
      byteLength += tensor.size * 4
      // The last one stays: it may be the other side of the same tile.
      for (const [other, old] of kept) {
        if (byteLength <= KEPT_BYTES || kept.size === 1) break
        drop(other, old)
      }
      kept.set(name, tensor)
      return tensor
    },
    dispose() {
      for (const [name, tensor] of kept) drop(name, tensor)
    },
  }
}

/** As it lies in the matrix: rows × dimensions, or dimensions × rows. */
function tensorOf(tf: Tfjs, matrix: Matrix, part: Part): Tensor2D {
  const [rows, dimensions] = [part.end - part.start, part.to - part.from]
  return tf.tensor2d(
    cut(matrix, part),
    matrix.byDimension ? [dimensions, rows] : [rows, dimensions],
  )
}
