/**
 * Lays out one map of a file of vectors, as a report does, and tells how long it took:
 * `maps-side.js BACKEND VECTORS.npy tsne|umap OUT`. OUT holds x of every row, then y, as float64.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { seededRandom } from '../../lib/core/random.ts'
import { npyVectors } from '../../lib/formats/npy-values.ts'
import { nearestNeighbors } from '../../lib/neighbors/nearest-neighbors.ts'
import { type LayoutMethod, layouts } from '../../lib/projection/layouts.ts'
import type { BackendName } from '../../lib/tensor/backend.ts'
import { openBackend } from '../../lib/tensor/open-backend.ts'
import { readNpyHeader } from '../npy-header.ts'
import { peakByteLength } from './peak.mjs'

const [name, file, method, out] = process.argv.slice(2)
if (file === undefined || out === undefined) throw new Error('a file is missing')

const bytes = await readFile(file)
const { values, rows, dimensions } = npyVectors(
  bytes,
  readNpyHeader(bytes, bytes.length, file),
  file,
)
const backend = await openBackend(name as BackendName)
const { signal } = new AbortController()
const progress = () => {}
const startMs = performance.now()
let neighborsMs = 0
const [map] = await layouts({
  sampled: { vectors: Float32Array.from(values), rows, dimensions },
  metric: 'euclidean',
  methods: [method as LayoutMethod],
  findNeighbors: async (input, k) => {
    const found = await nearestNeighbors(input, {
      backend,
      metric: 'euclidean',
      k,
      signal,
      progress,
    })
    neighborsMs = performance.now() - startMs
    return found
  },
  before: () => null,
  random: seededRandom,
  signal,
  progress,
})
const elapsedMs = performance.now() - startMs
await backend.close()
await writeFile(out, new Uint8Array(Float64Array.from([...map!.layout.x, ...map!.layout.y]).buffer))
process.stdout.write(
  `${JSON.stringify({
    seconds: elapsedMs / 1000,
    neighborsSeconds: neighborsMs / 1000,
    peakBytes: peakByteLength(),
  })}\n`,
)
