/** The parts of a test report that come after the figures: items, comparison, rows and the index. */

import type { Comparison } from '../../../lib/core/changes.ts'
import type { ConfusedPair } from '../../../lib/core/confusion.ts'
import type { Figure } from '../../../lib/core/figure.ts'
import type { Item } from '../../../lib/core/item.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { Rows } from '../../../lib/core/rows.ts'
import { overlapOf } from './fixture-changes.ts'
import {
  type Baseline,
  type Measured,
  mean,
  NEIGHBORS,
  type Points,
  wilson,
} from './fixture-metrics.ts'

export function compare(
  points: Points,
  measured: Measured,
  baseline: Baseline | null,
): Comparison | null {
  if (baseline === null) return null
  const now = measured.correct
  const changed = (from: number) =>
    points.ids.filter((_, row) => baseline.correct[row] === from && now[row] === 1 - from)
  const fixed = changed(0)
  const broken = changed(1)
  const p = Math.min(1, Math.exp(-((fixed.length - broken.length) ** 2) / 40))
  return {
    baseline: baseline.run,
    matchedRows: points.ids.length,
    fixed,
    broken,
    p,
    verdict:
      p >= 0.05 ? 'no evidence of a change' : fixed.length > broken.length ? 'better' : 'worse',
    metrics: { nearest_neighbor_accuracy: mean([...baseline.correct]), map_at_r: 0.5 },
    baselineModel: 'test-model 2',
  }
}

export function confusionItems(
  points: Points,
  measured: Measured,
  pairs: readonly ConfusedPair[],
  compared: boolean,
): Item[] {
  return pairs.slice(0, 12).map((pair, place) => {
    const id = `confusion:${pair.a}|${pair.b}`
    const evidence = points.ids.filter((_, row) => {
      const nearest = measured.neighbors[row * NEIGHBORS]!
      if (measured.correct[row] === 1 || nearest < 0) return false
      const labels = [points.labels[row], points.labels[nearest]]
      return labels.includes(pair.a) && labels.includes(pair.b)
    })
    return {
      id,
      kind: 'confusion',
      title: `${pair.a} and ${pair.b} are confused`,
      owner: 'computer vision',
      severity: place < 2 ? 'high' : place < 6 ? 'medium' : 'low',
      state: compared ? (place % 3 === 0 ? 'persisting' : 'improved') : 'new',
      gain: pair.gain,
      stake: pair.gain,
      finding: `${pair.count} rows of ${pair.a} or ${pair.b} have the other class as their nearest neighbour (${(100 * pair.rate).toFixed(1)} % of both).`,
      certainty: {
        level: 'certain',
        says: 'The sizes of the classes make 1.2 errors likely (p < 0.001).',
      },
      cost: `${pair.gain.toFixed(2)} points of accuracy.`,
      action:
        'Look at the pairs below: relabel what is wrong, then add training pairs of the two classes.',
      evidence: evidence.slice(0, 60),
      evidenceCount: evidence.length,
      classes: [pair.a, pair.b],
      doneWhen: `the next run has ${Math.floor(pair.count / 2)} such rows or fewer`,
      measure: { value: pair.count, unit: 'rows' },
      covers: [],
      // The one in place 5 is accepted and has no rank.
      rank: place === 5 ? null : place < 5 ? place + 1 : place,
      folded: place > 10,
      change: compared ? { before: pair.count + 3, p: 0.21 } : null,
      permalink: `items/${itemSlug(id)}/`,
      known:
        place === 5
          ? { state: 'accepted', reason: 'the labels overlap', until: '2027-01-31' }
          : null,
    }
  })
}

export function allFigures(measured: Measured, total: number): Record<string, Figure> {
  const right = measured.correct.reduce((sum, value) => sum + value, 0)
  const share = (
    title: string,
    value: number | null,
    interval: readonly [number, number] | null,
    extra: Partial<Figure> = {},
  ): Figure => ({
    value,
    interval,
    exactness: 'exact',
    title,
    unit: 'share',
    better: 'higher',
    chance: 1 / measured.classes.length,
    macro: value === null ? null : value * 0.97,
    definition: `${title}: as the definitions have it, over all ${total} rows.`,
    source: 'Musgrave, Belongie, Lim (2020)',
    note: value === null ? 'there is one class only' : null,
    ...extra,
  })
  const accuracy = total === 0 ? 0 : right / total
  const several = measured.classes.length > 1
  const at = (rank: number) =>
    measured.firstMatchRank.filter((found) => found > 0 && found <= rank).length / total
  const mrr = mean([...measured.firstMatchRank].map((rank) => (rank > 0 ? 1 / rank : 0)))
  return {
    nearest_neighbor_accuracy: share('Nearest-neighbour accuracy', accuracy, wilson(right, total)),
    knn_accuracy_5: share('kNN accuracy (5)', accuracy * 0.98, wilson(right * 0.98, total)),
    hit_at_5: share('Hit@5', at(5), wilson(at(5) * total, total)),
    hit_at_10: share('Hit@10', at(10), wilson(at(10) * total, total)),
    mean_reciprocal_rank: share('Mean reciprocal rank', mrr, [mrr! - 0.02, mrr! + 0.02]),
    map_at_r: share('MAP@R', several ? accuracy * 0.6 : null, null, { exactness: 'truncated' }),
    silhouette: share('Silhouette', several ? 0.12 : null, null, { unit: 'number', chance: 0 }),
    neighbor_margin_median: share('Median neighbour margin', 0.031, null, {
      unit: 'distance',
      chance: null,
      better: 'neither',
    }),
  }
}

