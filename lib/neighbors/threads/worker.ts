/** A worker thread of the join: does what it is asked, and answers. */

import { parentPort, workerData } from 'node:worker_threads'
import type { Answer, Request, WorkerStart } from './messages.ts'
import { work } from './work.ts'

const port = parentPort!

port.on('message', (request: Request) => {
  try {
    work(request, workerData as WorkerStart)
    port.postMessage({ done: true } satisfies Answer)
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
    port.postMessage({ failed } satisfies Answer)
  }
})
