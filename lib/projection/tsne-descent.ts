/** The gradient descent of t-SNE as its threads walk it together; the same for any number of them. */

import { sharedFloat64, sharedInt32 } from '../core/shared-memory.ts'
import { neighborProbabilities, type SparseMatrix, symmetric } from './affinities.ts'
import { repel } from './repulsion.ts'
import { buildTree, type RepulsionTree, repulsionTree } from './repulsion-tree.ts'

/** Shared by the threads. */
export interface Descent {
  readonly rows: number
  readonly k: number
  readonly perplexity: number
  readonly threads: number
  /** Rows × k. */
  readonly neighbors: Int32Array
  readonly squares: Float64Array
  readonly probabilities: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly startX: Float64Array
  readonly startY: Float64Array
  readonly pullX: Float64Array
  readonly pullY: Float64Array
  readonly steps: Float64Array
  readonly gains: Float64Array
  readonly tree: RepulsionTree
  /** Next part of each kind of work, and where threads wait for each other. */
  readonly control: Int32Array
}

/** Iterations that exaggerate the pull, and all (Belkina et al., 2019, for the rate that goes with them). */
const EXAGGERATED = 250
export const ITERATIONS = 750
const EXAGGERATION = 12
const EARLY_MOMENTUM = 0.5
const MOMENTUM = 0.8
const LEAST_GAIN = 0.01
const LEAST_RATE = 200
/** Of the start's width: what the exaggerated pull has left of rows that are alike in all directions. */
const COLLAPSED = 0.01
/** Rows whose pull is worked out at a time. */
const PULL_ROWS = 256

const NEXT_PULL = 0
const NEXT_PART = 1
const ARRIVED = 2
const TURN = 3

export function descent(
  neighbors: Int32Array,
  squares: Float64Array,
  start: { readonly x: Float64Array; readonly y: Float64Array },
  perplexity: number,
  threads: number,
): Descent {
  const rows = start.x.length
  const shared = {
    rows,
    k: neighbors.length / rows,
    perplexity,
    threads,
    neighbors,
    squares,
    probabilities: sharedFloat64(neighbors.length),
    x: sharedFloat64(rows),
    y: sharedFloat64(rows),
    startX: sharedFloat64(rows),
    startY: sharedFloat64(rows),
    pullX: sharedFloat64(rows),
    pullY: sharedFloat64(rows),
    steps: sharedFloat64(2 * rows),
    gains: sharedFloat64(2 * rows).fill(1),
    tree: repulsionTree(rows),
    control: sharedInt32(4),
  }
  shared.x.set(start.x)
  shared.y.set(start.y)
  shared.startX.set(start.x)
  shared.startY.set(start.y)
  return shared
}

/** The first thing: one thread's share of the affinities; thread 0 gives the whole. */
export function descentAffinities(shared: Descent, index: number): SparseMatrix | null {
  const { rows, k, perplexity, threads, squares, probabilities, neighbors } = shared
  const part = Math.ceil(rows / threads)
  const start = Math.min(rows, index * part)
  const end = Math.min(rows, start + part)
  neighborProbabilities(squares, k, perplexity, start, end, probabilities)
  meet(shared)
  return index === 0 ? symmetric(neighbors, probabilities, rows, k) : null
}

/** One thread's share of all iterations. @param progress after each one, by the first thread */
export function descend(
  shared: Descent,
  affinities: SparseMatrix,
  index: number,
  progress: (iteration: number) => void,
): void {
  const { rows, threads, tree, x, y, control } = shared
  const part = Math.ceil(rows / threads)
  const start = Math.min(rows, index * part)
  const end = Math.min(rows, start + part)
  const pulls = Math.ceil(rows / PULL_ROWS)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const exaggeration = iteration < EXAGGERATED ? EXAGGERATION : 1
    if (iteration === EXAGGERATED && hasCollapsed(shared)) {
      // All have looked before the first one moves.
      meet(shared)
      startAgain(shared, start, end)
      meet(shared)
    }
    if (index === 0) {
      Atomics.store(control, NEXT_PART, 0)
      buildTree(tree, x, y)
    }
    for (;;) {
      const next = Atomics.add(control, NEXT_PULL, 1)
      if (next >= pulls) break
      pull(shared, affinities, next * PULL_ROWS, Math.min(rows, (next + 1) * PULL_ROWS))
    }
    meet(shared)
    for (;;) {
      const next = Atomics.add(control, NEXT_PART, 1)
      if (next >= tree.counts[1]!) break
      repel(tree, next)
    }
    meet(shared)
    if (index === 0) Atomics.store(control, NEXT_PULL, 0)
    move(shared, start, end, exaggeration)
    meet(shared)
    if (index === 0) progress(iteration)
  }
}

