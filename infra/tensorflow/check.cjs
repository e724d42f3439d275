/**
 * Loads `@tensorflow/tfjs-node` and multiplies two matrices; prints the library's version.
 * A process of its own, since a native library that doesn't fit can end the process that loads it.
 */

const util = require('node:util')

// tfjs-node 4.22 still calls two functions that Node 23 removed.
const removed = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (util))
removed.isNullOrUndefined ??= (/** @type {unknown} */ value) =>
  value === null || value === undefined
removed.isArray ??= Array.isArray
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'

const tf = require('@tensorflow/tfjs-node')
const product = tf.matMul(
  tf.tensor2d([[1, 2]]),
  tf.tensor2d([
    [3, 4],
    [5, 6],
  ]),
)
const found = [...product.dataSync()].join()
if (found !== '13,16') throw new Error(`[1 2] × [3 4; 5 6] must be 13,16 and came out as ${found}`)
process.stdout.write(`TensorFlow ${tf.backend().binding.TF_Version}\n`)