export function rowsOf(
  points: Points,
  measured: Measured,
  baseline: Baseline | null,
  image: readonly string[] | null,
): Rows {
  const total = points.ids.length
  const x = Float32Array.from(
    { length: total },
    (_, row) => points.vectors[row * points.dimensions]!,
  )
  const y = Float32Array.from(
    { length: total },
    (_, row) => points.vectors[row * points.dimensions + 1] ?? 0,
  )
  return {
    id: points.ids,
    label: points.labels,
    sourceRow: Int32Array.from({ length: total }, (_, row) => row),
    neighborCount: NEIGHBORS,
    neighbors: measured.neighbors,
    distances: measured.distances,
    correct: measured.correct,
    neighborMargin: measured.neighborMargin,
    predictionMargin: measured.predictionMargin,
    classMargin: measured.classMargin,
    firstMatchRank: measured.firstMatchRank,
    silhouette: new Float64Array(total).fill(0.2),
    outlier: Uint8Array.from({ length: total }, (_, row) => (row < 5 ? 1 : 0)),
    x,
    y,
    maps: [
      { method: 'pca', x, y },
      {
        method: 'tsne',
        x: x.map((value) => 30 * Math.tanh(value)),
        y: y.map((value) => 30 * value),
      },
    ],
    correctInBaseline: baseline === null ? null : Int8Array.from(baseline.correct),
    neighborOverlap: baseline === null ? null : overlapOf(points),
    image,
  }
}

/** A project that has seen earlier runs, one of them failed, and this one. */
export function indexOf(report: Report, runs = 6): ProjectIndex {
  const accuracy = report.metrics.nearest_neighbor_accuracy!
  const worst = report.confusion.pairs[0]
  const entry = (run: string, createdAt: string, loss: number) => ({
    run,
    createdAt,
    status: 'published' as const,
    contentId: 'cd'.repeat(32),
    error: null,
    summary: {
      rows: report.input.evaluatedRows,
      classes: report.input.classes,
      dimensions: report.input.dimensions,
      metric: report.metric,
      model: 'test-model 3',
      accuracy: Math.max(0, accuracy.value! - loss),
      accuracyInterval: accuracy.interval
        ? ([
            Math.max(0, accuracy.interval[0] - loss),
            Math.max(0, accuracy.interval[1] - loss),
          ] as const)
        : null,
      mapAtR: Math.max(0, 0.6 - loss * 1.4),
      baseline: null,
      fixed: report.comparison?.fixed.length ?? null,
      broken: report.comparison?.broken.length ?? null,
      p: report.comparison?.p ?? null,
      worstPair: worst ? { a: worst.a, b: worst.b, count: worst.count } : null,
      openItems: report.items.length + Math.round(loss * 40),
      gatePassed: report.gate.passed,
      sketch: report.input.sketch,
      verdict: 'No evidence of a change: 19 rows fixed, 13 broken (p = 0.38).',
    },
  })
  const earlier = Array.from({ length: runs }, (_, place) =>
    entry(
      `run-0${place}`,
      new Date(Date.UTC(2026, 7, 3 + place * 14)).toISOString(),
      0.02 * (runs - place) * (place % 2 === 0 ? 1 : 0.8),
    ),
  )
  const failed = {
    run: 'run-broken',
    createdAt: '2026-11-19T08:00:00.000Z',
    status: 'failed' as const,
    contentId: 'ee'.repeat(32),
    error: 'embeddings.npz has 899 vectors and labels.csv 900 rows.',
    summary: null,
  }
  const states = ['new', 'persisting', 'not-evaluated', 'improved', 'worsened', 'resolved'] as const
  return {
    schema: 'nearmiss.index/1',
    project: report.project,
    runs: [...earlier, failed, entry(report.run, report.createdAt, 0)],
    items: Object.fromEntries(
      report.items.map((item, place) => [
        item.id,
        {
          id: item.id,
          kind: item.kind,
          title: item.title,
          owner: item.owner,
          states: [
            ...earlier.slice(place % 3).map((run, at) => ({
              run: run.run,
              state: states[(at + place) % states.length]!,
              measure: item.measure.value + 3 - at,
              gain: item.gain + 0.1,
            })),
            {
              run: report.run,
              state: item.state,
              measure: item.measure.value,
              gain: item.gain,
            },
          ],
        },
      ]),
    ),
  }
}
