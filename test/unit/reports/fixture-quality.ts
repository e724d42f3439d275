/** What a test report says of its data: a few label issues, near duplicates, a split and class sizes. */

import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import type { Quality } from '../../../lib/core/quality.ts'
import type { Points } from './fixture-metrics.ts'

export function qualityOf({ ids, labels }: Points, classes: readonly ClassFigures[]): Quality {
  const sizes = [...classes].sort((a, b) => a.rows - b.rows)
  const entry = ({ label, rows }: ClassFigures) => ({ label, rows })
  const [smallest, largest] = [sizes[0]!, sizes.at(-1)!]
  const enough = ids.length >= 8
  const pair = { rows: ids.slice(0, 2), labels: labels.slice(0, 2) }
  return {
    labelIssues: {
      rows: ids.slice(0, Math.min(7, Math.floor(ids.length / 40))).map((id, row) => ({
        id,
        label: labels[row]!,
        suggested: classes.find(({ label }) => label !== labels[row])?.label ?? labels[row]!,
        score: 0.6 - 0.05 * row,
        timesAsFar: 2 - 0.1 * row,
        votes: 9,
        ownVotes: 0,
        neighbors: 10,
        batch: null,
      })),
      unjudgedRows: 0,
    },
    nearDuplicates: {
      threshold: 0.065,
      factor: 0.13,
      medianNearest: 0.5,
      groups: enough
        ? [
            { ...pair, conflict: true, exact: true, widest: 0 },
            {
              rows: ids.slice(3, 7),
              labels: labels.slice(3, 7),
              conflict: false,
              exact: false,
              widest: 0.04,
            },
          ]
        : [],
      rows: enough ? 6 : 0,
      conflicts: enough ? 1 : 0,
      cutShortRows: 0,
    },
    leakage: enough
      ? {
          column: 'split',
          parts: [
            { name: 'test', rows: 2 },
            { name: 'train', rows: ids.length - 2 },
          ],
          groups: [{ ...pair, parts: ['test', 'train'], exact: true }],
          rows: 2,
          between: [{ a: 'test', b: 'train', aRows: 1, bRows: 1 }],
        }
      : null,
    imbalance: {
      classes: classes.length,
      largest: entry(largest),
      smallest: entry(smallest),
      ratio: largest.rows / smallest.rows,
      evenness: classes.length < 2 ? null : 0.9,
      rareBelow: ids.length / classes.length / 10,
      rare: [],
      singletons: sizes.filter(({ rows }) => rows === 1).length,
      rareRows: 0,
      rareErrors: 0,
      otherRows: ids.length,
      otherErrors: classes.reduce((sum, { errors }) => sum + errors, 0),
    },
  }
}
