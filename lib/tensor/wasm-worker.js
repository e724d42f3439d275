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
 * @typedef {import('./backend.ts').Matrix} Matrix
 * @typedef {import('./backend.ts').Tile} Tile
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
/**
 * Some rows of a matrix, and some of their dimensions.
 *
 * @typedef {{ start: number, end: number, from: number, to: number }} Part
 */
/**
 * A part as a tensor, which stays while tiles in a row share it.
 *
 * @typedef {Part & { tensor: tf.Tensor2D }} Block
 */
/** @type {Block | null} */
let rows = null
/** @type {Block | null} */
let columns = null

/** @param {Tile} tile @param {Float32Array} slot */
function multiply({ leftStart, leftEnd, rightStart, rightEnd, from, to }, slot) {
  if (left === null || right === null) throw new Error('a tile came before its matrices')
  const depth = { from: from ?? 0, to: to ?? left.dimensions }
  rows = blockOf(rows, { start: leftStart, end: leftEnd, ...depth }, left, rowsOf)
  columns = blockOf(columns, { start: rightStart, end: rightEnd, ...depth }, right, columnsOf)
  const product = tf.matMul(rows.tensor, columns.tensor)
  slot.set(product.dataSync())
  product.dispose()
}

/**
 * The block that is there, or another in its place.
 *
 * @param {Block | null} block @param {Part} part @param {Matrix} matrix
 * @param {(matrix: Matrix, part: Part) => tf.Tensor2D} make
 * @returns {Block}
 */
function blockOf(block, part, matrix, make) {
  const { start, end, from, to } = part
  if (block?.start === start && block.end === end && block.from === from && block.to === to) {
    return block
  }
  block?.tensor.dispose()
  return { ...part, tensor: make(matrix, part) }
}

/** @param {Matrix} matrix @param {Part} part */
function rowsOf({ values, rows, dimensions, byDimension }, { start, end, from, to }) {
  const lines = byDimension
    ? turned(values, rows, from, to, start, end)
    : cut(values, dimensions, start, end, from, to)
  return tf.tensor2d(lines, [end - start, to - from])
}

/**
 * The wasm kernel is 14 times faster with a right side that is already transposed.
 *
 * @param {Matrix} matrix @param {Part} part
 */
function columnsOf({ values, rows, dimensions, byDimension }, { start, end, from, to }) {
  const lines = byDimension
    ? cut(values, rows, from, to, start, end)
    : turned(values, dimensions, start, end, from, to)
  return tf.tensor2d(lines, [to - from, end - start])
}

/**
 * Lines from `first` to `last` of an array with so many values a line, of each the places `from` to `to`.
 *
 * @param {Float32Array} values @param {number} width
 * @param {number} first @param {number} last @param {number} from @param {number} to
 */
function cut(values, width, first, last, from, to) {
  if (from === 0 && to === width) return values.slice(first * width, last * width)
  const lines = new Float32Array((last - first) * (to - from))
  for (let line = first; line < last; line++) {
    const start = line * width
    lines.set(values.subarray(start + from, start + to), (line - first) * (to - from))
  }
  return lines
}

/**
 * The same, place by place instead of line by line.
 *
 * @param {Float32Array} values @param {number} width
 * @param {number} first @param {number} last @param {number} from @param {number} to
 */
function turned(values, width, first, last, from, to) {
  const count = last - first
  const places = new Float32Array((to - from) * count)
  // Sixteen lines at a time fill whole cache lines of what is written.
  for (let start = 0; start < count; start += 16) {
    const end = Math.min(count, start + 16)
    for (let place = from; place < to; place++) {
      for (let line = start; line < end; line++) {
        const value = values[(first + line) * width + place]
        places[(place - from) * count + line] = /** @type {number} */ (value)
      }
    }
  }
  return places
}

port.on('message', (/** @type {Request} */ request) => {
  try {
    if ('left' in request) {
      left = request.left
      right = request.right
      rows?.tensor.dispose()
      columns?.tensor.dispose()
      rows = null
      columns = null
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
