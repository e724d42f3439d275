/** The steps of a join as a thread does them: piece by piece, as many as it gets. */

import { oncePerBlock } from '../../core/equal-rows.ts'
import { rowDistance } from '../distance/row-distance.ts'
import { LOOK_ROWS } from '../kernel/scratch.ts'
import { frameRows } from '../plan/frame.ts'
import { quantizeRows } from '../prepare/facts.ts'
import { measurePairs, type PairWork } from '../rank/exact-pairs.ts'
import { rank, rankWork } from '../rank/rank.ts'
import { measureTightClasses } from '../rank/tight-classes.ts'
import { guessThresholds, MOSTLY_ENOUGH } from '../scan/guess.ts'
import { lookoutOf } from '../scan/lookout.ts'
import { openScan } from '../scan/scan.ts'
import { Counter, PIECE_ROWS, type Request, type WorkerStart } from './messages.ts'

/** Returns when no piece is left, or when all threads are to stop. */
export function work(request: Request, self: WorkerStart): void {
  if (request.do === 'frame') {
    const { source, frame, framedRows } = request
    takeRanges(self, 0, source.rows, PIECE_ROWS, (start, end) =>
      frameRows(source, frame, framedRows, start, end),
    )
  } else if (request.do === 'quantize') {
    const { preparedRows, framedRows, placeAt } = request
    takeRanges(self, 0, preparedRows.rows, PIECE_ROWS, (start, end) =>
      quantizeRows(preparedRows, framedRows, placeAt, start, end),
    )
  } else if (request.do === 'guess') {
    guessPieces(request, self)
  } else if (request.do === 'scan') {
    const scan = openScan(request.setup, request.histograms, self.thread)
    takePieces(self, request.setup.tiling.count, (tile) => scan.add(tile))
    scan.drain()
  } else {
    rankPieces(request, self)
  }
}

/** Guesses the thresholds of the lists that have room. */
function guessPieces(
  { setup, depths }: Request & { readonly do: 'guess' },
  self: WorkerStart,
): void {
  const { start, end } = setup.tiling.range
  const { lists } = setup.byClass!
  const lookout = lookoutOf(setup, self.thread)
  const depthOf = (position: number) => {
    const at = position - start
    return lists.starts[at] === lists.starts[at + 1] ? 0 : depths[at]!
  }
  takeRanges(self, start, end, LOOK_ROWS, (from, to) =>
    guessThresholds(lookout, from, to, depthOf, MOSTLY_ENOUGH, lists),
  )
}

/** Ranks, and measures the pairs and sums for which the scan isn't good enough. */
function rankPieces(request: Request & { readonly do: 'rank' }, self: WorkerStart): void {
  const { setup, task, source, histograms } = request
  const { byClass, copies, preparedRows, tiling } = setup
  const { pairs } = task
  const { start, end } = tiling.range
  const { rowAt } = preparedRows
  const lookout = lookoutOf(setup, self.thread)
  const distance = rowDistance(source)
  const rankDistance = copies === null ? distance : oncePerBlock(distance, task.firstEqual)
  const ranks = rankWork(setup, task, lookout, rankDistance)
  const pairWork: PairWork | null = byClass &&
    pairs && {
      preparedRows,
      pairs,
      ...byClass,
      histograms,
      distance: (position, other) => distance(rowAt[position]!, rowAt[other]!),
      isPair: (position, other) =>
        lookout.isRelated(position, other) || lookout.isRelated(other, position),
    }
  takeRanges(self, start, end, LOOK_ROWS, (from, to) => {
    rank(ranks, from, to)
    if (pairWork === null) return
    measureTightClasses(lookout, pairWork.sums, task.labels, from, to)
    measurePairs(pairWork, from, to)
  })
}

/** Takes pieces of a range, so many positions each. */
function takeRanges(
  self: WorkerStart,
  start: number,
  end: number,
  rows: number,
  piece: (from: number, to: number) => void,
): void {
  takePieces(self, Math.ceil((end - start) / rows), (index) => {
    const from = start + index * rows
    piece(from, Math.min(end, from + rows))
  })
}

/** Takes pieces of work until none is left, or all threads are to stop. */
function takePieces(
  { counters }: WorkerStart,
  count: number,
  piece: (index: number) => void,
): void {
  while (Atomics.load(counters, Counter.stop) === 0) {
    const index = Atomics.add(counters, Counter.next, 1)
    if (index >= count) return
    piece(index)
    Atomics.add(counters, Counter.done, 1)
  }
}
