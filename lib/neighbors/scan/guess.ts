/** How far the nearest of a row reach, guessed from a sample before all pairs are looked at. */

import { reachOf, squareWithin } from '../distance/error-bound.ts'
import { SAMPLED_ENTRIES } from '../kernel/scratch.ts'
import { PANEL_ROWS } from '../prepare/quantize.ts'
import type { Lookout } from '../rank/look.ts'
import type { ListArrays } from './lists.ts'

const LEAST_SAMPLED = 1024
const MOST_SAMPLED = 4096
/** Of the rows: as much as comparing with them saves. */
const SAMPLED_SHARE = 1 / 16
/** Of a count: one row in a thousand is guessed too low, and as many don't fit into their room. */
export const MOSTLY_ENOUGH = 3
/** For the rows that were: hardly ever. */
export const SURELY_ENOUGH = 6
/** Codes of lists tell distances apart to a 256th of the threshold. */
const CLEAR_OF_EQUAL = 1 + 2 ** -6
/** Bins for each doubling, by the bits of a float32. */
const BINS_PER_DOUBLING = 128
const EXPONENT_SHIFT = 23
const BIN_SHIFT = 16
const INFINITY_EXPONENT = 255

/** Every `step`-th panel: of each class its share, as classes lie one behind the other. */
interface Sample {
  readonly step: number
  readonly panels: number
  /** Of all rows. */
  readonly share: number
}

function sampleOf(rows: number): Sample {
  const all = Math.ceil(rows / PANEL_ROWS)
  const wanted = Math.min(MOST_SAMPLED, Math.max(LEAST_SAMPLED, rows * SAMPLED_SHARE))
  const step = Math.ceil((all * PANEL_ROWS) / wanted)
  const panels = Math.ceil(all / step)
  return { step, panels, share: Math.min(1, (panels * PANEL_ROWS) / rows) }
}

/** How many rows each position is compared with. */
export function sampledRows(rows: number): number {
  return sampleOf(rows).panels * PANEL_ROWS
}

/** Which of the sample bounds the `depth` nearest of all, most likely. */
function rankInSample({ share }: Sample, depth: number, deviations: number): number {
  const expected = depth * share
  return share === 1 ? depth + 2 : Math.ceil(expected + deviations * Math.sqrt(expected)) + 2
}

/** Entries of a list that most likely hold all that is below a guessed threshold. */
export function roomFor(rows: number, depth: number, deviations: number): number {
  if (depth === 0) return 0
  const sample = sampleOf(rows)
  const rank = rankInSample(sample, depth, deviations)
  return Math.min(rows, Math.ceil((rank + deviations * Math.sqrt(rank)) / sample.share))
}

/**
 * Thresholds that most likely are beyond the `depth` nearest of each listed position, and not by much.
 * Whether they are is for others to prove.
 * @param start a multiple of 4
 * @param depthOf 0 for positions whose list is left as it is
 * @param deviations standard deviations of a count that the guess allows for
 */
export function guessThresholds(
  lookout: Lookout,
  start: number,
  end: number,
  depthOf: (position: number) => number,
  deviations: number,
  lists: ListArrays,
): void {
  const { prepared, kernel, scratch, related, isRestricted } = lookout
  const { at, rows } = prepared
  const sample = sampleOf(rows)
  const { step, panels } = sample
  const count = panels * PANEL_ROWS
  const together = Math.floor(SAMPLED_ENTRIES / count / 4) * 4
  for (let top = start; top < end; top += together) {
    const bottom = Math.min(end, top + together)
    let isAsked = false
    for (let position = top; position < bottom; position++) isAsked ||= depthOf(position) > 0
    if (!isAsked) continue
    for (let panel = 0; panel < panels; panel++) {
      const left = panel * step * PANEL_ROWS
      kernel.squares(
        at.panels,
        at.fullBytes,
        at.facts,
        top,
        Math.ceil(bottom / 4) * 4,
        left,
        left + PANEL_ROWS,
        scratch.sample.byteOffset + panel * PANEL_ROWS * 4,
        count,
      )
    }
    for (let position = top; position < bottom; position++) {
      const depth = depthOf(position)
      if (depth === 0) continue
      const rank = rankInSample(sample, depth, deviations)
      const from = (position - top) * count
      const squares = scratch.sample.subarray(from, from + count)
      // A row meets itself as well, and rows past the last are infinitely far.
      for (let index = 0; isRestricted && index < count; index++) {
        const inPanel = index % PANEL_ROWS
        const other = (index - inPanel) * step + inPanel
        if (!related(position, other)) squares[index] = Number.POSITIVE_INFINITY
      }
      // What quantising can't tell from equal rows is not to be told apart here.
      const equal = squareWithin(prepared, position, reachOf(prepared, position, 0))
      lists.thresholds[position - lists.start] = Math.max(
        reaching(squares, rank),
        equal * CLEAR_OF_EQUAL,
      )
    }
  }
}

const byExponent = new Int32Array(INFINITY_EXPONENT + 1)
const withinExponent = new Int32Array(BINS_PER_DOUBLING)
const float = new Float32Array(1)
const word = new Int32Array(float.buffer)

/** Slightly more than the `rank`-th smallest: the end of the bin that it falls into. */
function reaching(squares: Float32Array, rank: number): number {
  const bits = new Int32Array(squares.buffer, squares.byteOffset, squares.length)
  // The bits of positive numbers are in the numbers' order, and near enough in their logarithms'.
  byExponent.fill(0)
  for (let index = 0; index < bits.length; index++) byExponent[bits[index]! >>> EXPONENT_SHIFT]!++
  let exponent = 0
  let counted = 0
  while (exponent < INFINITY_EXPONENT && counted + byExponent[exponent]! < rank) {
    counted += byExponent[exponent++]!
  }
  if (exponent === INFINITY_EXPONENT) return Number.POSITIVE_INFINITY
  withinExponent.fill(0)
  for (let index = 0; index < bits.length; index++) {
    if (bits[index]! >>> EXPONENT_SHIFT !== exponent) continue
    withinExponent[(bits[index]! >>> BIN_SHIFT) % BINS_PER_DOUBLING]!++
  }
  let bin = 0
  while (counted + withinExponent[bin]! < rank) counted += withinExponent[bin++]!
  word[0] = exponent * 2 ** EXPONENT_SHIFT + (bin + 1) * 2 ** BIN_SHIFT
  return float[0]!
}
