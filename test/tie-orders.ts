/** What a row's matches and vote can be where others at one distance come in any order: an oracle. */

export interface Other {
  readonly label: number
  readonly distance: number
}

interface Ranges {
  readonly firstMateRank: [number, number]
  readonly matesWithinR: [number, number]
  readonly averagePrecisionAtR: [number, number]
  readonly matches: [number, number]
  readonly vote: [number, number]
}

/** What one order gives; `k` as in `Neighborhood`. */
export function valuesOf(labels: readonly number[], own: number, k: number) {
  const ranks = labels.flatMap((label, at) => (label === own ? [at + 1] : []))
  const hits = ranks.filter((rank) => rank <= ranks.length)
  return {
    firstMateRank: ranks[0] ?? 0,
    matesWithinR: hits.length,
    averagePrecisionAtR: hits.reduce((sum, rank, at) => sum + (at + 1) / rank, 0) / ranks.length,
    matches: ranks.filter((rank) => rank <= Math.min(10, k)).length,
    vote: Number(elected(labels.slice(0, Math.min(5, k))) === own),
  }
}

function elected(voters: readonly number[]): number | undefined {
  const count = (label: number) => voters.filter((voter) => voter === label).length
  const most = Math.max(...voters.map(count))
  return voters.find((voter) => count(voter) === most)
}

/** Mates first and mates last are the best and the worst of all but the vote, which is tried out. */
export function tieRanges(others: readonly Other[], own: number, k: number): Ranges {
  const order = (side: 1 | -1) =>
    others
      .toSorted(
        (a, b) =>
          a.distance - b.distance || side * (Number(b.label === own) - Number(a.label === own)),
      )
      .map(({ label }) => label)
  const best = valuesOf(order(1), own, k)
  const worst = valuesOf(order(-1), own, k)
  return {
    firstMateRank: [best.firstMateRank, worst.firstMateRank],
    matesWithinR: [worst.matesWithinR, best.matesWithinR],
    averagePrecisionAtR: [worst.averagePrecisionAtR, best.averagePrecisionAtR],
    matches: [worst.matches, best.matches],
    vote: votes(others, own, Math.min(5, k)),
  }
}

/** Every sequence of labels that the first `depth` can be. */
function votes(others: readonly Other[], own: number, depth: number): [number, number] {
  const groups: Map<number, number>[] = []
  const sorted = others.toSorted((a, b) => a.distance - b.distance)
  for (const [at, { label, distance }] of sorted.entries()) {
    if (at === 0 || distance !== sorted[at - 1]!.distance) groups.push(new Map())
    groups.at(-1)!.set(label, (groups.at(-1)!.get(label) ?? 0) + 1)
  }
  const seen = new Set<number>()
  const place = (voters: readonly number[], group: number) => {
    if (seen.size === 2) return
    if (voters.length === depth || group === groups.length) {
      seen.add(Number(elected(voters) === own))
      return
    }
    const left = groups[group]!
    const labels = [...left.keys()].filter((label) => left.get(label)! > 0)
    if (labels.length === 0) return place(voters, group + 1)
    for (const label of labels) {
      left.set(label, left.get(label)! - 1)
      place([...voters, label], group)
      left.set(label, left.get(label)! + 1)
    }
  }
  place([], 0)
  return [Math.min(...seen), Math.max(...seen)]
}
