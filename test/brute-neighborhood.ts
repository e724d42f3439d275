/** What the self-join finds, by sorting all distances in double precision: an oracle for what follows it. */

import type { Dataset } from '../lib/core/dataset.ts'
import type { Neighborhood } from '../lib/core/evaluation.ts'
import type { Metric } from '../lib/core/manifest.ts'
import { classDistancesOf } from './class-distances.ts'
import { tieRanges } from './tie-orders.ts'

export interface Points {
  readonly vectors: readonly (readonly number[])[]
  readonly labels: readonly string[]
  readonly groups?: readonly number[]
  readonly queries?: readonly boolean[]
}

/** A dataset of the points, as an upload of them would be read. */
export function datasetOf({ vectors, labels, groups, queries }: Points): Dataset {
  const rows = vectors.length
  const dimensions = vectors[0]!.length
  const classes = [...new Set(labels)].sort()
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * dimensions))
  values.set(vectors.flat())
  return {
    rows,
    dimensions,
    vectors: values,
    ids: labels.map((_, row) => `row ${row}`),
    hasIds: true,
    labels: Int32Array.from(labels, (label) => classes.indexOf(label)),
    classes,
    ...(groups === undefined ? {} : { groups: Int32Array.from(groups) }),
    ...(queries === undefined ? {} : { queries: Uint8Array.from(queries, Number) }),
    sourceRows: Int32Array.from(labels.keys()),
    images: null,
    metadata: [],
    inputRows: rows,
    setAside: [],
    warnings: [],
  }
}

/** @param between all distances where plain arithmetic isn't exact enough: of rows at one cosine distance */
export function bruteNeighborhood(
  dataset: Dataset,
  metric: Metric,
  k = 20,
  between = distances(dataset, metric),
): Neighborhood {
  const { rows, labels, classes, queries, groups } = dataset
  const width = Math.min(k, rows - 1)
  const meet = (a: number, b: number) =>
    a !== b &&
    (groups === undefined || groups[a]! < 0 || groups[a] !== groups[b]) &&
    (queries === undefined || (queries[a] === 1 && queries[b] === 0))
  const found = {
    neighbors: new Int32Array(rows * width).fill(-1),
    distances: new Float64Array(rows * width).fill(Number.POSITIVE_INFINITY),
    eligibleMates: new Int32Array(rows),
    matesWithinR: new Int32Array(rows),
    averagePrecisionAtR: new Float64Array(rows).fill(Number.NaN),
    mateDistances: new Float64Array(rows * 10).fill(Number.POSITIVE_INFINITY),
    firstMateRank: new Int32Array(rows),
    nearestOther: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
    nearestUnpredicted: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
    firstEqual: firstEqual(dataset),
    meanErrors: new Float64Array(rows),
    ties: {
      firstMateRank: new Int32Array(2 * rows),
      matesWithinR: new Int32Array(2 * rows),
      averagePrecisionAtR: new Float64Array(2 * rows).fill(Number.NaN),
      matches: new Int32Array(2 * rows),
      vote: new Int32Array(2 * rows),
    },
  }
  const sums = new Float64Array(rows * classes.length)
  const pairs: { distance: number; same: boolean }[] = []
  for (let row = 0; row < rows; row++) {
    const at = (other: number) => between[row * rows + other]!
    const order = Array.from(labels.keys())
      .filter((other) => meet(row, other))
      .sort((a, b) => at(a) - at(b) || a - b)
    order.slice(0, width).forEach((other, rank) => {
      found.neighbors[row * width + rank] = other
      found.distances[row * width + rank] = at(other)
    })
    const mates = order.filter((other) => labels[other] === labels[row])
    found.mateDistances.set(mates.slice(0, 10).map(at), row * 10)
    found.eligibleMates[row] = mates.length
    const ranks = mates.map((mate) => order.indexOf(mate) + 1)
    const hits = ranks.filter((rank) => rank <= mates.length)
    found.matesWithinR[row] = hits.length
    found.averagePrecisionAtR[row] =
      hits.reduce((sum, rank, at) => sum + (at + 1) / rank, 0) / mates.length
    found.firstMateRank[row] = mates.length === 0 ? 0 : order.indexOf(mates[0]!) + 1
    const others = order.map((other) => ({ label: labels[other]!, distance: at(other) }))
    if (others.length > 0) {
      for (const [name, range] of Object.entries(tieRanges(others, labels[row]!, width))) {
        found.ties[name as keyof typeof found.ties].set(range, 2 * row)
      }
    }
    const other = order.find((one) => labels[one] !== labels[row])
    if (other !== undefined) found.nearestOther[row] = at(other)
    const unpredicted = order.find((one) => labels[one] !== labels[order[0]!])
    if (unpredicted !== undefined) found.nearestUnpredicted[row] = at(unpredicted)
    for (let one = 0; one < rows; one++) {
      sums[row * classes.length + labels[one]!]! += at(one)
      const once = queries === undefined ? row < one : true
      if (once && meet(row, one)) {
        pairs.push({ distance: at(one), same: labels[row] === labels[one] })
      }
    }
  }
  return {
    metric,
    backend: { name: 'double precision', version: '1', threads: 1 },
    k: width,
    mates: 10,
    ...found,
    classDistances: classDistancesOf(sums, labels, classes.length),
    pairHistogram: histogram(pairs),
    pairDistances: {
      same: distancesOf(pairs.filter(({ same }) => same)),
      other: distancesOf(pairs.filter(({ same }) => !same)),
    },
  }
}

function firstEqual({ vectors, rows, dimensions }: Dataset): Int32Array {
  const firsts = new Map<string, number>()
  return Int32Array.from({ length: rows }, (_, row) => {
    const values = vectors.subarray(row * dimensions, (row + 1) * dimensions).join(' ')
    const first = firsts.get(values) ?? row
    firsts.set(values, first)
    return first
  })
}

function distancesOf(pairs: readonly { distance: number }[]): Float64Array {
  return Float64Array.from(pairs, ({ distance }) => distance).sort()
}

/** A bin for each distance that there is. */
function histogram(pairs: readonly { distance: number; same: boolean }[]) {
  const edges = [...new Set(pairs.map(({ distance }) => distance))].sort((a, b) => a - b)
  const place = new Map(edges.map((edge, bin) => [edge, bin]))
  const same = new Float64Array(edges.length)
  const other = new Float64Array(edges.length)
  for (const pair of pairs) {
    const counts = pair.same ? same : other
    counts[place.get(pair.distance)!]!++
  }
  const ends = Float64Array.from([...edges, (edges.at(-1) ?? 0) + 1])
  const exact = Float64Array.from(edges)
  return { edges: ends, same, other, nearest: exact, farthest: exact }
}

function distances({ vectors, rows, dimensions }: Dataset, metric: Metric): Float64Array {
  const length = (row: number) => {
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += vectors[row * dimensions + d]! ** 2
    return Math.sqrt(sum)
  }
  const all = new Float64Array(rows * rows)
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      let squared = 0
      let dot = 0
      for (let d = 0; d < dimensions; d++) {
        const [left, right] = [vectors[a * dimensions + d]!, vectors[b * dimensions + d]!]
        squared += (left - right) ** 2
        dot += left * right
      }
      const lengths = length(a) * length(b)
      all[a * rows + b] =
        metric === 'euclidean' ? Math.sqrt(squared) : lengths === 0 ? 1 : 1 - dot / lengths
    }
    all[a * rows + a] = 0
  }
  return all
}
