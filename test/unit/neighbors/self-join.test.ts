import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Neighborhood } from '../../../lib/core/evaluation.ts'
import type { Metric } from '../../../lib/core/manifest.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { SelfJoinInput } from '../../../lib/neighbors/input.ts'
import { nearestNeighbors } from '../../../lib/neighbors/nearest-neighbors.ts'
import { type SelfJoinOptions, selfJoin } from '../../../lib/neighbors/self-join.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../backends.ts'
import { missing } from '../../real-part.ts'
import { tieRanges } from '../../tie-orders.ts'
import { exactCosine } from './distance/exact-cosine.ts'

/** Every distance straight from the definitions; no tiles, no thresholds. */
function bruteForce(input: SelfJoinInput, metric: Metric) {
  const { vectors, rows, dimensions } = input
  const row = (i: number) => vectors.subarray(i * dimensions, (i + 1) * dimensions)
  /** In double precision; every fourth square to a sum of its own, as is documented. */
  const squared = (a: Float32Array, b: Float32Array) => {
    const sums = [0, 0, 0, 0]
    const whole = dimensions - (dimensions % 4)
    for (let d = 0; d < dimensions; d++) sums[d < whole ? d % 4 : 0]! += (a[d]! - b[d]!) ** 2
    return sums[0]! + sums[1]! + (sums[2]! + sums[3]!)
  }
  const cosine = metric === 'cosine' ? exactCosine(input) : null
  const distance = (i: number, j: number) => cosine?.(i, j) ?? Math.sqrt(squared(row(i), row(j)))
  const { groups, queries } = input
  const related = (i: number, j: number) =>
    i !== j &&
    (queries === undefined || queries[j] === 0) &&
    (groups === undefined || groups[i]! < 0 || groups[i] !== groups[j])
  return {
    neighbors: (i: number) =>
      Array.from({ length: rows }, (_, j) => ({ row: j, distance: distance(i, j) }))
        .filter((other) => related(i, other.row))
        .sort((a, b) => a.distance - b.distance || a.row - b.row),
    distance,
  }
}

/** Entries of row i up to the last there is. */
function entries(values: Int32Array | Float64Array, i: number, width: number, none: number) {
  return Array.from(values.subarray(i * width, (i + 1) * width)).filter((value) => value !== none)
}

/** Neighbours, mates and ranks of a row; returns how many rows may be its neighbours. */
function expectRow(
  found: Neighborhood,
  { labels, queries }: SelfJoinInput,
  brute: ReturnType<typeof bruteForce>,
  i: number,
): number {
  if (queries !== undefined && queries[i] === 0) {
    expect(entries(found.neighbors, i, found.k, -1)).toEqual([])
    return 0
  }
  const wanted = brute.neighbors(i)
  expect(entries(found.neighbors, i, found.k, -1)).toEqual(
    wanted.slice(0, found.k).map((n) => n.row),
  )
  expect(entries(found.distances, i, found.k, Number.POSITIVE_INFINITY)).toEqual(
    wanted.slice(0, found.k).map((n) => n.distance),
  )
  const mates = wanted.filter((n) => labels[n.row] === labels[i])
  expect(entries(found.mateDistances, i, found.mates, Number.POSITIVE_INFINITY)).toEqual(
    mates.slice(0, found.mates).map((n) => n.distance),
  )
  expect(found.firstMateRank[i]).toBe(mates.length === 0 ? 0 : wanted.indexOf(mates[0]!) + 1)
  expect(found.eligibleMates[i]).toBe(mates.length)
  const ranks = mates.map((mate) => wanted.indexOf(mate) + 1)
  const hits = ranks.filter((rank) => rank <= mates.length)
  expect(found.matesWithinR[i]).toBe(hits.length)
  expect(found.averagePrecisionAtR[i]).toBe(
    hits.reduce((sum, rank, at) => sum + (at + 1) / rank, 0) / mates.length,
  )
  if (wanted.length > 0) {
    const others = wanted.map((n) => ({ label: labels[n.row]!, distance: n.distance }))
    const ranges = tieRanges(others, labels[i]!, found.k)
    for (const [name, range] of Object.entries(ranges)) {
      const kept = found.ties[name as keyof typeof ranges]
      expect({ [name]: [kept[2 * i], kept[2 * i + 1]] }).toEqual({ [name]: range })
    }
  }
  const other = wanted.find((n) => labels[n.row] !== labels[i])
  expect(found.nearestOther[i]).toBe(other?.distance ?? Number.POSITIVE_INFINITY)
  const predicted = wanted.length === 0 ? null : labels[wanted[0]!.row]
  const unpredicted = wanted.find((n) => labels[n.row] !== predicted)
  expect(found.nearestUnpredicted[i]).toBe(unpredicted?.distance ?? Number.POSITIVE_INFINITY)
  return wanted.length
}

