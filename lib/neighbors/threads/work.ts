/** The stages of a join, piece by piece: a thread does as many as it gets hold of. */

import { oncePerBlock } from '../../core/equal-rows.ts'
import { rowDistance } from '../distance/distance.ts'
import { openKernel } from '../kernel/kernel.ts'
import { LOOK_ROWS, scratchOf } from '../kernel/scratch.ts'
import { frameRows } from '../plan/frame.ts'
import { isRelated, isRestricted } from '../plan/row-order.ts'
import { quantizeRows } from '../prepare/facts.ts'
import { type ExactPairs, measurePairs, type PairWork } from '../rank/exact-pairs.ts'
import type { Lookout } from '../rank/look.ts'
import { Ranker } from '../rank/rank.ts'
import { measureTightClasses } from '../rank/tight-classes.ts'
import { guessThresholds, MOSTLY_ENOUGH } from '../scan/guess.ts'
import { type ByClass, Scan, type ScanSetup } from '../scan/scan.ts'
import { Counter, PREPARED_ROWS, type Request, type WorkerStart } from './messages.ts'

/** Returns where no piece is left, or all threads are to stop. */
export function work(request: Request, self: WorkerStart): void {
  if (request.do === 'frame') {
    const { input, frame, framed } = request
    eachPart(self, 0, input.rows, PREPARED_ROWS, (start, end) =>
      frameRows(input, frame, framed, start, end),
    )
  } else if (request.do === 'quantize') {
    const { prepared, framed, placeAt } = request
    eachPart(self, 0, prepared.rows, PREPARED_ROWS, (start, end) =>
      quantizeRows(prepared, framed, placeAt, start, end),
    )
  } else if (request.do === 'guess') {
    guess(request, self)
  } else if (request.do === 'scan') {
    const scan = new Scan(request.setup, request.histograms, self.thread)
    eachPiece(self, request.setup.tiling.count, (tile) => scan.add(tile))
    scan.drain()
  } else {
    rank(request, self)
  }
}

/** Thresholds of the lists. */
function guess({ setup, depths }: Request & { readonly do: 'guess' }, self: WorkerStart): void {
  const { start, end } = setup.tiling.range
  const { lists } = setup.byClass!
  const lookout = lookoutOf(setup, self)
  const { rowAt } = setup.prepared
  const depthOf = (position: number) => {
    const at = position - start
    return lists.starts[at] === lists.starts[at + 1] ? 0 : depths[rowAt[position]!]!
  }
  eachPart(self, start, end, LOOK_ROWS, (from, to) =>
    guessThresholds(lookout, from, to, depthOf, MOSTLY_ENOUGH, lists),
  )
}

function rank(request: Request & { readonly do: 'rank' }, self: WorkerStart): void {
  const { setup, task, input, histograms } = request
  const { vectors, rows, dimensions, metric } = input
  const { start, end } = setup.tiling.range
  const lookout = lookoutOf(setup, self)
  const each = rowDistance(vectors, rows, dimensions, metric)
  const distance = setup.copies === null ? each : oncePerBlock(each, task.firstEqual)
  const ranker = new Ranker(task, lookout, setup.byClass?.lists ?? null, distance)
  const { rowAt } = setup.prepared
  const measured = (byClass: ByClass, pairs: ExactPairs): PairWork => ({
    prepared: setup.prepared,
    pairs,
    ...byClass,
    histograms,
    distance: (position, other) => each(rowAt[position]!, rowAt[other]!),
    isPair: (position, other) =>
      lookout.related(position, other) || lookout.related(other, position),
  })
  eachPart(self, start, end, LOOK_ROWS, (from, to) => {
    ranker.rank(from, to)
    if (setup.byClass === null || task.pairs === null) return
    measureTightClasses(lookout, setup.byClass.sums, task.labels, from, to)
    measurePairs(measured(setup.byClass, task.pairs), from, to)
  })
}

function lookoutOf(
  { prepared, relations, tiling, byClass, cosine, copies }: ScanSetup,
  { thread }: WorkerStart,
): Lookout {
  return {
    prepared,
    kernel: openKernel(prepared.memory),
    scratch: scratchOf(prepared.memory, prepared.at, thread, tiling.side, byClass?.bins.count ?? 0),
    side: tiling.side,
    isCosine: cosine,
    copies,
    relations,
    isRestricted: isRestricted(relations),
    related: (position, other) => isRelated(relations, position, other),
  }
}

/** Takes parts of a range, so many rows each. */
function eachPart(
  self: WorkerStart,
  start: number,
  end: number,
  rows: number,
  part: (from: number, to: number) => void,
): void {
  eachPiece(self, Math.ceil((end - start) / rows), (index) => {
    const from = start + index * rows
    part(from, Math.min(end, from + rows))
  })
}

/** Takes pieces of work until none is left, or all threads are to stop. */
function eachPiece({ counters }: WorkerStart, count: number, piece: (index: number) => void): void {
  while (Atomics.load(counters, Counter.stop) === 0) {
    const index = Atomics.add(counters, Counter.next, 1)
    if (index >= count) return
    piece(index)
    Atomics.add(counters, Counter.done, 1)
  }
}
