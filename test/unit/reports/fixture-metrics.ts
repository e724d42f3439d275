/** A small evaluation of points, plain and quadratic, so that test reports hold figures that fit together. */

export interface Baseline {
  readonly run: string
  readonly correct: Uint8Array
}

export interface Points {
  readonly ids: readonly string[]
  readonly labels: readonly string[]
  readonly dimensions: number
  /** Row-major. */
  readonly vectors: Float32Array
}

export interface Measured {
  readonly classes: readonly string[]
  readonly classOf: Int32Array
  readonly neighbors: Int32Array
  readonly distances: Float64Array
  readonly correct: Uint8Array
  readonly neighborMargin: Float64Array
  readonly predictionMargin: Float64Array
  readonly classMargin: Float64Array
  readonly firstMatchRank: Int32Array
  readonly intra: Float64Array
}

export const NEIGHBORS = 10

export function measure(points: Points): Measured {
  const rows = points.ids.length
  const classes = [...new Set(points.labels)].sort((a, b) => (a < b ? -1 : 1))
  const place = new Map(classes.map((label, index) => [label, index]))
  const classOf = Int32Array.from(points.labels, (label) => place.get(label) ?? 0)
  const neighbors = new Int32Array(rows * NEIGHBORS).fill(-1)
  const distances = new Float64Array(rows * NEIGHBORS).fill(Number.POSITIVE_INFINITY)
  const measured: Measured = {
    classes,
    classOf,
    neighbors,
    distances,
    correct: new Uint8Array(rows),
    neighborMargin: new Float64Array(rows).fill(Number.NaN),
    predictionMargin: new Float64Array(rows).fill(Number.NaN),
    classMargin: new Float64Array(rows).fill(Number.NaN),
    firstMatchRank: new Int32Array(rows),
    intra: new Float64Array(rows).fill(Number.NaN),
  }
  for (let i = 0; i < rows; i++) measureRow(points, measured, i)
  return measured
}

function measureRow(points: Points, measured: Measured, i: number): void {
  const { vectors, dimensions } = points
  const { neighbors, distances, classOf } = measured
  const rows = points.ids.length
  const start = i * NEIGHBORS
  const own = classOf[i]!
  let same = Number.POSITIVE_INFINITY
  let other = Number.POSITIVE_INFINITY
  let sum = 0
  let mates = 0
  for (let j = 0; j < rows; j++) {
    if (j === i) continue
    let squared = 0
    for (let d = 0; d < dimensions; d++) {
      const difference = vectors[i * dimensions + d]! - vectors[j * dimensions + d]!
      squared += difference * difference
    }
    const distance = Math.sqrt(squared)
    if (classOf[j] === own) {
      same = Math.min(same, distance)
      sum += distance
      mates++
    } else other = Math.min(other, distance)
    if (distance >= distances[start + NEIGHBORS - 1]!) continue
    let place = NEIGHBORS - 1
    for (; place > 0 && distances[start + place - 1]! > distance; place--) {
      distances[start + place] = distances[start + place - 1]!
      neighbors[start + place] = neighbors[start + place - 1]!
    }
    distances[start + place] = distance
    neighbors[start + place] = j
  }
  const nearest = neighbors[start]!
  if (nearest < 0) return
  const predicted = classOf[nearest]!
  measured.correct[i] = predicted === own ? 1 : 0
  if (neighbors[start + 1]! >= 0) {
    measured.neighborMargin[i] = distances[start + 1]! - distances[start]!
  }
  for (let k = 0; k < NEIGHBORS; k++) {
    const row = neighbors[start + k]!
    if (row < 0) break
    if (classOf[row] !== predicted && Number.isNaN(measured.predictionMargin[i]!)) {
      measured.predictionMargin[i] = distances[start + k]! - distances[start]!
    }
    if (classOf[row] === own && measured.firstMatchRank[i] === 0) measured.firstMatchRank[i] = k + 1
  }
  if (Number.isFinite(same) && Number.isFinite(other)) measured.classMargin[i] = other - same
  if (mates > 0) measured.intra[i] = sum / mates
}

/** Wilson's 95 % interval. */
export function wilson(hits: number, total: number): readonly [number, number] {
  if (total === 0) return [0, 1]
  const z = 1.959964
  const p = hits / total
  const center = (p + (z * z) / (2 * total)) / (1 + (z * z) / total)
  const half =
    (z / (1 + (z * z) / total)) * Math.sqrt((p * (1 - p)) / total + (z * z) / (4 * total * total))
  return [Math.max(0, center - half), Math.min(1, center + half)]
}

export function median(values: readonly number[]): number | null {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b)
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)]!
}

export function mean(values: readonly number[]): number | null {
  const finite = values.filter((value) => Number.isFinite(value))
  return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length
}

/** Chance that a wrong row's value is under a right row's, ties by half. */
export function errorAuc(values: Float64Array, correct: Uint8Array): number | null {
  const order = [...values.keys()]
    .filter((row) => Number.isFinite(values[row]!))
    .sort((a, b) => values[a]! - values[b]!)
  let wrongSeen = 0
  let wins = 0
  for (const row of order) {
    if (correct[row] === 1) wins += wrongSeen
    else wrongSeen++
  }
  const right = order.length - wrongSeen
  return right === 0 || wrongSeen === 0 ? null : wins / (right * wrongSeen)
}
