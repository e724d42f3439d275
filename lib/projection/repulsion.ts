/**
 * The repulsion of t-SNE, of every point against every other, at a cost that grows with their number:
 * a fast multipole method on a tree of tight boxes (Greengard & Rokhlin, 1987; in the form of Dehnen,
 * 2002). Both the sum that normalizes and the forces come from one potential, Φ(y) = Σ 1 / (1 + |y − yⱼ|²).
 */

import { LOCAL, type RepulsionTree, SOURCE } from './repulsion-tree.ts'

/**
 * Two boxes are far apart where their radii are less than this part of their distance: the forces on
 * 10,000 points spread evenly are then 0.9 % off, those of scikit-learn's tree at its angle of 0.5 are 1.4 %.
 */
const OPENING = 0.6

/** The potential of every point in a part and its gradient, in `tree.potential` and its neighbours. */
export function repel(tree: RepulsionTree, part: number): void {
  const { links, local, potential, gradientX, gradientY, parts } = tree
  const top = parts[part]!
  const start = links[top * 3]!
  const end = links[top * 3 + 1]!
  potential.fill(0, start, end)
  gradientX.fill(0, start, end)
  gradientY.fill(0, start, end)
  clearBelow(links, local, top)
  interact(tree, top, 0)
  passDown(tree, top)
}

function clearBelow(links: Int32Array, local: Float64Array, node: number): void {
  local.fill(0, node * LOCAL, (node + 1) * LOCAL)
  const child = links[node * 3 + 2]!
  if (child === 0) return
  clearBelow(links, local, child)
  clearBelow(links, local, child + 1)
}

/** Adds what the points of node b do to those of node a: as a whole where they are far apart. */
function interact(tree: RepulsionTree, a: number, b: number): void {
  const { links, source, local } = tree
  const at = a * SOURCE
  const from = b * SOURCE
  const rx = source[at + 1]! - source[from + 1]!
  const ry = source[at + 2]! - source[from + 2]!
  const square = rx * rx + ry * ry
  const radii = source[at + 3]! + source[from + 3]!
  if (radii * radii < OPENING * OPENING * square || (radii === 0 && a !== b)) {
    const mass = source[from]!
    const xx = source[from + 4]!
    const xy = source[from + 5]!
    const yy = source[from + 6]!
    // The derivatives of 1 / (1 + r²), to the third.
    const f = 1 / (1 + square)
    const d1 = -2 * f * f
    const d2 = 8 * f * f * f
    const d3 = -48 * f * f * f * f
    const pxx = d2 * rx * rx + d1
    const pxy = d2 * rx * ry
    const pyy = d2 * ry * ry + d1
    const pxxx = rx * (d3 * rx * rx + 3 * d2)
    const pxxy = ry * (d3 * rx * rx + d2)
    const pxyy = rx * (d3 * ry * ry + d2)
    const pyyy = ry * (d3 * ry * ry + 3 * d2)
    const to = a * LOCAL
    local[to]! += mass * f + 0.5 * (xx * pxx + yy * pyy) + xy * pxy
    local[to + 1]! += mass * d1 * rx + 0.5 * (xx * pxxx + yy * pxyy) + xy * pxxy
    local[to + 2]! += mass * d1 * ry + 0.5 * (xx * pxxy + yy * pyyy) + xy * pxyy
    local[to + 3]! += mass * pxx
    local[to + 4]! += mass * pxy
    local[to + 5]! += mass * pyy
    local[to + 6]! += mass * pxxx
    local[to + 7]! += mass * pxxy
    local[to + 8]! += mass * pxyy
    local[to + 9]! += mass * pyyy
    return
  }
  const childOfA = links[a * 3 + 2]!
  const childOfB = links[b * 3 + 2]!
  if (childOfA === 0 && childOfB === 0) {
    direct(tree, a, b)
  } else if (childOfB === 0 || (childOfA !== 0 && source[at + 3]! > source[from + 3]!)) {
    interact(tree, childOfA, b)
    interact(tree, childOfA + 1, b)
  } else {
    interact(tree, a, childOfB)
    interact(tree, a, childOfB + 1)
  }
}

