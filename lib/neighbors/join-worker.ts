/** A worker thread of the join: scans tiles, then ranks positions, as many as it gets hold of. */

import { parentPort } from 'node:worker_threads'
import { rowDistance } from './distance.ts'
import {
  type Answer,
  Counter,
  type RankSource,
  type Request,
  type WorkerStart,
} from './join-messages.ts'
import { openKernel } from './kernel.ts'
import type { Lookout } from './look.ts'
import { Ranker, type RankTask } from './rank.ts'
import { isRelated } from './row-order.ts'
import { Scan, type ScanState } from './scan.ts'
import { LOOK_ROWS, scratchOf } from './scratch.ts'

const port = parentPort!
let start: WorkerStart | null = null

port.on('message', (message: Request | WorkerStart) => {
  try {
    if ('setup' in message) {
      start = message
      return
    }
    if (start === null) throw new Error('work came before what to work on')
    if (message.do === 'scan') scan(start, message.state)
    else rank(start, message.task, message.source)
    port.postMessage({ done: true } satisfies Answer)
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
    port.postMessage({ failed } satisfies Answer)
  }
})

function scan({ setup, thread, counters }: WorkerStart, state: ScanState): void {
  const scanning = new Scan(setup, state, thread)
  eachPiece(counters, setup.tiling.count, (tile) => scanning.add(tile))
  scanning.drain()
}

function rank({ setup, thread, counters }: WorkerStart, task: RankTask, source: RankSource): void {
  const { prepared, relations, tiling, byClass, cosine } = setup
  const { range } = tiling
  const { vectors, rows, dimensions, metric } = source
  const lookout: Lookout = {
    prepared,
    kernel: openKernel(prepared.memory),
    scratch: scratchOf(prepared.memory, prepared.at, thread, tiling.side, byClass?.bins.count ?? 0),
    side: tiling.side,
    isCosine: cosine,
    related: (position, other) => isRelated(relations, position, other),
  }
  const ranker = new Ranker(task, lookout, rowDistance(vectors, rows, dimensions, metric))
  eachPiece(counters, Math.ceil((range.end - range.start) / LOOK_ROWS), (part) => {
    const from = range.start + part * LOOK_ROWS
    ranker.rank(from, Math.min(range.end, from + LOOK_ROWS))
  })
}

/** Takes pieces of work until none is left, or all threads are to stop. */
function eachPiece(counters: Int32Array, count: number, work: (index: number) => void): void {
  while (Atomics.load(counters, Counter.stop) === 0) {
    const index = Atomics.add(counters, Counter.next, 1)
    if (index >= count) return
    work(index)
    Atomics.add(counters, Counter.done, 1)
  }
}
