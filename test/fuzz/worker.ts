/** The cases of one format, one after another, in a thread that the watcher can end. */

import { parentPort, workerData } from 'node:worker_threads'
import { makeCase, problemOf, toolFiles } from './case.ts'

/** Beyond the file's size. */
const MOST_BYTES = 300 * 2 ** 20

const { format, first, end, folder, state } = workerData as {
  readonly format: string
  readonly first: number
  readonly end: number
  readonly folder: string
  readonly state: SharedArrayBuffer
}
const shared = new Int32Array(state)
const filesOf = toolFiles(folder)
const peakBytes = () => process.resourceUsage().maxRSS * 1024

let peak = peakBytes()
for (let seed = first; seed < end; seed++) {
  // Made outside the measured time: making is the tests' own work.
  const one = makeCase(format, seed, filesOf)
  const before = Math.max(process.memoryUsage.rss(), 0)
  shared[0] = seed
  Atomics.add(shared, 1, 1)
  const problem = await problemOf(format, one)
  Atomics.add(shared, 1, 1)
  const now = peakBytes()
  const grown = now > peak ? now - before : 0
  peak = now
  const memory =
    grown > MOST_BYTES + one.bytes.length ? `takes ${Math.round(grown / 2 ** 20)} MiB` : null
  for (const text of [problem, memory]) {
    if (text !== null)
      parentPort?.postMessage({ seed, edit: one.edit, name: one.name, problem: text })
  }
}
