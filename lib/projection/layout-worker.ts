/** The worker thread of `layout-threads.ts`: a share of t-SNE's descent, or all of UMAP's. */

import { parentPort } from 'node:worker_threads'
import type { SparseMatrix } from './affinities.ts'
import type { Layout } from './start.ts'
import { type Descent, descend, descentAffinities, ITERATIONS } from './tsne-descent.ts'
import { descendGraph } from './umap-descent.ts'
import { umapGraph } from './umap-graph.ts'

export type Request =
  | { readonly descent: Descent; readonly index: number }
  | { readonly affinities: SparseMatrix }
  | { readonly graph: Graph }

export interface Graph {
  /** Rows × k. */
  readonly neighbors: Int32Array
  readonly distances: Float64Array
  readonly k: number
  readonly seed: number
  /** Moved in place. */
  readonly layout: Layout
}

export type Answer =
  | { readonly affinities: SparseMatrix | null }
  | { readonly fraction: number }
  | { readonly finished: true }
  | { readonly failed: string }

/** Of the work, told so many times. */
const TOLD_TIMES = 40

const port = parentPort!
let own: { descent: Descent; index: number } | null = null

port.on('message', (request: Request) => {
  try {
    answer(request)
  } catch (error) {
    tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})

function answer(request: Request): void {
  if ('descent' in request) {
    own = request
    tell({ affinities: descentAffinities(own.descent, own.index) })
    return
  }
  if ('graph' in request) {
    const { neighbors, distances, k, seed, layout } = request.graph
    const edges = umapGraph(neighbors, distances, layout.x.length, k)
    descendGraph(layout, edges, seed, teller())
  } else {
    if (own === null) throw new Error('affinities came before what to descend')
    const report = teller()
    descend(own.descent, request.affinities, own.index, (iteration) =>
      report((iteration + 1) / ITERATIONS),
    )
  }
  tell({ finished: true })
}

function teller(): (fraction: number) => void {
  let last = 0
  return (fraction) => {
    if (fraction - last < 1 / TOLD_TIMES) return
    last = fraction
    tell({ fraction })
  }
}

function tell(message: Answer): void {
  port.postMessage(message)
}
