/** What share of a join's time each step takes, so that progress tells how much time is left. */

/** Nanoseconds of a core, as measured on two (AMD EPYC): only their ratios matter. */
const COST = {
  /** To prepare one component of a row. */
  prepare: 40,
  /** The same on one thread alone, which looks for axes and clusters. */
  prepareByLikeness: 60,
  /** To multiply one component of a pair. */
  multiply: 1 / 42,
  /** Where most pairs are ruled out beforehand: of each pair, and of a row's others that are left. */
  nearPair: 2,
  nearRow: 50_000,
  /** To add a pair to its sums and its bin of the histogram. */
  count: 2,
  /** Of another in a guess's sample. */
  sample: 8,
  /** To put another into a list, to sort it, and to measure one component of it. */
  list: 100,
  rank: 90,
  measure: 0.2,
  /** Of a row that is ranked. */
  row: 30_000,
} as const

/** The share of a join's time after which each step ends; ranking ends at 1. */
export interface StepEnds {
  readonly prepare: number
  readonly scan: number
}

/** How large a join by class is. */
export interface JoinSize {
  readonly rows: number
  readonly dimensions: number
  /** Positions whose neighbours are looked for. */
  readonly positions: number
  /** Pairs that are multiplied. */
  readonly pairs: number
  /** How far down ranks go, of all positions together. */
  readonly depth: number
  /** Pairs by which it is guessed how far lists reach. */
  readonly sampled: number
  /** Positions that take a look. */
  readonly looks: number
}

export function classJoinEnds(size: JoinSize): StepEnds {
  const { rows, dimensions, positions, pairs, sampled, depth, looks } = size
  const product = dimensions * COST.multiply
  return ends(
    rows * dimensions * COST.prepare + sampled * (product + COST.sample),
    pairs * (product + COST.count) + depth * COST.list,
    positions * COST.row + depth * (COST.rank + dimensions * COST.measure) + looks * rows * product,
  )
}

/** Turns the progress of each step into that of the join. */
export function stepProgress({ prepare, scan }: StepEnds, progress: (fraction: number) => void) {
  return {
    prepare: (share: number) => progress(prepare * share),
    scan: (share: number) => progress(prepare + (scan - prepare) * share),
    rank: (share: number) => progress(scan + (1 - scan) * share),
  }
}

/** Step ends of a search of the nearest alone, where most pairs are ruled out beforehand. */
export function nearestEnds(rows: number, dimensions: number, threads: number): StepEnds {
  return ends(
    rows * dimensions * COST.prepareByLikeness * threads,
    ((rows * rows) / 2) * COST.nearPair + rows * COST.nearRow,
    (rows * COST.row) / 3,
  )
}

function ends(prepare: number, scan: number, rank: number): StepEnds {
  const all = prepare + scan + rank
  return { prepare: prepare / all, scan: (prepare + scan) / all }
}

/**
 * The share of the scan's time that is over after a share of its tiles, where tiles of rows that are
 * alike come first: those take longer, as more of them has to be multiplied. Fitted to 20,000 × 512,
 * 60,000 × 256 and 200,000 × 128.
 * @param tiles share of the tiles
 * @param rowsOfTiles of how many rows of tiles the tiling is made
 */
export function nearestFirstShare(tiles: number, rowsOfTiles: number): number {
  const head = Math.min(0.4, 40 / rowsOfTiles)
  const length = Math.min(0.15, 12 / rowsOfTiles)
  return (1 - head) * tiles + (head * (1 - Math.exp(-tiles / length))) / (1 - Math.exp(-1 / length))
}
