/** A thread that multiplies one block with itself, as often as it is told, with tfjs wasm alone. */

import { fileURLToPath } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

const port = parentPort!
const { block, side, dimensions } = workerData as {
  block: Float32Array
  side: number
  dimensions: number
}

setWasmPaths(fileURLToPath(new URL('.', import.meta.url)))
await tf.setBackend('wasm')
const left = tf.tensor2d(block, [side, dimensions])
// Its product is many times faster with a right side that is already transposed.
const right = tf.transpose(left)
right.dataSync()

port.on('message', (count: number) => {
  for (let at = 0; at < count; at++) tf.matMul(left, right).dispose()
  port.postMessage('done')
})
port.postMessage('ready')
