/** Runs the cases of one format in a thread, ends one that hangs, and prints findings as lines of JSON. */

import { Worker } from 'node:worker_threads'

const [bundle, format, count, folder, from = '0'] = process.argv.slice(2)
const end = Number(from) + Number(count)
const HANG_MS = 2000
const LOOK_MS = 100
const state = new SharedArrayBuffer(8)
const shared = new Int32Array(state)

/** @param {object} finding */
const say = (finding) => process.stdout.write(`${JSON.stringify({ format, ...finding })}\n`)

/** @param {number} first @returns {Promise<number>} where to go on */
function runFrom(first) {
  return new Promise((resolve) => {
    const worker = new Worker(/** @type {string} */ (bundle), {
      workerData: { format, first, end, folder, state },
    })
    let [turn, cpuMs] = [-1, 0]
    const watch = setInterval(() => {
      const { user, system } = process.cpuUsage()
      const now = (user + system) / 1000
      if (Atomics.load(shared, 1) !== turn || turn % 2 === 0) {
        turn = Atomics.load(shared, 1)
        cpuMs = now
      } else if (now - cpuMs > HANG_MS) {
        const seed = /** @type {number} */ (shared[0])
        say({ seed, problem: `hangs: more than ${HANG_MS} ms of processor time` })
        clearInterval(watch)
        worker.removeAllListeners()
        Atomics.store(shared, 1, 0)
        worker.terminate().then(() => resolve(seed + 1))
      }
    }, LOOK_MS)
    worker.on('message', say)
    worker.on('error', (error) => {
      say({ seed: shared[0], problem: `the thread ends: ${error.stack ?? error}` })
      clearInterval(watch)
      Atomics.store(shared, 1, 0)
      resolve(/** @type {number} */ (shared[0]) + 1)
    })
    worker.on('exit', () => {
      clearInterval(watch)
      resolve(end)
    })
  })
}

let next = Number(from)
while (next < end) next = await runFrom(next)
