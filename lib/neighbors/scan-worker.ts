/** The worker thread of `scan-pool.ts`: scans tiles of products, then ranks positions. */

import { parentPort } from 'node:worker_threads'
import type { Metric } from '../core/manifest.ts'
import type { Tile } from '../tensor/backend.ts'
import { rowDistance } from './distance.ts'
import { type RankTask, rankPositions } from './rank.ts'
import { Scan, type ScanSetup, type ScanState, type TileSums } from './scan.ts'

export type Request =
  | { readonly setup: ScanSetup; readonly state: ScanState }
  | { readonly tile: Tile; readonly products: Float32Array }
  | { readonly finish: true }
  | { readonly rank: RankTask; readonly source: RankSource }

/** The vectors, in double precision distances of which the order is settled. */
export interface RankSource {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
  readonly metric: Metric
}

export type Answer =
  | { readonly sums: TileSums | null }
  | { readonly finished: true }
  | { readonly unproven: ReturnType<typeof rankPositions> }
  | { readonly failed: string }

const port = parentPort!
let scan: Scan | null = null

port.on('message', (request: Request) => {
  try {
    const [answer, transfer] = answerTo(request)
    if (answer !== null) port.postMessage(answer, transfer)
  } catch (error) {
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error)
    port.postMessage({ failed } satisfies Answer)
  }
})

function answerTo(request: Request): [Answer | null, ArrayBuffer[]] {
  if ('setup' in request) {
    scan = new Scan(request.setup, request.state)
    return [null, []]
  }
  if ('rank' in request) {
    const { vectors, rows, dimensions, metric } = request.source
    const distance = rowDistance(vectors, rows, dimensions, metric)
    return [{ unproven: rankPositions(request.rank, distance) }, []]
  }
  if (scan === null) throw new Error('a tile came before what to scan')
  if ('finish' in request) {
    scan.drain()
    return [{ finished: true }, []]
  }
  const sums = scan.add(request.products, request.tile)
  const transfer = sums ? [sums.rows.buffer, sums.columns.buffer] : []
  return [{ sums }, transfer as ArrayBuffer[]]
}
