/** tfjs wasm in worker threads, one instance in each: it never threads by itself under Node. */

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { UnavailableError } from '../core/errors.ts'
import { shareable } from '../core/shared-memory.ts'
import type { Backend, Matrix, Tile } from './backend.ts'
import type { Answer } from './wasm-worker.ts'

/** More instances than this share their memory bandwidth for nothing. */
const MAX_THREADS = 8

/** Starts the worker threads; throws `UnavailableError` where they don't start. */
export async function openWasm(
  threads = Math.min(availableParallelism(), MAX_THREADS),
): Promise<Backend> {
  const url = workerUrl()
  const workers: Worker[] = []
  try {
    for (let index = 0; index < threads; index++) workers.push(new Worker(url))
    const versions = await Promise.all(workers.map(ready))
    return {
      name: 'wasm',
      version: versions[0] ?? 'unknown',
      threads,
      products: (left, right, tiles) => products(workers, left, right, tiles),
      async close() {
        await Promise.all(workers.map((worker) => worker.terminate()))
      },
    }
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.terminate()))
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnavailableError('backend-unavailable', `wasm does not load: ${reason}`, {
      hint: 'Reinstall with `npm ci`.',
      cause: error,
    })
  }
}

function ready(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (answer: Answer) => {
      worker.off('error', reject)
      if ('ready' in answer) resolve(answer.ready)
      else reject(new Error('failed' in answer ? answer.failed : 'unexpected answer'))
    })
  })
}

/**
 * Workers run ahead of the reader by at most two tiles each, into slots of shared memory, and the
 * reader takes the tiles in order: sums over tiles then never depend on which worker was faster.
 */
async function* products(
  workers: readonly Worker[],
  left: Matrix,
  right: Matrix,
  tiles: readonly Tile[],
): AsyncGenerator<Float32Array, void> {
  if (tiles.length === 0) return
  const largest = Math.max(
    ...tiles.map((tile) => (tile.leftEnd - tile.leftStart) * (tile.rightEnd - tile.rightStart)),
  )
  const slots = Array.from(
    { length: Math.min(2 * workers.length, tiles.length) },
    () => new Float32Array(new SharedArrayBuffer(largest * 4)),
  )
  const results = tiles.map(() => deferred())
  for (const { promise } of results) promise.catch(() => {})
  const idle = [...workers]
  let sendIndex = 0
  let readIndex = 0

  const send = () => {
    while (sendIndex < tiles.length && sendIndex < readIndex + slots.length) {
      const worker = idle.pop()
      if (worker === undefined) return
      worker.postMessage({
        index: sendIndex,
        tile: tiles[sendIndex],
        slot: slots[sendIndex % slots.length],
      })
      sendIndex++
    }
  }
  const listeners = workers.map((worker) => {
    const answer = (message: Answer) => {
      if ('done' in message) {
        results[message.done]!.resolve()
        idle.push(worker)
        send()
      } else if ('failed' in message) fail(new Error(message.failed))
    }
    const fail = (error: Error) => {
      for (const { reject } of results) reject(error)
    }
    worker.on('message', answer)
    worker.on('error', fail)
    return () => {
      worker.off('message', answer)
      worker.off('error', fail)
    }
  })
  try {
    const matrices = { left: withSharedValues(left), right: withSharedValues(right) }
    for (const worker of workers) worker.postMessage(matrices)
    send()
    for (const [index, tile] of tiles.entries()) {
      await results[index]!.promise
      const size = (tile.leftEnd - tile.leftStart) * (tile.rightEnd - tile.rightStart)
      yield slots[index % slots.length]!.subarray(0, size)
      readIndex = index + 1
      send()
    }
  } finally {
    // A reader that leaves early waits for the tiles under way, so that the workers can be used again.
    await Promise.allSettled(results.slice(0, sendIndex).map(({ promise }) => promise))
    for (const stop of listeners) stop()
  }
}

function withSharedValues(matrix: Matrix): Matrix {
  return { ...matrix, values: shareable(matrix.values) }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function deferred() {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

/** The worker lies beside the bundle. Sources, which a thread can't run, take that of the last build. */
function workerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? '../../dist/wasm-worker.js' : './wasm-worker.js', import.meta.url)
}
