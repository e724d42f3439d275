/** The order of a heatmap's rows: classes that are confused stand next to each other. */

/**
 * Average-linkage clustering of classes by the errors between them; the leaves in the order in which
 * the clusters joined. `between` counts errors of both directions. Cubic: for 100 classes or fewer.
 */
export function clusterOrder(
  classes: readonly string[],
  between: (a: string, b: string) => number,
): string[] {
  let clusters = classes.map((label) => [label])
  let ties = clusters.map((own) => clusters.map((other) => between(own[0]!, other[0]!)))
  while (clusters.length > 1) {
    let best = -1
    let left = 0
    let right = 1
    for (let i = 0; i < clusters.length; i++) {
      for (let j = i + 1; j < clusters.length; j++) {
        if (ties[i]![j]! <= best) continue
        best = ties[i]![j]!
        left = i
        right = j
      }
    }
    const sizes = [clusters[left]!.length, clusters[right]!.length] as const
    const merged = ties[left]!.map(
      (tie, k) => (tie * sizes[0] + ties[right]![k]! * sizes[1]) / (sizes[0] + sizes[1]),
    )
    ties[left] = merged
    for (const [k, row] of ties.entries()) row[left] = merged[k]!
    ties = ties.filter((_, k) => k !== right).map((row) => row.filter((_, k) => k !== right))
    clusters[left] = [...clusters[left]!, ...clusters[right]!]
    clusters = clusters.filter((_, k) => k !== right)
  }
  return clusters[0] ?? []
}
