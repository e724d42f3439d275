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
  const space = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const apart = distance(rows[i]!, rows[j]!)
      space[i * n + j] = apart
      space[j * n + i] = apart
    }
    // Itself comes first, so that ranks of the others start at 1.
    space[i * n + i] = -1
  }
  let penalty = 0
  const plane = new Float64Array(n)
  const rank = new Int32Array(n)
  for (const [i, row] of rows.entries()) {
    for (const [j, other] of rows.entries()) {
      plane[j] = i === j ? -1 : (x[row]! - x[other]!) ** 2 + (y[row]! - y[other]!) ** 2
    }
    const order = orderOf(space.subarray(i * n, (i + 1) * n))
    for (const [place, j] of order.entries()) rank[j] = place
    for (const j of orderOf(plane).subarray(1, K + 1)) penalty += Math.max(0, rank[j]! - K)
  }
  return 1 - (penalty * 2) / (n * K * (2 * n - 3 * K - 1))
}

/** Indices from the smallest value to the largest, equal ones by index. */
function orderOf(values: Float64Array): Int32Array {
  return Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b)
}