/** Where nothing holds some rows closer together than others, the exaggerated pull ends on one spot. */
function hasCollapsed({ x, y, startX, startY }: Descent): boolean {
  return width(x, y) < COLLAPSED * width(startX, startY)
}

function width(x: Float64Array, y: Float64Array): number {
  let squares = 0
  for (let row = 0; row < x.length; row++) squares += x[row]! ** 2 + y[row]! ** 2
  return Math.sqrt(squares)
}

function startAgain(
  { x, y, startX, startY, steps, gains }: Descent,
  start: number,
  end: number,
): void {
  x.set(startX.subarray(start, end), start)
  y.set(startY.subarray(start, end), start)
  steps.fill(0, 2 * start, 2 * end)
  gains.fill(1, 2 * start, 2 * end)
}

function pull(
  { x, y, pullX, pullY }: Descent,
  { starts, columns, values }: SparseMatrix,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i++) {
    const px = x[i]!
    const py = y[i]!
    let sumX = 0
    let sumY = 0
    const last = starts[i + 1]!
    for (let at = starts[i]!; at < last; at++) {
      const j = columns[at]!
      const dx = px - x[j]!
      const dy = py - y[j]!
      const force = values[at]! / (1 + dx * dx + dy * dy)
      sumX += force * dx
      sumY += force * dy
    }
    pullX[i] = sumX
    pullY[i] = sumY
  }
}

/** Places, not rows, are split between threads: the tree's arrays are by place. */
function move(shared: Descent, start: number, end: number, exaggeration: number): void {
  const { rows, tree, x, y, pullX, pullY, steps, gains } = shared
  const { order, potential, gradientX, gradientY } = tree
  let total = 0
  for (let at = 0; at < rows; at++) total += potential[at]!
  // A quarter of the gradient; the rate makes up for it.
  const push = total > 0 ? 0.5 / total : 0
  const momentum = exaggeration > 1 ? EARLY_MOMENTUM : MOMENTUM
  const rate = Math.max(LEAST_RATE, rows / EXAGGERATION)
  for (let at = start; at < end; at++) {
    const i = order[at]!
    const slopeX = exaggeration * pullX[i]! + push * gradientX[at]!
    const slopeY = exaggeration * pullY[i]! + push * gradientY[at]!
    x[i]! += step(steps, gains, 2 * i, slopeX, momentum, rate)
    y[i]! += step(steps, gains, 2 * i + 1, slopeY, momentum, rate)
  }
}

/** Jacobs' delta-bar-delta (1988), as van der Maaten uses it. */
function step(
  steps: Float64Array,
  gains: Float64Array,
  at: number,
  slope: number,
  momentum: number,
  rate: number,
): number {
  const before = steps[at]!
  const gain = before * slope < 0 ? gains[at]! + 0.2 : Math.max(LEAST_GAIN, gains[at]! * 0.8)
  gains[at] = gain
  const next = momentum * before - rate * gain * slope
  steps[at] = next
  return next
}

/** Waits until all threads are here. */
function meet({ threads, control }: Descent): void {
  if (threads === 1) return
  const turn = Atomics.load(control, TURN)
  if (Atomics.add(control, ARRIVED, 1) === threads - 1) {
    Atomics.store(control, ARRIVED, 0)
    Atomics.add(control, TURN, 1)
    Atomics.notify(control, TURN)
    return
  }
  while (Atomics.load(control, TURN) === turn) Atomics.wait(control, TURN, turn)
}
