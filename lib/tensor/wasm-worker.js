/**
 * A worker thread that multiplies tiles with a tfjs wasm instance of its own. JavaScript, because
 * Node starts it as a file, from the sources as from the bundle.
 */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

/**
 * @typedef {{ values: Float32Array, rows: number, dimensions: number }} Matrix
 * @typedef {{ leftStart: number, leftEnd: number, rightStart: number, rightEnd: number }} Tile
 * @typedef {{ left: Matrix, right: Matrix } | { index: number, tile: Tile, slot: Float32Array }} Request
 */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)

/** Where the .wasm files lie: beside the bundle, else in the package. */
function wasmFolder() {
  const beside = fileURLToPath(new URL('.', import.meta.url))
  if (existsSync(`${beside}tfjs-backend-wasm-simd.wasm`)) return beside
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  return main.slice(0, main.lastIndexOf('/') + 1)
}

/** @type {Matrix | null} */
let left = null
/** @type {Matrix | null} */
let right = null
/** Rows of the left matrix that stay a tensor while tiles in a row share them. @type {{ start: number, end: number, tensor: tf.Tensor2D } | null} */
let block = null

/** @param {Tile} tile @param {Float32Array} slot */
function multiply(tile, slot) {
  if (left === null || right === null) throw new Error('a tile came before its matrices')
  const { leftStart, leftEnd, rightStart, rightEnd } = tile
  const dimensions = left.dimensions
  if (block === null || block.start !== leftStart || block.end !== leftEnd) {
    block?.tensor.dispose()
    const rows = left.values.slice(leftStart * dimensions, leftEnd * dimensions)
    block = {
      start: leftStart,
      end: leftEnd,
      tensor: tf.tensor2d(rows, [leftEnd - leftStart, dimensions]),
    }
  }
  // The wasm kernel is 14 times faster with a right side that is already transposed.
  const columns = rightEnd - rightStart
  const transposed = new Float32Array(dimensions * columns)
  // Sixteen columns at a time fill whole cache lines of what is written.
  for (let start = 0; start < columns; start += 16) {
    const end = Math.min(columns, start + 16)
    for (let d = 0; d < dimensions; d++) {
      for (let column = start; column < end; column++) {
        const value = right.values[(rightStart + column) * dimensions + d]
        transposed[d * columns + column] = /** @type {number} */ (value)
      }
    }
  }
  const other = tf.tensor2d(transposed, [dimensions, columns])
  const product = tf.matMul(block.tensor, other)
  slot.set(product.dataSync())
  product.dispose()
  other.dispose()
}

port.on('message', (/** @type {Request} */ request) => {
  try {
    if ('left' in request) {
      left = request.left
      right = request.right
      block?.tensor.dispose()
      block = null
    } else {
      multiply(request.tile, request.slot)
      port.postMessage({ done: request.index })
    }
  } catch (error) {
    port.postMessage({ failed: error instanceof Error ? error.message : String(error) })
  }
})

try {
  setWasmPaths(wasmFolder())
  if (!(await tf.setBackend('wasm'))) throw new Error('its WebAssembly module did not start')
  await tf.ready()
  port.postMessage({ ready: version_wasm })
} catch (error) {
  port.postMessage({ failed: error instanceof Error ? error.message : String(error) })
}
