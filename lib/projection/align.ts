/** Turns a map so that rows stay where the baseline's map had them. */

export interface Points {
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

/**
 * The rotation or reflection, scale and shift of the plane that bring `points` nearest to `target` in
 * the least-squares sense over the given pairs of indices (orthogonal Procrustes: Schönemann, 1966, in
 * closed form for the plane), applied to all points, and then put back to the points' own scale, so
 * that distances in the map keep their meaning. Null with fewer than two pairs.
 */
export function alignTo(
  points: Points,
  target: Points,
  pairs: readonly (readonly [point: number, target: number])[],
): { x: Float32Array; y: Float32Array } | null {
  if (pairs.length < 2) return null
  const centre = { px: 0, py: 0, tx: 0, ty: 0 }
  for (const [p, t] of pairs) {
    centre.px += points.x[p]! / pairs.length
    centre.py += points.y[p]! / pairs.length
    centre.tx += target.x[t]! / pairs.length
    centre.ty += target.y[t]! / pairs.length
  }
  let xx = 0
  let xy = 0
  let yx = 0
  let yy = 0
  for (const [p, t] of pairs) {
    const [px, py] = [points.x[p]! - centre.px, points.y[p]! - centre.py]
    const [tx, ty] = [target.x[t]! - centre.tx, target.y[t]! - centre.ty]
    xx += px * tx
    xy += px * ty
    yx += py * tx
    yy += py * ty
  }
  // The best turn and the best turn of the mirror image; the better of the two is taken.
  const turn = { cos: xx + yy, sin: xy - yx }
  const mirrored = { cos: xx - yy, sin: xy + yx }
  const reflect = Math.hypot(mirrored.cos, mirrored.sin) > Math.hypot(turn.cos, turn.sin)
  const best = reflect ? mirrored : turn
  const length = Math.hypot(best.cos, best.sin)
  if (length === 0) return null
  const cos = best.cos / length
  const sin = best.sin / length
  const flip = reflect ? -1 : 1
  const x = new Float32Array(points.x.length)
  const y = new Float32Array(points.x.length)
  for (let i = 0; i < x.length; i++) {
    const px = points.x[i]! - centre.px
    const py = (points.y[i]! - centre.py) * flip
    x[i] = cos * px - sin * py
    y[i] = sin * px + cos * py
  }
  return { x, y }
}
