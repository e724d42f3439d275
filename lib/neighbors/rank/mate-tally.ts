/** The tally of a position's mates down to a rank, where ties go to the lower row, and at worst and best. */

import type { TieRange } from '../../core/vote.ts'

export interface LabelRanks {
  /** Mates among the `depth` nearest. */
  readonly mates: number
  /** Sum over those of the precision up to each, divided by `depth`. */
  readonly averagePrecision: number
  /** Rank of the nearest mate, from 1; 0 where none is among the `depth` nearest. */
  readonly firstMate: number
  /** The least and the most of each over all orders of others at equal distances. */
  readonly mateRange: TieRange
  readonly averagePrecisionRange: TieRange
  readonly firstMateRange: TieRange
}

export class MateTally {
  readonly #depth: number
  /** Ties go to the lower row. */
  readonly #ordered = new Count()
  /** Mates come last or first among ties; the same as the ordered one until the first tie of both kinds. */
  #worst = this.#ordered
  #best = this.#ordered
  #firstMateRange: TieRange = [0, 0]

  /** @param depth how many of the nearest are taken */
  constructor(depth: number) {
    this.#depth = depth
  }

  get isFull(): boolean {
    return this.#ordered.rank >= this.#depth
  }

  /** Takes the next nearest; no mate is at the distance of a stranger here. */
  take(isMate: boolean): void {
    if (this.#firstMateRange[0] === 0 && isMate) {
      this.#firstMateRange = [this.#ordered.rank + 1, this.#ordered.rank + 1]
    }
    this.#ordered.take(isMate)
    if (this.#worst === this.#ordered) return
    this.#worst.take(isMate)
    this.#best.take(isMate)
  }

  /**
   * Takes others at one distance.
   * @param kinds whether each that is listed is a mate, by row
   * @param mates how many mates there are at that distance, listed or not
   * @param strangers how many strangers, likewise
   */
  takeEqual(kinds: readonly boolean[], mates: number, strangers: number): void {
    if (mates === 0 || strangers === 0) {
      for (let at = 0; at < kinds.length && !this.isFull; at++) this.take(kinds[at]!)
      return
    }
    if (this.#worst === this.#ordered) {
      this.#worst = this.#ordered.copy()
      this.#best = this.#ordered.copy()
    }
    const { rank } = this.#ordered
    if (this.#firstMateRange[0] === 0) this.#firstMateRange = [rank + 1, rank + strangers + 1]
    for (let at = 0; at < kinds.length && !this.isFull; at++) {
      this.#ordered.take(kinds[at]!)
      this.#worst.take(at >= strangers)
      this.#best.take(at < mates)
    }
  }

  ranks(): LabelRanks {
    const [ordered, worst, best] = [this.#ordered, this.#worst, this.#best]
    return {
      mates: ordered.mates,
      averagePrecision: ordered.precisions / this.#depth,
      firstMate: ordered.firstMate,
      mateRange: [worst.mates, best.mates],
      averagePrecisionRange: [worst.precisions / this.#depth, best.precisions / this.#depth],
      firstMateRange: this.#firstMateRange,
    }
  }
}

/** What one order of the others gives down to a rank. */
class Count {
  rank = 0
  mates = 0
  precisions = 0
  firstMate = 0

  take(isMate: boolean): void {
    this.rank++
    if (!isMate) return
    this.mates++
    this.precisions += this.mates / this.rank
    if (this.firstMate === 0) this.firstMate = this.rank
  }

  copy(): Count {
    return Object.assign(new Count(), this)
  }
}
