/**
 * UMAP's layout of a graph: edges pull, rows drawn by chance push (McInnes, Healy & Melville, 2018). Ours,
 * since umap-js is a quarter as fast and no more trustworthy on the samples, and can't start from the
 * baseline's map.
 */

import type { Layout } from './start.ts'
import type { Edges } from './umap-graph.ts'

/** The curve 1 / (1 + a d^2b) that fits min_dist 0.1 and spread 1. */
const A = 1.5769434603113077
const B = 0.8950608779109733
const PUSHES = 5
const MOST_STEP = 4
/** Rows up to which 500 epochs are walked, and 200 beyond. */
const LONG_WALK_ROWS = 10_000

/** Of the tables: squared distances from 2⁻⁴⁰ to 2²⁴, 256 to each doubling. */
const LEAST_EXPONENT = -40
const STEP_BITS = 15
const TABLE_LENGTH = 64 << (23 - STEP_BITS)
const FIRST_KEY = (127 + LEAST_EXPONENT) << (23 - STEP_BITS)

/**
 * Moves the points in place, one edge after another: the order is part of the result, so this is the
 * work of one thread.
 *
 * @param progress after each epoch, with the share that is done
 */
export function descendGraph(
  { x, y }: Layout,
  { from, to, weights }: Edges,
  seed: number,
  progress: (fraction: number) => void,
): void {
  const rows = x.length
  const epochs = rows <= LONG_WALK_ROWS ? 500 : 200
  let heaviest = 0
  for (const weight of weights) heaviest = Math.max(heaviest, weight)
  const { pulls, pushes } = curveTables()
  const asNumber = new Float32Array(1)
  const asBits = new Int32Array(asNumber.buffer)
  const place = (square: number) => {
    asNumber[0] = square
    const key = (asBits[0]! >> STEP_BITS) - FIRST_KEY
    return key < 0 ? 0 : key >= TABLE_LENGTH ? TABLE_LENGTH - 1 : key
  }
  const clip = (value: number) =>
    value > MOST_STEP ? MOST_STEP : value < -MOST_STEP ? -MOST_STEP : value
  // Edges that would never be drawn are left out.
  const walkable = Int32Array.from(weights.keys()).filter((at) => weights[at]! * epochs >= heaviest)
  const every = Float64Array.from(walkable, (at) => heaviest / weights[at]!)
  const nextPull = every.slice()
  const nextPush = every.map((value) => value / PUSHES)
  let state = seed | 1
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const rate = 1 - (epoch - 1) / epochs
    for (let edge = 0; edge < walkable.length; edge++) {
      if (nextPull[edge]! > epoch) continue
      const i = from[walkable[edge]!]!
      const j = to[walkable[edge]!]!
      let dx = x[i]! - x[j]!
      let dy = y[i]! - y[j]!
      let square = dx * dx + dy * dy
      if (square > 0) {
        const force = pulls[place(square)]!
        const stepX = clip(force * dx) * rate
        const stepY = clip(force * dy) * rate
        x[i]! += stepX
        y[i]! += stepY
        x[j]! -= stepX
        y[j]! -= stepY
      }
      nextPull[edge]! += every[edge]!
      const gap = every[edge]! / PUSHES
      const pushCount = Math.floor((epoch - nextPush[edge]!) / gap)
      for (let push = 0; push < pushCount; push++) {
        // Marsaglia's xorshift (2003).
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        const other = (state >>> 0) % rows
        if (other === i) continue
        dx = x[i]! - x[other]!
        dy = y[i]! - y[other]!
        square = dx * dx + dy * dy
        if (square === 0) continue
        const force = pushes[place(square)]!
        x[i]! += clip(force * dx) * rate
        y[i]! += clip(force * dy) * rate
      }
      nextPush[edge]! += pushCount * gap
    }
    progress(epoch / epochs)
  }
}

/** The curve's slopes by squared distance: powers are what an epoch would spend most of its time on. */
function curveTables(): { pulls: Float64Array; pushes: Float64Array } {
  const pulls = new Float64Array(TABLE_LENGTH)
  const pushes = new Float64Array(TABLE_LENGTH)
  const asNumber = new Float32Array(1)
  const asBits = new Int32Array(asNumber.buffer)
  for (let at = 0; at < TABLE_LENGTH; at++) {
    // The middle of what falls on the place.
    asBits[0] = ((at + FIRST_KEY) << STEP_BITS) + (1 << (STEP_BITS - 1))
    const square = asNumber[0]!
    const power = square ** B
    pulls[at] = (-2 * A * B * (power / square)) / (A * power + 1)
    pushes[at] = (2 * B) / ((0.001 + square) * (A * power + 1))
  }
  return { pulls, pushes }
}
