/** Worker threads that lay maps out, so that the evaluation can be told and stopped meanwhile. */

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { throwIfCancelled } from '../core/errors.ts'
import { sharedFloat64 } from '../core/shared-memory.ts'
import type { SparseMatrix } from './affinities.ts'
import type { Answer, Graph, Request } from './layout-worker.ts'
import type { Layout } from './start.ts'
import { descent } from './tsne-descent.ts'

export interface LayoutOptions {
  readonly signal: AbortSignal
  readonly progress: (fraction: number) => void
  /** Changes the speed, never the result; as many as the machine has, unless given. */
  readonly threads?: number
}

/** Rows × k nearest neighbours, as the join gives them. */
export interface Neighbors {
  readonly k: number
  readonly neighbors: Int32Array
  readonly distances: Float64Array
}

const MAX_THREADS = 8
/** With fewer rows a thread would mostly wait for the others. */
const ROWS_PER_THREAD = 500

/** @param squares squared distances of the neighbours */
export async function tsneLayout(
  { neighbors, k }: Neighbors,
  squares: Float64Array,
  start: Layout,
  perplexity: number,
  options: LayoutOptions,
): Promise<Layout> {
  const rows = neighbors.length / k
  const most = options.threads ?? Math.min(availableParallelism(), MAX_THREADS)
  const threads = Math.max(1, Math.min(most, Math.floor(rows / ROWS_PER_THREAD)))
  const shared = descent(neighbors, squares, start, perplexity, threads)
  await withWorkers(threads, options, async (ask) => {
    const answers = await Promise.all(
      Array.from({ length: threads }, (_, index) => ask(index, { descent: shared, index })),
    )
    const affinities = answers.find(
      (answer) => 'affinities' in answer && answer.affinities !== null,
    )
    const matrix = (affinities as { affinities: SparseMatrix }).affinities
    await Promise.all(answers.map((_, index) => ask(index, { affinities: matrix })))
  })
  return { x: shared.x, y: shared.y }
}

export async function umapLayout(
  { neighbors, distances, k }: Neighbors,
  start: Layout,
  seed: number,
  options: LayoutOptions,
): Promise<Layout> {
  const layout = { x: sharedFloat64(start.x.length), y: sharedFloat64(start.x.length) }
  layout.x.set(start.x)
  layout.y.set(start.y)
  const graph: Graph = { neighbors, distances, k, seed, layout }
  await withWorkers(1, options, (ask) => ask(0, { graph }))
  return layout
}

type Ask = (index: number, request: Request) => Promise<Answer>

/** Ends the threads whatever happens, and at once when the evaluation is cancelled. */
async function withWorkers(
  threads: number,
  { signal, progress }: LayoutOptions,
  work: (ask: Ask) => Promise<unknown>,
): Promise<void> {
  throwIfCancelled(signal)
  const workers = Array.from({ length: threads }, () => new Worker(workerUrl()))
  const failed: ((error: Error) => void)[] = []
  const ask: Ask = (index, request) =>
    new Promise((resolve, reject) => {
      failed.push(reject)
      const worker = workers[index]!
      const listen = (answer: Answer) => {
        if ('fraction' in answer) return progress(answer.fraction)
        worker.off('message', listen)
        if ('failed' in answer) fail(new Error(answer.failed))
        else resolve(answer)
      }
      worker.on('message', listen)
      worker.postMessage(request)
    })
  const fail = (error: Error) => {
    for (const reject of failed) reject(error)
  }
  for (const worker of workers) {
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('a thread that lays out a map has ended')))
  }
  const end = () => workers.map((worker) => worker.terminate())
  signal.addEventListener('abort', end)
  try {
    await work(ask)
  } catch (error) {
    throwIfCancelled(signal)
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    await Promise.all(end())
  }
}

/** Beside the bundle; from the sources, which a thread can't run, in the last build. */
function workerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? '../../dist/layout-worker.js' : './layout-worker.js', import.meta.url)
}
