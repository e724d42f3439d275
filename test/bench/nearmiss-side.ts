/**
 * nearmiss's side of the benchmark: loads the vectors once, then works whenever a line on stdin asks
 * it to. `nearmiss-side.js neighbors|evaluation|product BACKEND VECTORS.npy LABELS.npy K`
 */

import { readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { sharedFloat32 } from '../../lib/core/shared-memory.ts'
import { npyVectors } from '../../lib/formats/npy-values.ts'
import { nearestNeighbors } from '../../lib/neighbors/nearest-neighbors.ts'
import { selfJoin } from '../../lib/neighbors/self-join.ts'
import type { Backend, BackendName } from '../../lib/tensor/backend.ts'
import { openBackend } from '../../lib/tensor/open-backend.ts'
import { readNpyHeader } from '../npy-header.ts'
import { bareProduct } from './bare-product.ts'
import { peakByteLength } from './peak.mjs'

const WARM_UP_ROWS = 4096

interface Data {
  readonly vectors: Float32Array
  readonly rows: number
  readonly dimensions: number
  readonly labels: Int32Array
  readonly classes: number
}

/** What is kept of a run, for the comparison of the sides. */
interface Found {
  readonly k: number
  readonly neighbors: Int32Array
  readonly distances: Float64Array
}

/** How far a run was, and when. */
interface Mark {
  readonly fraction: number
  readonly seconds: number
}

type Request =
  | { readonly do: 'run' }
  | { readonly do: 'save'; readonly file: string; readonly rows: readonly number[] }

type Work = (data: Data, progress: (fraction: number) => void) => Promise<Found | null>

async function load(vectorsFile: string, labelsFile: string): Promise<Data> {
  const bytes = await readFile(vectorsFile)
  const vectors = npyVectors(bytes, readNpyHeader(bytes, bytes.length, vectorsFile), vectorsFile)
  const { buffer, byteOffset, length } = await readFile(labelsFile)
  const header = readNpyHeader(new Uint8Array(buffer, byteOffset, length), length, labelsFile)
  const start = byteOffset + header.dataOffset
  const labels = new Int32Array(buffer.slice(start, start + 4 * vectors.rows))
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  // Where the pipeline's vectors are as well: threads read them in place.
  const shared = sharedFloat32(vectors.values.length)
  shared.set(vectors.values)
  return { ...vectors, vectors: shared, labels, classes }
}

/** The first rows, with classes counted from 0 among them. */
function firstRows({ vectors, rows, dimensions, labels }: Data): Data {
  const few = Math.min(rows, WARM_UP_ROWS)
  const numbers = new Map([...new Set(labels.subarray(0, few))].map((label, at) => [label, at]))
  return {
    vectors: vectors.slice(0, few * dimensions),
    rows: few,
    dimensions,
    labels: labels.slice(0, few).map((label) => numbers.get(label)!),
    classes: numbers.size,
  }
}

function workOf(kind: string, backend: Backend, k: number): Work {
  const options = { backend, metric: 'euclidean', k, signal: new AbortController().signal } as const
  if (kind === 'neighbors') {
    return (data, progress) => nearestNeighbors(data, { ...options, progress })
  }
  if (kind === 'evaluation') return (data, progress) => selfJoin(data, { ...options, progress })
  throw new Error(`there is no side ${kind}`)
}

function answer(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`)
}

const [kind = '', name = '', vectorsFile = '', labelsFile = '', k = ''] = process.argv.slice(2)
const data = await load(vectorsFile, labelsFile)
const backend = await openBackend(name as BackendName)
const version = `${backend.name} ${backend.version} (${backend.threads} threads)`
let found: Found | null = null

if (kind === 'product') {
  const product = await bareProduct(backend, data)
  answer({ version })
  await each(async () => ({ seconds: await product(), peakBytes: peakByteLength() }))
} else {
  const work = workOf(kind, backend, Number(k))
  await work(firstRows(data), () => {})
  answer({ version })
  await each(async () => {
    found = null
    const marks: Mark[] = []
    const start = performance.now()
    found = await work(data, (fraction) => {
      const last = marks.at(-1)?.fraction ?? 0
      if (fraction < last + 0.01) return
      marks.push({ fraction, seconds: (performance.now() - start) / 1000 })
    })
    return { seconds: (performance.now() - start) / 1000, peakBytes: peakByteLength(), marks }
  })
}
await backend.close()
process.exit()

/** Answers stdin's lines, one after the other, until it ends. */
async function each(run: () => Promise<object>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request
    if (request.do === 'run') {
      answer(await run())
    } else {
      await save(request.file, request.rows)
      answer({})
    }
  }
}

async function save(file: string, rows: readonly number[]): Promise<void> {
  if (found === null) throw new Error(`nothing was found that could be saved in ${file}`)
  const { neighbors, distances, k: columns } = found
  const ofRow = (values: Int32Array | Float64Array) =>
    rows.map((row) => Array.from(values.subarray(row * columns, (row + 1) * columns)))
  await writeFile(
    file,
    JSON.stringify({ neighbors: ofRow(neighbors), distances: ofRow(distances) }),
  )
}
