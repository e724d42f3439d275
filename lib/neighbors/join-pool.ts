/** The worker threads of a join, which share its memory and take pieces of work from one counter. */

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { throwIfCancelled } from '../core/errors.ts'
import { sharedInt32 } from '../core/shared-memory.ts'
import {
  type Answer,
  Counter,
  type RankSource,
  type Request,
  type WorkerStart,
} from './join-messages.ts'
import type { RankTask } from './rank.ts'
import { type ScanSetup, type ScanState, scanState } from './scan.ts'
import { LOOK_ROWS } from './scratch.ts'

const MAX_THREADS = 16
const POLL_MS = 50

/** As many as the machine has, or as the work has pieces. */
export function threadCount(wanted: number | undefined, pieces: number): number {
  return Math.max(1, Math.min(wanted ?? availableParallelism(), MAX_THREADS, pieces))
}

export class JoinPool {
  readonly #setup: ScanSetup
  readonly #workers: readonly Worker[]
  readonly #counters = sharedInt32(3)
  readonly #signal: AbortSignal

  /** @param workers from `startWorkers` */
  constructor(workers: readonly Worker[], setup: ScanSetup, signal: AbortSignal) {
    this.#setup = setup
    this.#workers = workers
    this.#signal = signal
    for (const [thread, worker] of workers.entries()) {
      worker.postMessage({ setup, thread, counters: this.#counters } satisfies WorkerStart)
    }
  }

  /** Looks at every tile; resolves to what each thread found. */
  async scan(progress: (fraction: number) => void): Promise<ScanState[]> {
    const states = this.#workers.map(() => scanState(this.#setup))
    await this.#all(this.#setup.tiling.count, progress, (thread) => ({
      do: 'scan',
      state: states[thread]!,
    }))
    return states
  }

  /** Ranks every position of the range, into the task's arrays. */
  async rank(
    task: RankTask,
    source: RankSource,
    progress: (fraction: number) => void,
  ): Promise<void> {
    const { start, end } = this.#setup.tiling.range
    const parts = Math.ceil((end - start) / LOOK_ROWS)
    await this.#all(parts, progress, () => ({ do: 'rank', task, source }))
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    Atomics.store(this.#counters, Counter.stop, 1)
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  async #all(
    pieces: number,
    progress: (fraction: number) => void,
    request: (thread: number) => Request,
  ): Promise<void> {
    Atomics.store(this.#counters, Counter.next, 0)
    Atomics.store(this.#counters, Counter.done, 0)
    const poll = setInterval(() => {
      if (this.#signal.aborted) Atomics.store(this.#counters, Counter.stop, 1)
      else progress(Math.min(1, Atomics.load(this.#counters, Counter.done) / pieces))
    }, POLL_MS)
    try {
      await Promise.all(this.#workers.map((worker, thread) => ask(worker, request(thread))))
    } finally {
      clearInterval(poll)
    }
    throwIfCancelled(this.#signal)
  }
}

/** Starts threads; they load while the rows are made ready. */
export function startWorkers(threads: number): Worker[] {
  return Array.from({ length: threads }, () => new Worker(workerUrl()))
}

function ask(worker: Worker, request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null) => {
      worker.off('message', answer)
      worker.off('error', settle)
      worker.off('exit', ended)
      if (error === null) resolve()
      else reject(error)
    }
    const answer = (message: Answer) =>
      settle('failed' in message ? new Error(message.failed) : null)
    const ended = () => settle(new Error('a thread of the join has ended'))
    worker.on('message', answer)
    worker.on('error', settle)
    worker.on('exit', ended)
    worker.postMessage(request)
  })
}

/** Beside the bundle; from the sources, which a thread can't run, in the last build. */
function workerUrl(): URL {
  const place = import.meta.url.endsWith('.ts') ? '../../dist/join-worker.js' : './join-worker.js'
  return new URL(place, import.meta.url)
}
