/** How far a map can be believed: whether neighbours on it are neighbours in the space. */

const K = 10

/**
 * Trustworthiness (Venna & Kaski, 2001; as scikit-learn computes it): 1 less the penalty for rows that
 * are among the k nearest on the map without being so in the space, by how far out they are there.
 * Null where there are too few rows for k = 10. Costs rows² distances.
 */
export function trustworthiness(
  rows: readonly number[],
  distance: (a: number, b: number) => number,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): number | null {
  const n = rows.length
  if (n <= 2 * K) return null
  let penalty = 0
  const space = new Float64Array(n)
  const plane = new Float64Array(n)
  const rank = new Int32Array(n)
  for (const [i, row] of rows.entries()) {
    for (const [j, other] of rows.entries()) {
      space[j] = i === j ? -1 : distance(row, other)
      plane[j] = i === j ? -1 : (x[row]! - x[other]!) ** 2 + (y[row]! - y[other]!) ** 2
    }
    // Itself comes first with −1, so ranks of the others start at 1.
    const order = Int32Array.from(space.keys()).sort((a, b) => space[a]! - space[b]! || a - b)
    for (const [place, j] of order.entries()) rank[j] = place
    const onMap = Int32Array.from(plane.keys()).sort((a, b) => plane[a]! - plane[b]! || a - b)
    for (const j of onMap.subarray(1, K + 1)) penalty += Math.max(0, rank[j]! - K)
  }
  return 1 - (penalty * 2) / (n * K * (2 * n - 3 * K - 1))
}
