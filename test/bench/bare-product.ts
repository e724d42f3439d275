/**
 * A backend's own matrix product at its peak: both operands are its tensors before the clock starts,
 * and nothing reads the results. As many multiplications as every pair of rows once.
 */

import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type * as Tfjs from '@tensorflow/tfjs-core'
import type { Backend } from '../../lib/tensor/backend.ts'

interface Operands {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
}

const BLOCK_ROWS = 2048
/** Past so many multiplications a part of the work tells the speed as well as the whole. */
const ENOUGH = 1e11

/** Resolves to the product, which resolves to the seconds that all of it takes. */
export async function bareProduct(
  backend: Backend,
  { vectors, rows, dimensions }: Operands,
): Promise<() => Promise<number>> {
  const side = Math.min(BLOCK_ROWS, rows)
  const block = vectors.slice(0, side * dimensions)
  const blocks = (rows * rows) / 2 / (side * side)
  const most = ENOUGH / (side * side * dimensions)
  const share = Math.min(1, most / blocks)
  const multiply =
    backend.name === 'wasm'
      ? await inThreads(block, side, dimensions, backend.threads)
      : natively(backend.name, block, side, dimensions)
  await multiply(backend.threads)
  return async () => {
    // Whole blocks for every thread, so that none waits for another; then as if it had been all of them.
    const count = Math.max(1, Math.round((blocks * share) / backend.threads)) * backend.threads
    const start = performance.now()
    await multiply(count)
    return ((performance.now() - start) / 1000) * (blocks / count)
  }
}

function natively(name: string, block: Float32Array, side: number, dimensions: number) {
  // The backend has loaded it before: this is the same library.
  const tf: typeof Tfjs = createRequire(import.meta.url)(`@tensorflow/${name}`)
  const left = tf.tensor2d(block, [side, dimensions])
  return async (count: number) => {
    for (let at = 0; at < count; at++) tf.matMul(left, left, false, true).dispose()
  }
}

async function inThreads(block: Float32Array, side: number, dimensions: number, threads: number) {
  const workers = Array.from({ length: threads }, () => {
    return new Worker(new URL('./product-worker.js', import.meta.url), {
      workerData: { block, side, dimensions },
    })
  })
  for (const worker of workers) worker.unref()
  await Promise.all(workers.map(answered))
  return async (count: number) => {
    const answers = workers.map(answered)
    for (const worker of workers) worker.postMessage(Math.ceil(count / threads))
    await Promise.all(answers)
  }
}

function answered(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', () => {
      worker.off('error', reject)
      resolve()
    })
  })
}
