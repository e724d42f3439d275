/** A tree of tight boxes around the points of a map, and what their repulsion is summed up from. */

import { sharedFloat64, sharedInt32 } from '../core/shared-memory.ts'

/** A box with so few points is not split. */
const LEAF_POINTS = 16
/** Target boxes are handed out one at a time, about so many: enough to spread them evenly over threads. */
const PARTS = 64
/** Values of a node: mass, centre, radius, second moments; then the potential's ten coefficients. */
export const SOURCE = 7
export const LOCAL = 10

/** On shared memory: one thread builds it, all read it, and each writes the potential of its own parts. */
export interface RepulsionTree {
  /** Nodes, parts: written by the build. */
  readonly counts: Int32Array
  /** Point at each place; the points of a node are next to each other. */
  readonly order: Int32Array
  readonly sortedX: Float64Array
  readonly sortedY: Float64Array
  /** Of each node: first place, place past the last, first child (its brother is the next; 0: none). */
  readonly links: Int32Array
  readonly source: Float64Array
  readonly local: Float64Array
  /** Nodes that together hold every point once. */
  readonly parts: Int32Array
  /** By place: the potential without the point's own part, and its gradient. */
  readonly potential: Float64Array
  readonly gradientX: Float64Array
  readonly gradientY: Float64Array
}

export function repulsionTree(points: number): RepulsionTree {
  const nodes = 2 * points
  return {
    counts: sharedInt32(2),
    order: sharedInt32(points),
    sortedX: sharedFloat64(points),
    sortedY: sharedFloat64(points),
    links: sharedInt32(nodes * 3),
    source: sharedFloat64(nodes * SOURCE),
    local: sharedFloat64(nodes * LOCAL),
    parts: sharedInt32(nodes),
    potential: sharedFloat64(points),
    gradientX: sharedFloat64(points),
    gradientY: sharedFloat64(points),
  }
}

/** Sorts the points into boxes: each is split in the middle of its longer side until few are left. */
export function buildTree(tree: RepulsionTree, x: Float64Array, y: Float64Array): void {
  const { order, sortedX, sortedY, links, parts, counts } = tree
  const points = x.length
  // The order of the last time is nearly right, and the points lie near each other in memory.
  if (counts[0] === 0) for (let at = 0; at < points; at++) order[at] = at
  for (let at = 0; at < points; at++) {
    sortedX[at] = x[order[at]!]!
    sortedY[at] = y[order[at]!]!
  }
  const partPoints = Math.max(LEAF_POINTS, Math.ceil((2 * points) / PARTS))
  let nodes = 1
  let partCount = 0
  links[0] = 0
  links[1] = points
  links[2] = 0
  const isInPart = new Uint8Array(2 * points)
  for (let node = 0; node < nodes; node++) {
    const start = links[node * 3]!
    const end = links[node * 3 + 1]!
    let left = Number.POSITIVE_INFINITY
    let right = Number.NEGATIVE_INFINITY
    let bottom = Number.POSITIVE_INFINITY
    let top = Number.NEGATIVE_INFINITY
    for (let at = start; at < end; at++) {
      const px = sortedX[at]!
      const py = sortedY[at]!
      if (px < left) left = px
      if (px > right) right = px
      if (py < bottom) bottom = py
      if (py > top) top = py
    }
    const wide = right - left >= top - bottom
    const middle = wide ? left + (right - left) / 2 : bottom + (top - bottom) / 2
    const low = wide ? left : bottom
    const high = wide ? right : top
    const isLeaf = end - start <= LEAF_POINTS || !(middle < high && middle >= low && low < high)
    if (isInPart[node] === 0 && (isLeaf || end - start <= partPoints)) {
      parts[partCount++] = node
      isInPart[node] = 1
    }
    if (isLeaf) {
      links[node * 3 + 2] = 0
      continue
    }
    const along = wide ? sortedX : sortedY
    let from = start
    let to = end - 1
    for (;;) {
      while (along[from]! <= middle) from++
      while (along[to]! > middle) to--
      if (from > to) break
      const keptX = sortedX[from]!
      const keptY = sortedY[from]!
      const swapRow = order[from]!
      sortedX[from] = sortedX[to]!
      sortedY[from] = sortedY[to]!
      order[from] = order[to]!
      sortedX[to] = keptX
      sortedY[to] = keptY
      order[to] = swapRow
      from++
      to--
    }
    links[node * 3 + 2] = nodes
    isInPart[nodes] = isInPart[node]!
    isInPart[nodes + 1] = isInPart[node]!
    links[nodes * 3] = start
    links[nodes * 3 + 1] = from
    links[nodes * 3 + 3] = from
    links[nodes * 3 + 4] = end
    nodes += 2
  }
  for (let node = nodes - 1; node >= 0; node--) summarize(tree, node)
  counts[0] = nodes
  counts[1] = partCount
}

/** Mass, centre, radius and second moments of a node, whose children's are known. */
function summarize({ links, source, sortedX, sortedY }: RepulsionTree, node: number): void {
  const start = links[node * 3]!
  const end = links[node * 3 + 1]!
  const child = links[node * 3 + 2]!
  const to = node * SOURCE
  const mass = end - start
  let x = 0
  let y = 0
  let radius = 0
  let xx = 0
  let xy = 0
  let yy = 0
  if (child === 0) {
    for (let at = start; at < end; at++) {
      x += sortedX[at]!
      y += sortedY[at]!
    }
    x /= mass
    y /= mass
    for (let at = start; at < end; at++) {
      const dx = sortedX[at]! - x
      const dy = sortedY[at]! - y
      radius = Math.max(radius, dx * dx + dy * dy)
      xx += dx * dx
      xy += dx * dy
      yy += dy * dy
    }
    radius = Math.sqrt(radius)
    if (mass > LEAF_POINTS) {
      // Points that no box can part are on one spot, but for the last place of a number.
      radius = 0
      xx = 0
      xy = 0
      yy = 0
    }
  } else {
    const first = child * SOURCE
    const second = first + SOURCE
    const firstShare = source[first]! / mass
    const secondShare = source[second]! / mass
    x = firstShare * source[first + 1]! + secondShare * source[second + 1]!
    y = firstShare * source[first + 2]! + secondShare * source[second + 2]!
    for (let from = first; from <= second; from += SOURCE) {
      const dx = source[from + 1]! - x
      const dy = source[from + 2]! - y
      radius = Math.max(radius, Math.sqrt(dx * dx + dy * dy) + source[from + 3]!)
      xx += source[from + 4]! + source[from]! * dx * dx
      xy += source[from + 5]! + source[from]! * dx * dy
      yy += source[from + 6]! + source[from]! * dy * dy
    }
  }
  source[to] = mass
  source[to + 1] = x
  source[to + 2] = y
  source[to + 3] = radius
  source[to + 4] = xx
  source[to + 5] = xy
  source[to + 6] = yy
}
