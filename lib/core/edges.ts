/** Edges between groups of numbers, as texts that are as near to them as the groups are wide. */

/** Of an edge's distance to the next, by how much its text may miss it. */
const NEAR_ENOUGH = 0.01
/** As many digits as tell any two doubles apart. */
const MOST_DIGITS = 17
const USUAL_DIGITS = 3

/**
 * How to write numbers that stand beside each other: with three digits, or as many more as bring each
 * within a hundredth of its distance to the next. 1,740,000,000 and 1,740,000,900 are one number with
 * three.
 *
 * @param edges what has to be told apart, in any order; equal ones count once
 */
export function edgeText(edges: Iterable<number>): (edge: number) => string {
  const numbers = [...edges]
  return (edge) => {
    for (let digits = USUAL_DIGITS; ; digits += 1) {
      const text = String(Number(edge.toPrecision(digits)))
      if (digits === MOST_DIGITS || isNear(Number(text), edge, numbers, NEAR_ENOUGH)) return text
    }
  }
}

/** Whether what is shown for an edge lies within a share of its distance to the next. */
export function isNear(
  shown: number,
  edge: number,
  edges: readonly number[],
  share: number,
): boolean {
  return edges.every(
    (other) => other === edge || Math.abs(shown - edge) <= share * Math.abs(other - edge),
  )
}
