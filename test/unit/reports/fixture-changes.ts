/** What a test report says of the changes since an imagined baseline. */

import type { Changes, Comparison } from '../../../lib/core/changes.ts'
import type { ConfusedPair } from '../../../lib/core/confusion.ts'
import type { ClassDrift, Drift } from '../../../lib/core/drift.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { countTurn, emptyCount, testParts } from '../../../lib/history/paired-change.ts'
import { counted } from '../history/counted.ts'
import { type Baseline, type Measured, mean, NEIGHBORS, type Points } from './fixture-metrics.ts'

export function changesOf(
  points: Points,
  measured: Measured,
  pairs: readonly ConfusedPair[],
  baseline: Baseline | null,
  comparison: Comparison | null,
): Changes | null {
  if (baseline === null || comparison === null) return null
  const overlap = overlapOf(points)
  const classes = testParts(
    measured.classes.map((label, index) => {
      const counts = { label, ...emptyCount() }
      for (let row = 0; row < points.ids.length; row++) {
        if (measured.classOf[row] !== index) continue
        counts.rows++
        const isRight = measured.correct[row] === 1
        if (isRight === (baseline.correct[row] === 1)) continue
        countTurn(counts, isRight ? 'fixed' : 'broken', {}, row)
      }
      return counts
    }),
  ).map((change) => ({
    ...change,
    overlap: mean([...overlap].filter((_, row) => points.labels[row] === change.label)),
  }))
  return {
    baseline: baseline.run,
    classes,
    slices: testParts([
      counted({
        column: 'colour',
        value: 'red',
        rows: points.ids.length / 2,
        fixed: 3,
        broken: 14,
      }),
      counted({
        column: 'colour',
        value: 'blue',
        rows: points.ids.length / 2,
        fixed: 2,
        broken: 1,
      }),
    ]),
    slicesTested: 1,
    pairs: testParts(
      pairs
        .slice(0, 10)
        .map(({ a, b, count }) =>
          counted({ a, b, before: count + 2, now: count, rows: 40, fixed: 3, broken: 1 }),
        ),
    ),
    overlap: {
      k: 10,
      rows: points.ids.length,
      mean: mean([...overlap]) ?? 0,
      interval: [0.58, 0.63],
      chance: 10 / (points.ids.length - 1),
    },
    lookFirst: comparison.broken.map((id, place) => ({
      id,
      label: points.labels[points.ids.indexOf(id)]!,
      before: { label: points.labels[points.ids.indexOf(id)]!, id: points.ids[0]! },
      now: { label: points.labels[0]!, id: points.ids[0]! },
      fall: 4 - place / 10,
      part: place === 0 ? measured.classes[0]! : null,
    })),
  }
}

export function overlapOf(points: Points): Float64Array {
  const random = seededRandom(11)
  return Float64Array.from(points.ids, () => Math.floor(random() * (NEIGHBORS + 1)) / NEIGHBORS)
}

export function driftOf(labels: readonly string[], comparison: Comparison | null): Drift | null {
  if (comparison === null) return null
  const entry = (label: string | null, place: number): ClassDrift => ({
    label,
    rowsBefore: 40,
    rows: 36,
    shift: 0.9 / (place + 1),
    noise: 0.2,
    shiftP: place < 2 ? 0.0001 : 0.6,
    spreadRatio: 1 + place / 50,
    ks: 0.3 / (place + 1),
    ksP: 0.2,
    shiftAdjustedP: place < 2 ? 0.0006 : 0.8,
    ksAdjustedP: 0.8,
    adjustedP: place < 2 ? 0.0006 : 0.8,
    drifted: place < 2,
  })
  return {
    baseline: comparison.baseline,
    space: {
      relation: 'same',
      reason: 'Both manifests name test-model 3.',
      fit: { points: 'class centroids', count: labels.length, moved: 0.02, disparity: 0.01 },
      common: null,
    },
    classes: labels.map(entry),
    overall: entry(null, 4),
    relabelled: 0,
    separation: { auc: 0.61, interval: [0.58, 0.64], rows: 1000 },
    separationNote: null,
    note: null,
  }
}