function expectEqual(found: Neighborhood, input: SelfJoinInput, metric: Metric) {
  const brute = bruteForce(input, metric)
  const { rows, labels, classes, queries } = input
  const { within, nearest } = found.classDistances
  let pairs = 0
  for (let i = 0; i < rows; i++) {
    const neighbors = expectRow(found, input, brute, i)
    if (queries !== undefined && queries[i] === 0) continue
    pairs += neighbors
    // Sums are over all rows, whether they may be neighbours or not.
    const others = Array.from({ length: rows }, (_, j) => j).filter((j) => j !== i)
    const scale = Math.max(...others.map((j) => brute.distance(i, j))) || 1
    // A cosine distance is good to the rounding of numbers near 1.
    const error = 1e-3 * scale + (metric === 'cosine' ? 1e-15 : 0)
    const means = Array.from({ length: classes }, (_, c) => {
      const distances = others.filter((j) => labels[j] === c).map((j) => brute.distance(i, j))
      return distances.reduce((sum, distance) => sum + distance, 0) / distances.length
    })
    const own = means[labels[i]!]!
    expect(within[i]! - own).toSatisfy((off) => Math.abs(off) < error || Number.isNaN(own))
    const best = Math.min(...means.filter((mean, c) => c !== labels[i] && !Number.isNaN(mean)))
    if (best === Number.POSITIVE_INFINITY) expect(nearest.classes[i]).toBe(-1)
    else {
      expect(Math.abs(nearest.distances[i]! - best)).toBeLessThan(error)
      expect(means[nearest.classes[i]!]! - best).toBeLessThan(2 * error)
      expect(nearest.classes[i]).not.toBe(labels[i])
    }
  }
  const counted = (histogram: Float64Array) => histogram.reduce((sum, count) => sum + count, 0)
  expect(counted(found.pairHistogram.same) + counted(found.pairHistogram.other)).toBe(
    queries === undefined ? pairs / 2 : pairs,
  )
}

/** Clustered rows with some equal, some dead dimensions, and an offset and scale of their own. */
const inputs = fc
  .record({
    rows: fc.integer({ min: 2, max: 70 }),
    dimensions: fc.integer({ min: 1, max: 24 }),
    classes: fc.integer({ min: 1, max: 8 }),
    seed: fc.integer(),
    offset: fc.constantFrom(0, 0, 1000, -3e4),
    scale: fc.constantFrom(1, 1, 1e-20, 1e12, 1e-3),
    lattice: fc.boolean(),
    zeros: fc.boolean(),
    block: fc.constantFrom(0, 0, 0.4, 1),
    grouped: fc.boolean(),
    split: fc.boolean(),
  })
  .map((drawn): SelfJoinInput => {
    const { rows, dimensions, classes, seed, offset, scale, lattice, zeros, block } = drawn
    const random = seededRandom(seed)
    const labels = Int32Array.from({ length: rows }, (_, i) =>
      i < classes ? i : Math.floor(random() * classes),
    )
    const vectors = new Float32Array(rows * dimensions)
    for (let i = 0; i < rows; i++) {
      const isInBlock = i > 0 && random() < block
      const copy = isInBlock ? 0 : i > 0 && random() < 0.2 ? Math.floor(random() * i) : -1
      for (let d = 0; d < dimensions; d++) {
        const at = i * dimensions + d
        const value = lattice ? Math.floor(random() * 3) : labels[i]! + random()
        vectors[at] = d % 5 === 4 ? offset * scale : (value + offset) * scale
        if (copy >= 0) vectors[at] = vectors[copy * dimensions + d]!
        // A zero has two signs, and is equal to itself.
        if (zeros && i % 7 === 3) vectors[at] = d % 2 === i % 2 ? 0 : -0
      }
    }
    const input = { vectors, rows, dimensions, labels, classes: Math.min(classes, rows) }
    const groups = labels.map((_, i) => (i % 3 === 0 ? -1 : i % 11))
    const queries = Uint8Array.from(labels, (_, i) =>
      i === 0 || (i > 1 && random() < 0.4) ? 1 : 0,
    )
    return {
      ...input,
      ...(drawn.grouped ? { groups } : {}),
      ...(drawn.split ? { queries } : {}),
    }
  })

