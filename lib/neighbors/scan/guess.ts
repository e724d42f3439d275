/**
 * The third step: how far the nearest of each position reach is guessed from a sample of the others. The
 * guess is the threshold of the position's list; ranking proves whether the list is long enough.
 */

import { reachOf, squareWithin } from '../distance/error-bound.ts'
import { PANEL_ROWS } from '../kernel/panels.ts'
import { SAMPLED_ENTRIES } from '../kernel/scratch.ts'
import type { ListArrays } from '../types.ts'
import type { Lookout } from './lookout.ts'

/** The sample is a share of all rows within these limits: a larger one would cost more than it saves. */
const LEAST_SAMPLED = 1024
const MOST_SAMPLED = 4096
const SAMPLED_SHARE = 1 / 16
/** A guess allows for so many standard deviations: it is too low, or its list too full, once in a thousand. */
export const MOSTLY_ENOUGH = 3
/** The same for the rows for which that was too few; this hardly ever is. */
export const SURELY_ENOUGH = 6
/** Codes of lists tell distances apart to a 256th of the threshold, so it must be so far above equal rows. */
const CLEAR_OF_EQUAL = 1 + 2 ** -6
/** Bins for each doubling of a distance, by the bits of a float32. */
const BINS_PER_DOUBLING = 128
const EXPONENT_SHIFT = 23
const BIN_SHIFT = 16
const INFINITY_EXPONENT = 255

/** Every `step`-th panel: as classes lie one behind the other, each has its share. */
interface Sample {
  readonly step: number
  readonly panels: number
  /** Share of all rows. */
  readonly share: number
}

function sampleOf(rows: number): Sample {
  const all = Math.ceil(rows / PANEL_ROWS)
  const target = Math.min(MOST_SAMPLED, Math.max(LEAST_SAMPLED, rows * SAMPLED_SHARE))
  const step = Math.ceil((all * PANEL_ROWS) / target)
  const panels = Math.ceil(all / step)
  return { step, panels, share: Math.min(1, (panels * PANEL_ROWS) / rows) }
}

/** How many rows the sample has. */
export function sampleSize(rows: number): number {
  return sampleOf(rows).panels * PANEL_ROWS
}

/** The rank in the sample of the row that most likely is beyond the `depth` nearest of all. */
function rankInSample({ share }: Sample, depth: number, deviations: number): number {
  const expected = depth * share
  return share === 1 ? depth + 2 : Math.ceil(expected + deviations * Math.sqrt(expected)) + 2
}

/** How many entries a list needs so that most likely all others below a guessed threshold fit. */
export function roomFor(rows: number, depth: number, deviations: number): number {
  if (depth === 0) return 0
  const sample = sampleOf(rows)
  const rank = rankInSample(sample, depth, deviations)
  return Math.min(rows, Math.ceil((rank + deviations * Math.sqrt(rank)) / sample.share))
}

/**
 * Sets the lists' thresholds of the positions [start, end) so that each most likely is beyond the
 * position's `depth` nearest, and not by much.
 * @param start a multiple of 4
 * @param depthOf how deep a position's ranks go; 0 leaves its list as it is
 * @param deviations `MOSTLY_ENOUGH` or `SURELY_ENOUGH`
 */
export function guessThresholds(
  lookout: Lookout,
  start: number,
  end: number,
  depthOf: (position: number) => number,
  deviations: number,
  lists: ListArrays,
): void {
  const { preparedRows, kernel, scratch, isRelated, isRestricted } = lookout
  const { at, rows } = preparedRows
  const sample = sampleOf(rows)
  const { step, panels } = sample
  const count = panels * PANEL_ROWS
  const topStep = Math.floor(SAMPLED_ENTRIES / count / 4) * 4
  for (let top = start; top < end; top += topStep) {
    const bottom = Math.min(end, top + topStep)
    let isOpen = false
    for (let position = top; position < bottom; position++) isOpen ||= depthOf(position) > 0
    if (!isOpen) continue
    for (let panel = 0; panel < panels; panel++) {
      const left = panel * step * PANEL_ROWS
      kernel.squares({
        rows: at,
        pairs: { top, bottom, left, right: left + PANEL_ROWS },
        tile: scratch.sample.byteOffset + panel * PANEL_ROWS * 4,
        width: count,
      })
    }
    for (let position = top; position < bottom; position++) {
      const depth = depthOf(position)
      if (depth === 0) continue
      const rank = rankInSample(sample, depth, deviations)
      const from = (position - top) * count
      const squares = scratch.sample.subarray(from, from + count)
      // The sample may include the row itself; what lies past the last row is infinitely far.
      for (let index = 0; isRestricted && index < count; index++) {
        const inPanel = index % PANEL_ROWS
        const other = (index - inPanel) * step + inPanel
        if (!isRelated(position, other)) squares[index] = Number.POSITIVE_INFINITY
      }
      // Rows that quantising can't tell from equal ones are below the threshold all together.
      const equal = squareWithin(preparedRows, position, reachOf(preparedRows, position, 0))
      lists.thresholds[position - lists.start] = Math.max(
        reachOfRank(squares, rank),
        equal * CLEAR_OF_EQUAL,
      )
    }
  }
}

const byExponent = new Int32Array(INFINITY_EXPONENT + 1)
const withinExponent = new Int32Array(BINS_PER_DOUBLING)
const float = new Float32Array(1)
const word = new Int32Array(float.buffer)

/** Slightly more than the `rank`-th smallest square: the end of the bin that it falls into. */
function reachOfRank(squares: Float32Array, rank: number): number {
  const bits = new Int32Array(squares.buffer, squares.byteOffset, squares.length)
  // The bits of positive numbers sort as the numbers do, and grow about as their logarithms.
  byExponent.fill(0)
  for (let index = 0; index < bits.length; index++) byExponent[bits[index]! >>> EXPONENT_SHIFT]!++
  let exponent = 0
  let below = 0
  while (exponent < INFINITY_EXPONENT && below + byExponent[exponent]! < rank) {
    below += byExponent[exponent++]!
  }
  if (exponent === INFINITY_EXPONENT) return Number.POSITIVE_INFINITY
  withinExponent.fill(0)
  for (let index = 0; index < bits.length; index++) {
    if (bits[index]! >>> EXPONENT_SHIFT !== exponent) continue
    withinExponent[(bits[index]! >>> BIN_SHIFT) % BINS_PER_DOUBLING]!++
  }
  let bin = 0
  while (below + withinExponent[bin]! < rank) below += withinExponent[bin++]!
  word[0] = exponent * 2 ** EXPONENT_SHIFT + (bin + 1) * 2 ** BIN_SHIFT
  return float[0]!
}
