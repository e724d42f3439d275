/** A worker thread that multiplies tiles with a tfjs wasm instance of its own. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { Matrix, Tile } from './backend.ts'
import { cut, cutTransposed, type Part } from './cut.ts'

/** The matrices of the tiles that follow, or one of those. */
export type Request =
  | { readonly left: Matrix; readonly right: Matrix }
  | { readonly index: number; readonly tile: Tile; readonly slot: Float32Array }

export type Answer =
  | { readonly ready: string }
  | { readonly done: number }
  | { readonly failed: string }

/** A part as a tensor, which stays while tiles in a row share it. */
interface PartTensor extends Part {
  readonly tensor: tf.Tensor2D
}

const port = parentPort!
const say = (answer: Answer) => port.postMessage(answer)

let left: Matrix | null = null
let right: Matrix | null = null
let rows: PartTensor | null = null
let columns: PartTensor | null = null

/** Where the .wasm files lie: beside the bundle, else in the package. */
function wasmFolder(): string {
  const beside = fileURLToPath(new URL('.', import.meta.url))
  if (existsSync(`${beside}tfjs-backend-wasm-simd.wasm`)) return beside
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  return main.slice(0, main.lastIndexOf('/') + 1)
}

function multiply(
  { leftStart, leftEnd, rightStart, rightEnd, from, to }: Tile,
  slot: Float32Array,
): void {
  if (left === null || right === null) throw new Error('a tile came before its matrices')
  const depth = { from: from ?? 0, to: to ?? left.dimensions }
  rows = tensorOf(rows, { start: leftStart, end: leftEnd, ...depth }, left, rowsOf)
  columns = tensorOf(columns, { start: rightStart, end: rightEnd, ...depth }, right, columnsOf)
  const product = tf.matMul(rows.tensor, columns.tensor)
  slot.set(product.dataSync())
  product.dispose()
}

/** The tensor of the last tile where it is of the same part, else a new one in its place. */
function tensorOf(
  last: PartTensor | null,
  part: Part,
  matrix: Matrix,
  make: (matrix: Matrix, part: Part) => tf.Tensor2D,
): PartTensor {
  const { start, end, from, to } = part
  if (last?.start === start && last.end === end && last.from === from && last.to === to) {
    return last
  }
  last?.tensor.dispose()
  return { ...part, tensor: make(matrix, part) }
}

function rowsOf(matrix: Matrix, part: Part): tf.Tensor2D {
  const lines = matrix.byDimension ? cutTransposed(matrix, part) : cut(matrix, part)
  return tf.tensor2d(lines, [part.end - part.start, part.to - part.from])
}

/** The wasm kernel is 14 times faster with a right side that is already transposed. */
function columnsOf(matrix: Matrix, part: Part): tf.Tensor2D {
  const lines = matrix.byDimension ? cut(matrix, part) : cutTransposed(matrix, part)
  return tf.tensor2d(lines, [part.to - part.from, part.end - part.start])
}

port.on('message', (request: Request) => {
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
      say({ done: request.index })
    }
  } catch (error) {
    say({ failed: error instanceof Error ? error.message : String(error) })
  }
})

try {
  setWasmPaths(wasmFolder())
  if (!(await tf.setBackend('wasm'))) throw new Error('its WebAssembly module did not start')
  await tf.ready()
  say({ ready: version_wasm })
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) })
}
