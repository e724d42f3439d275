/** The threads of a join: they share its memory and take pieces of work from one counter. */

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { throwIfCancelled } from '../../core/errors.ts'
import { sharedInt32 } from '../../core/shared-memory.ts'
import type { Source } from '../input.ts'
import { LOOK_ROWS } from '../kernel/scratch.ts'
import { addHistograms, emptyHistograms } from '../scan/histograms.ts'
import type { Frame, FramedRows, Histograms, PreparedRows, RankTask, ScanSetup } from '../types.ts'
import { type Answer, Counter, PIECE_ROWS, type Request, type WorkerStart } from './messages.ts'
import { work } from './work.ts'

const MAX_THREADS = 16
const POLL_MS = 50

/** So many products of two components take less than a thread takes to start, 0.1 s. */
const NOT_WORTH_A_THREAD = 2 ** 26

/**
 * How many worker threads to start: as many as the machine has, or as the work has pieces. None where the
 * calling thread would be done before one has started.
 * @param choice overrides what the machine has
 * @param products of two components, in all
 */
export function threadCount(choice: number | undefined, pieces: number, products: number): number {
  const useful = products < NOT_WORTH_A_THREAD ? 0 : availableParallelism()
  return Math.min(choice ?? useful, MAX_THREADS, pieces)
}

export class JoinPool {
  /** How many threads do the work: the workers, or else the calling one. */
  readonly threads: number
  readonly #workers: readonly Worker[]
  readonly #counters = sharedInt32(3)
  readonly #signal: AbortSignal

  /**
   * Starts the threads, and doesn't wait until they have loaded.
   * @param threads 0: the calling thread does the work
   */
  constructor(threads: number, signal: AbortSignal) {
    this.threads = Math.max(1, threads)
    this.#signal = signal
    this.#workers = Array.from({ length: threads }, (_, thread) => {
      const workerData: WorkerStart = { thread, counters: this.#counters }
      return new Worker(workerUrl(), { workerData })
    })
  }

  /** Centres and scales rows. */
  async frame(source: Source, frame: Frame, framedRows: FramedRows): Promise<void> {
    const pieces = Math.ceil(source.rows / PIECE_ROWS)
    await this.#all(pieces, null, () => ({ do: 'frame', source, frame, framedRows }))
  }

  /** Makes whole numbers of framed rows. */
  async quantize(
    preparedRows: PreparedRows,
    framedRows: FramedRows,
    placeAt: Int32Array | null,
  ): Promise<void> {
    const pieces = Math.ceil(preparedRows.rows / PIECE_ROWS)
    await this.#all(pieces, null, () => ({ do: 'quantize', preparedRows, framedRows, placeAt }))
  }

  /** Guesses how far the nearest of each position reach, into the thresholds of the lists. */
  async guess(setup: ScanSetup, depths: Int32Array): Promise<void> {
    const { start, end } = setup.tiling.range
    const pieces = Math.ceil((end - start) / LOOK_ROWS)
    await this.#all(pieces, null, () => ({ do: 'guess', setup, depths }))
  }

  /** Scans every tile; resolves to the counts of all threads. */
  async scan(setup: ScanSetup, progress: (fraction: number) => void): Promise<Histograms> {
    return this.#count(setup.byClass?.bins.count ?? 0, setup.tiling.count, progress, (counts) => ({
      do: 'scan',
      setup,
      ...counts,
    }))
  }

  /** Ranks every position of the range, into the task's arrays; resolves to the counts of far rows' pairs. */
  async rank(
    setup: ScanSetup,
    task: RankTask,
    source: Source,
    progress: (fraction: number) => void,
  ): Promise<Histograms> {
    const { start, end } = setup.tiling.range
    const pieces = Math.ceil((end - start) / LOOK_ROWS)
    const bins = setup.preparedRows.hasFar ? (setup.byClass?.bins.count ?? 0) : 0
    return this.#count(bins, pieces, progress, (counts) => ({
      do: 'rank',
      setup,
      task,
      source,
      ...counts,
    }))
  }

  /** Does a step in which each thread counts by itself; resolves to the sum of the counts. */
  async #count(
    bins: number,
    pieces: number,
    progress: (fraction: number) => void,
    request: (counts: { readonly histograms: Histograms }) => Request,
  ): Promise<Histograms> {
    const each = Array.from({ length: this.threads }, () => emptyHistograms(bins))
    await this.#all(pieces, progress, (thread) => request({ histograms: each[thread]! }))
    const sum = emptyHistograms(bins)
    for (const one of each) addHistograms(sum, one)
    return sum
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    Atomics.store(this.#counters, Counter.stop, 1)
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  /** Does a step: resolves when all threads are done with it. */
  async #all(
    pieces: number,
    progress: ((fraction: number) => void) | null,
    request: (thread: number) => Request,
  ): Promise<void> {
    Atomics.store(this.#counters, Counter.next, 0)
    Atomics.store(this.#counters, Counter.done, 0)
    if (this.#workers.length === 0) {
      throwIfCancelled(this.#signal)
      return work(request(0), { thread: 0, counters: this.#counters })
    }
    const poll = setInterval(() => {
      if (this.#signal.aborted) Atomics.store(this.#counters, Counter.stop, 1)
      else progress?.(Math.min(1, Atomics.load(this.#counters, Counter.done) / pieces))
    }, POLL_MS)
    try {
      await Promise.all(this.#workers.map((worker, thread) => ask(worker, request(thread))))
    } finally {
      clearInterval(poll)
    }
    throwIfCancelled(this.#signal)
  }
}

function ask(worker: Worker, request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null) => {
      worker.off('message', answer)
      worker.off('error', settle)
      worker.off('exit', exit)
      if (error === null) resolve()
      else reject(error)
    }
    const answer = (message: Answer) =>
      settle('failed' in message ? new Error(message.failed) : null)
    const exit = () => settle(new Error('a thread of the join has ended'))
    worker.on('message', answer)
    worker.on('error', settle)
    worker.on('exit', exit)
    worker.postMessage(request)
  })
}

/** The worker lies beside the bundle. Sources, which a thread can't run, take that of the last build. */
function workerUrl(): URL {
  const place = import.meta.url.endsWith('.ts')
    ? '../../../dist/join-worker.js'
    : './join-worker.js'
  return new URL(place, import.meta.url)
}
