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
  // Without this TensorFlow writes its processor's features to stderr at every start.
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

/** Parts stay tensors between tiles while they take no more than this; larger sets go tile by tile. */
const CACHE_BYTES = 256 * 2 ** 20

async function* products(
  tf: Tfjs,
  left: Matrix,
  right: Matrix,
  tiles: readonly Tile[],
): AsyncGenerator<Float32Array, void> {
  const leftParts = partsOf(tf, left)
  const rightParts = left === right ? leftParts : partsOf(tf, right)
  try {
    for (const { leftStart, leftEnd, rightStart, rightEnd, from, to } of tiles) {
      const depth = { from: from ?? 0, to: to ?? left.dimensions }
      const rows = leftParts.take({ start: leftStart, end: leftEnd, ...depth })
      const columns = rightParts.take({ start: rightStart, end: rightEnd, ...depth })
      const product = tf.matMul(rows, columns, left.byDimension, !right.byDimension)
      const values = product.dataSync<'float32'>()
      product.dispose()
      yield values
    }
  } finally {
    leftParts.dispose()
    rightParts.dispose()
  }
}

/** Parts of a matrix as tensors, each made once while there is room for it. */
function partsOf(tf: Tfjs, matrix: Matrix) {
  const tensors = new Map<string, Tensor2D>()
  let byteLength = 0
  let from = 0
  const drop = (name: string, tensor: Tensor2D) => {
    byteLength -= tensor.size * 4
    tensor.dispose()
    tensors.delete(name)
  }
  return {
    take(part: Part): Tensor2D {
      // Sums over some of the dimensions take each of these once, so the ones before are of no more use.
      if (part.from !== from) for (const [other, tensor] of tensors) drop(other, tensor)
      from = part.from
      const name = `${part.start}-${part.end} ${part.from}-${part.to}`
      const old = tensors.get(name)
      if (old !== undefined) {
        // It goes to the end of the map: what was used least recently comes first there.
        tensors.delete(name)
        tensors.set(name, old)
        return old
      }
      const tensor = tensorOf(tf, matrix, part)
      byteLength += tensor.size * 4
      // The last one stays: it may be the other side of the same tile.
      for (const [other, oldest] of tensors) {
        if (byteLength <= CACHE_BYTES || tensors.size === 1) break
        drop(other, oldest)
      }
      tensors.set(name, tensor)
      return tensor
    },
    dispose() {
      for (const [name, tensor] of tensors) drop(name, tensor)
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
