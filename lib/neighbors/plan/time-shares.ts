/** What share of a join's time each stage takes, so that progress tells how much time is left. */

/** Of a core, in nanoseconds, as measured on two (AMD EPYC): only their ratios matter. */
const COST = {
  preparedComponent: 40,
  /** On one thread alone, where axes and clusters are looked for. */
  placedComponent: 60,
  multiplied: 1 / 42,
  /** Where most pairs are ruled out beforehand: of a pair, and of a row's that are not. */
  nearPair: 2,
  nearRow: 50_000,
  /** Of a pair: its sums and its place in a histogram. */
  counted: 2,
  /** Of another in a sample. */
  sampled: 8,
  /** Of another that is far down a row's list: found, then measured and sorted. */
  listed: 100,
  ranked: 90,
  measuredDimension: 0.2,
  row: 30_000,
} as const

/** Where each stage ends, of 1, the last one at 1. */
export interface StageEnds {
  readonly prepared: number
  readonly scanned: number
}

/**
 * Of a join by class.
 * @param positions whose neighbours are looked for
 * @param pairs that are multiplied
 * @param sampled pairs by which it is guessed how far lists reach
 * @param depth how far down the list ranks go, of all positions together
 * @param looked positions that are compared with all others once more
 */
export function classJoinEnds(size: {
  readonly rows: number
  readonly dimensions: number
  readonly positions: number
  readonly pairs: number
  readonly depth: number
  readonly sampled: number
  readonly looked: number
}): StageEnds {
  const { rows, dimensions, positions, pairs, sampled, depth, looked } = size
  const multiplied = dimensions * COST.multiplied
  return ends(
    rows * dimensions * COST.preparedComponent + sampled * (multiplied + COST.sampled),
    pairs * (multiplied + COST.counted) + depth * COST.listed,
    positions * COST.row +
      depth * (COST.ranked + dimensions * COST.measuredDimension) +
      looked * rows * multiplied,
  )
}

/** Of a search of the nearest alone, much of which is ruled out beforehand. */
export function nearestEnds(rows: number, dimensions: number, threads: number): StageEnds {
  return ends(
    rows * dimensions * COST.placedComponent * threads,
    ((rows * rows) / 2) * COST.nearPair + rows * COST.nearRow,
    (rows * COST.row) / 3,
  )
}

function ends(prepare: number, scan: number, rank: number): StageEnds {
  const all = prepare + scan + rank
  return { prepared: prepare / all, scanned: (prepare + scan) / all }
}

/**
 * The share of the time that tiles take which come first, where those that are alike do: more of them
 * has to be multiplied. Fitted to 20,000 × 512, 60,000 × 256 and 200,000 × 128.
 * @param rowsOfTiles of how many the tiling is made
 */
export function nearestFirstShare(tiles: number, rowsOfTiles: number): number {
  const head = Math.min(0.4, 40 / rowsOfTiles)
  const length = Math.min(0.15, 12 / rowsOfTiles)
  return (1 - head) * tiles + (head * (1 - Math.exp(-tiles / length))) / (1 - Math.exp(-1 / length))
}
