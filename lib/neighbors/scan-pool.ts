/** Worker threads that scan tiles while the backend multiplies the next ones, and rank the rows. */

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Tile } from '../tensor/backend.ts'
import type { RankTask, Unproven } from './rank.ts'
import { type ScanSetup, type ScanState, scanState, type TileSums } from './scan.ts'
import type { Answer, RankSource, Request } from './scan-worker.ts'

const MAX_THREADS = 8
/** Tiles that wait for a thread beside the one that it scans: more would only take memory. */
const QUEUED_TILES = 2

interface Thread {
  readonly worker: Worker
  readonly state: ScanState
  /** Who waits for the next answers, in order. */
  readonly waiting: { resolve(answer: Answer): void; reject(error: Error): void }[]
  /** What was handed over and not waited for yet. */
  readonly tiles: Promise<TileSums | null>[]
}

export class ScanPool {
  readonly #threads: Thread[] = []
  #next = 0

  /** @param threads as many as the machine has, unless given */
  constructor(setup: ScanSetup, threads = Math.min(availableParallelism(), MAX_THREADS)) {
    for (let index = 0; index < threads; index++) {
      const thread: Thread = {
        worker: new Worker(workerUrl()),
        state: scanState(setup),
        waiting: [],
        tiles: [],
      }
      const fail = (error: Error) => {
        for (const { reject } of thread.waiting.splice(0)) reject(error)
      }
      thread.worker.on('message', (answer: Answer) => {
        if ('failed' in answer) fail(new Error(answer.failed))
        else thread.waiting.shift()?.resolve(answer)
      })
      thread.worker.on('error', fail)
      thread.worker.on('exit', () => fail(new Error('a thread that scans tiles has ended')))
      thread.worker.postMessage({ setup, state: thread.state } satisfies Request)
      this.#threads.push(thread)
    }
  }

  /**
   * Hands a tile to a thread, in turn. The products are taken away where they own their memory, else
   * copied. `ready` tells when the next tile may be handed over.
   */
  scan(
    products: Float32Array,
    tile: Tile,
  ): { sums: Promise<TileSums | null>; ready: Promise<unknown> } {
    const thread = this.#threads[this.#next++ % this.#threads.length]!
    const { buffer } = products
    const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === products.byteLength
    const values = isOwn ? products : products.slice()
    const answer = this.#ask(thread, { tile, products: values }, [values.buffer as ArrayBuffer])
    const sums = answer.then((told) => ('sums' in told ? told.sums : unexpected()))
    thread.tiles.push(sums)
    const ready = thread.tiles.length > QUEUED_TILES ? thread.tiles.shift()! : Promise.resolve()
    return { sums, ready }
  }

  /** Once all tiles are scanned: what each thread found. */
  async finish(): Promise<ScanState[]> {
    await Promise.all(this.#threads.map((thread) => this.#ask(thread, { finish: true })))
    return this.#threads.map(({ state }) => state)
  }

  /** Ranks all positions, a part on each thread at a time; resolves to those that are not proven. */
  async rank(
    task: Omit<RankTask, 'start' | 'end'>,
    source: RankSource,
    progress: (fraction: number) => void,
  ): Promise<Unproven[]> {
    const positions = task.prepared.rowAt.length
    const part = Math.max(64, Math.ceil(positions / (8 * this.#threads.length)))
    const unproven: Unproven[][] = []
    let start = 0
    const work = async (thread: Thread) => {
      while (start < positions) {
        const at = start / part
        const end = Math.min(positions, start + part)
        const rank = { ...task, start, end }
        start = end
        const answer = await this.#ask(thread, { rank, source })
        unproven[at] = 'unproven' in answer ? answer.unproven : unexpected()
        progress(end / positions)
      }
    }
    await Promise.all(this.#threads.map(work))
    return unproven.flat()
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #ask(thread: Thread, request: Request, transfer: ArrayBuffer[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      thread.waiting.push({ resolve, reject })
      thread.worker.postMessage(request, transfer)
    })
  }
}

function unexpected(): never {
  throw new Error('a thread that scans tiles answered something else')
}

/** Beside the bundle; from the sources, which a thread can't run, in the last build. */
function workerUrl(): URL {
  const place = import.meta.url.endsWith('.ts') ? '../../dist/scan-worker.js' : './scan-worker.js'
  return new URL(place, import.meta.url)
}