/** Every point of leaf a against every one of leaf b, itself left out. */
function direct(tree: RepulsionTree, a: number, b: number): void {
  const { links, source, sortedX, sortedY, potential, gradientX, gradientY } = tree
  const start = links[a * 3]!
  const end = links[a * 3 + 1]!
  if (a === b && source[a * SOURCE + 3] === 0) {
    // All on one spot: they don't move each other.
    for (let i = start; i < end; i++) potential[i]! += end - start - 1
    return
  }
  const first = links[b * 3]!
  const last = links[b * 3 + 1]!
  for (let i = start; i < end; i++) {
    const x = sortedX[i]!
    const y = sortedY[i]!
    let sum = 0
    let sumX = 0
    let sumY = 0
    for (let j = first; j < last; j++) {
      const dx = x - sortedX[j]!
      const dy = y - sortedY[j]!
      const f = 1 / (1 + dx * dx + dy * dy)
      const push = -2 * f * f
      sum += f
      sumX += push * dx
      sumY += push * dy
    }
    potential[i]! += a === b ? sum - 1 : sum
    gradientX[i]! += sumX
    gradientY[i]! += sumY
  }
}

/** Hands the coefficients of a node on to its children, and of a leaf to its points. */
function passDown(tree: RepulsionTree, node: number): void {
  const { links, source, local, sortedX, sortedY, potential, gradientX, gradientY } = tree
  const child = links[node * 3 + 2]!
  const from = node * LOCAL
  const c = local[from]!
  const cx = local[from + 1]!
  const cy = local[from + 2]!
  const xx = local[from + 3]!
  const xy = local[from + 4]!
  const yy = local[from + 5]!
  const xxx = local[from + 6]!
  const xxy = local[from + 7]!
  const xyy = local[from + 8]!
  const yyy = local[from + 9]!
  const centreX = source[node * SOURCE + 1]!
  const centreY = source[node * SOURCE + 2]!
  const atX = (dx: number, dy: number) =>
    cx + xx * dx + xy * dy + 0.5 * (xxx * dx * dx + xyy * dy * dy) + xxy * dx * dy
  const atY = (dx: number, dy: number) =>
    cy + xy * dx + yy * dy + 0.5 * (xxy * dx * dx + yyy * dy * dy) + xyy * dx * dy
  const value = (dx: number, dy: number) =>
    c +
    cx * dx +
    cy * dy +
    0.5 * (xx * dx * dx + yy * dy * dy) +
    xy * dx * dy +
    (xxx * dx * dx * dx + yyy * dy * dy * dy) / 6 +
    0.5 * (xxy * dx * dx * dy + xyy * dx * dy * dy)
  if (child === 0) {
    for (let i = links[node * 3]!; i < links[node * 3 + 1]!; i++) {
      const dx = sortedX[i]! - centreX
      const dy = sortedY[i]! - centreY
      potential[i]! += value(dx, dy)
      gradientX[i]! += atX(dx, dy)
      gradientY[i]! += atY(dx, dy)
    }
    return
  }
  for (let next = child; next <= child + 1; next++) {
    const dx = source[next * SOURCE + 1]! - centreX
    const dy = source[next * SOURCE + 2]! - centreY
    const to = next * LOCAL
    local[to]! += value(dx, dy)
    local[to + 1]! += atX(dx, dy)
    local[to + 2]! += atY(dx, dy)
    local[to + 3]! += xx + xxx * dx + xxy * dy
    local[to + 4]! += xy + xxy * dx + xyy * dy
    local[to + 5]! += yy + xyy * dx + yyy * dy
    local[to + 6]! += xxx
    local[to + 7]! += xxy
    local[to + 8]! += xyy
    local[to + 9]! += yyy
    passDown(tree, next)
  }
}
