/** Many tests at once: how much of what looks like a change would be chance. */

/**
 * Adjusted p values by Benjamini and Hochberg, "Controlling the False Discovery Rate" (1995), in the
 * order given: of the tests whose adjusted p is under q, a share of q is expected to be chance.
 *
 * @param tests how many were made, where those that aren't given have a p of 1
 * @example benjaminiHochberg([0.01, 0.04, 0.03]) // [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  tests: number = pValues.length,
): number[] {
  const largestFirst = [...pValues.keys()].sort((a, b) => pValues[b]! - pValues[a]!)
  const adjusted = pValues.map(() => 1)
  let smallest = 1
  for (const [place, test] of largestFirst.entries()) {
    const rank = pValues.length - place
    smallest = Math.min(smallest, (pValues[test]! * tests) / rank)
    adjusted[test] = smallest
  }
  return adjusted
}