describe.each(['wasm', 'tfjs-node'] as const)('self-join on %s', (name) => {
  const skip = missing(name, backendProblem(name))
  let backend: Backend
  beforeAll(async () => {
    if (!skip) backend = await openBackend(name)
  })
  afterAll(() => backend?.close())

  const join = (input: SelfJoinInput, options: Partial<SelfJoinOptions> = {}) =>
    selfJoin(input, {
      backend,
      metric: 'euclidean',
      k: 10,
      signal: new AbortController().signal,
      progress: () => {},
      ...options,
    })

  it.skipIf(skip)(
    'finds what double precision finds, on any data, metric and tile size',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          inputs,
          fc.constantFrom<Metric>('euclidean', 'cosine'),
          fc.constantFrom(8, 16, 32, 64),
          fc.integer({ min: 1, max: 90 }),
          fc.constantFrom(0, 2 ** 28),
          fc.integer({ min: 0, max: 2 }),
          async (input, metric, tileRows, k, listBytes, threads) => {
            expectEqual(
              await join(input, { metric, tileRows, k, listBytes, threads }),
              input,
              metric,
            )
          },
        ),
        { numRuns: 60 },
      )
    },
  )

  it.skipIf(skip)(
    'finds the same where only neighbours are wanted',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          inputs,
          fc.constantFrom<Metric>('euclidean', 'cosine'),
          fc.constantFrom(8, 16, 32, 64),
          async ({ groups: _, queries: __, ...input }, metric, tileRows) => {
            const options = {
              backend,
              metric,
              k: 7,
              tileRows,
              signal: new AbortController().signal,
              progress: () => {},
            }
            const { k, neighbors, distances } = await nearestNeighbors(input, options)
            const brute = bruteForce(input, metric)
            for (let i = 0; i < input.rows; i++) {
              const wanted = brute.neighbors(i)
              const row = (all: Int32Array | Float64Array) =>
                Array.from(all.subarray(i * k, (i + 1) * k))
              expect(row(neighbors)).toEqual(wanted.slice(0, k).map((n) => n.row))
              expect(row(distances)).toEqual(wanted.slice(0, k).map((n) => n.distance))
            }
          },
        ),
        { numRuns: 40 },
      )
    },
  )

  it.skipIf(skip)(
    'is exact for rows so close together that float32 products cannot tell them apart',
    async () => {
      const rows = 300
      const random = seededRandom(7)
      const vectors = new Float32Array(rows * 8)
      for (let i = 0; i < rows; i++) {
        // Pairs of tight clouds far from the centre; within a cloud float32 products see no difference.
        for (let d = 0; d < 8; d++) vectors[i * 8 + d] = (i % 2 ? 1 : -1) + random() * 1e-5
      }
      // Of each class some rows are in either cloud, among those of four others.
      const labels = Int32Array.from({ length: rows }, (_, i) => (i >> 1) % 5)
      const input = { vectors, rows, dimensions: 8, labels, classes: 5 }
      expectEqual(await join(input, { k: 5, listBytes: 0 }), input, 'euclidean')
      expectEqual(await join(input, { k: 5 }), input, 'euclidean')
    },
  )

  it.skipIf(skip).each<Metric>(['euclidean', 'cosine'])(
    'is exact where a few axes rule most pairs out (%s)',
    async (metric) => {
      const [rows, dimensions, clusters] = [4500, 64, 30]
      const random = seededRandom(11)
      const centres = Float32Array.from({ length: clusters * dimensions }, () => random() - 0.5)
      const vectors = Float32Array.from({ length: rows * dimensions }, (_, at) => {
        const [row, d] = [Math.floor(at / dimensions), at % dimensions]
        // The spectrum falls, and every seventh row lies between two clusters.
        const noise = (random() - 0.5) / (1 + d)
        const centre = (cluster: number) => centres[(cluster % clusters) * dimensions + d]!
        const place = row % 7 === 0 ? (centre(row) + centre(row + 1)) / 2 : centre(row)
        return 1000 + place + noise
      })
      const input = { vectors, rows, dimensions, labels: new Int32Array(rows), classes: 1 }
      const options = { backend, metric, k: 10, signal: new AbortController().signal }
      const { neighbors, distances } = await nearestNeighbors(input, { ...options, progress() {} })
      const brute = bruteForce(input, metric)
      for (let i = 0; i < rows; i += 101) {
        const wanted = brute.neighbors(i).slice(0, 10)
        expect(entries(neighbors, i, 10, -1)).toEqual(wanted.map((n) => n.row))
        expect(entries(distances, i, 10, -1)).toEqual(wanted.map((n) => n.distance))
      }
    },
  )

  const groups = (rows: number) => Int32Array.from({ length: rows }, (_, i) => (i * 7) % 900)
  const queries = (rows: number) =>
    Uint8Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? 1 : 0))
  it.skipIf(skip).each([
    { among: 'all', relations: () => ({}) },
    { among: 'other groups', relations: (rows: number) => ({ groups: groups(rows) }) },
    { among: 'a gallery', relations: (rows: number) => ({ queries: queries(rows) }) },
  ])('ranks mates among $among alike, however far down lists reach', async ({ relations }) => {
    const [rows, dimensions, classes] = [2400, 12, 3]
    const random = seededRandom(5)
    const labels = Int32Array.from({ length: rows }, (_, i) => i % classes)
    const vectors = Float32Array.from({ length: rows * dimensions }, (_, at) => {
      const row = Math.floor(at / dimensions)
      // Some rows are equal, others nearly.
      return row % 40 === 39 ? 0.5 : labels[row]! * 0.2 + random()
    })
    const input = { vectors, rows, dimensions, labels, classes, ...relations(rows) }
    const kept = await join(input)
    const again = await join(input, { listBytes: 0 })
    expect(again.matesWithinR).toEqual(kept.matesWithinR)
    expect(again.averagePrecisionAtR).toEqual(kept.averagePrecisionAtR)
    expect(again.firstMateRank).toEqual(kept.firstMateRank)
    const brute = bruteForce(input, 'euclidean')
    for (let i = 0; i < rows; i += 97) expectRow(kept, input, brute, i)
  })

  it.skipIf(skip)('is exact where all rows are equal', async () => {
    const input = {
      vectors: new Float32Array(400 * 3).fill(0.1),
      rows: 400,
      dimensions: 3,
      labels: new Int32Array(400),
      classes: 1,
    }
    const found = await join(input, { k: 3, listBytes: 0 })
    expect(Array.from(found.neighbors.subarray(0, 9))).toEqual([1, 2, 3, 0, 2, 3, 0, 1, 3])
    expect(found.distances.every((distance) => distance === 0)).toBe(true)
  })

  it.skipIf(skip)('gives ties of directions to the lower row', async () => {
    const [rows, dimensions] = [300, 4]
    const random = seededRandom(3)
    const vectors = Float32Array.from({ length: rows * dimensions }, () =>
      Math.round(4 * (random() + random() + random() - 1.5)),
    )
    const labels = Int32Array.from({ length: rows }, (_, i) => i % 4)
    const input = { vectors, rows, dimensions, labels, classes: 4 }
    const found = await join(input, { metric: 'cosine', k: 20 })
    // Whole numbers: which cosine is the larger is a comparison of fractions.
    const dot = (i: number, j: number) => {
      let sum = 0
      for (let d = 0; d < dimensions; d++) {
        sum += vectors[i * dimensions + d]! * vectors[j * dimensions + d]!
      }
      return sum
    }
    for (let i = 0; i < rows; i++) {
      const others = Array.from({ length: rows }, (_, j) => j)
        .filter((j) => j !== i)
        .map((j) => ({ j, share: dot(i, j) * Math.abs(dot(i, j)), of: dot(i, i) * dot(j, j) || 1 }))
        .sort((a, b) => b.share * a.of - a.share * b.of || a.j - b.j)
      expect(entries(found.neighbors, i, 20, -1)).toEqual(others.slice(0, 20).map(({ j }) => j))
      const [first] = others
      const unlike = others.find(({ j }) => labels[j] !== labels[first!.j])!
      const isTied = unlike.share * first!.of === first!.share * unlike.of
      expect(found.nearestUnpredicted[i] === found.distances[i * found.k]).toBe(isTied)
    }
  })

  it.skipIf(skip)('counts the pairs that have no dimension in common as equally far', async () => {
    const [rows, dimensions] = [240, 16]
    const random = seededRandom(5)
    const vectors = Float32Array.from({ length: rows * dimensions }, () =>
      random() < 0.7 ? 0 : random(),
    )
    const labels = new Int32Array(rows)
    const { pairHistogram } = await join(
      { vectors, rows, dimensions, labels, classes: 1 },
      { metric: 'cosine' },
    )
    let apart = 0
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < i; j++) {
        let dot = 0
        for (let d = 0; d < dimensions; d++) {
          dot += vectors[i * dimensions + d]! * vectors[j * dimensions + d]!
        }
        if (dot === 0) apart++
      }
    }
    const bin = pairHistogram.edges.findLastIndex((edge) => edge <= 1)
    // No negative number: none is farther, and hardly one is nearly as far.
    expect(apart).toBeGreaterThan(1000)
    expect(pairHistogram.same[bin]).toBeGreaterThanOrEqual(apart)
    expect(pairHistogram.same[bin]).toBeLessThan(1.01 * apart)
    expect(pairHistogram.same.findLastIndex((count) => count > 0)).toBe(bin)
  })

  it.skipIf(skip).each([
    { metric: 'euclidean' as const, noise: 1e-2 },
    { metric: 'euclidean' as const, noise: 1e-5 },
    { metric: 'cosine' as const, noise: 1e-2 },
    { metric: 'cosine' as const, noise: 1e-5 },
  ])('adds up distances within classes $noise of the space wide, $metric', async (drawn) => {
    const { metric, noise } = drawn
    const [rows, dimensions, classes] = [90, 24, 3]
    const random = seededRandom(9)
    const centres = Float64Array.from({ length: classes * dimensions }, () => random() - 0.5)
    const vectors = Float32Array.from({ length: rows * dimensions }, (_, at) => {
      const [row, d] = [Math.floor(at / dimensions), at % dimensions]
      return centres[(row % classes) * dimensions + d]! + noise * (random() - 0.5)
    })
    const labels = Int32Array.from({ length: rows }, (_, i) => i % classes)
    const input = { vectors, rows, dimensions, labels, classes }
    const found = await join(input, { metric })
    const again = await join(input, { metric, tileRows: 8, threads: 3 })
    expect(again.classDistances).toEqual(found.classDistances)
    const { distance } = bruteForce(input, metric)
    for (let c = 0; c < classes; c++) {
      let [sum, wanted] = [0, 0]
      for (let i = c; i < rows; i += classes) {
        sum += found.classDistances.within[i]! * (rows / classes - 1)
        for (let j = c; j < rows; j += classes) wanted += i === j ? 0 : distance(i, j)
      }
      expect(Math.abs(sum / wanted - 1)).toBeLessThan(noise < 1e-4 ? 3e-4 : 1e-4)
    }
  })

  it.skipIf(skip)('stops when it is cancelled', async () => {
    const rows = 6000
    const random = seededRandom(1)
    const input = {
      vectors: Float32Array.from({ length: rows * 64 }, random),
      rows,
      dimensions: 64,
      labels: new Int32Array(rows),
      classes: 1,
    }
    const controller = new AbortController()
    const running = join(input, { signal: controller.signal, progress: () => controller.abort() })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  })
})
