/** Small runs made by hand. */

import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { Finding } from '../../../lib/core/finding.ts'
import { kindOfId } from '../../../lib/core/finding-kind.ts'
import type { Item, ItemState } from '../../../lib/core/item.ts'
import type { ProjectIndex, RunEntry } from '../../../lib/core/project-index.ts'
import { rules } from '../../../lib/findings/registry.ts'
import type { ItemInputs } from '../../../lib/history/items.ts'
import { appendRun, emptyIndex } from '../../../lib/history/project-index.ts'
import { type BaselineRows, type RunRows, runRows } from '../../../lib/history/run-rows.ts'
import { evaluate } from '../findings/brute-force.ts'

/** `{ a: 20, b: 20 }` as rows a0 … a19, b0 … b19; `errors` are rows and the label they are taken for. */
export function rowsOf(
  sizes: Readonly<Record<string, number>>,
  errors: Readonly<Record<string, string>> = {},
): RunRows {
  const labels = Object.entries(sizes).flatMap(
    ([label, size]) => Array(size).fill(label) as string[],
  )
  const ids = Object.entries(sizes).flatMap(([label, size]) =>
    Array.from({ length: size }, (_, at) => `${label}${at}`),
  )
  return {
    metric: 'euclidean',
    hasIds: true,
    ids,
    sourceRows: [...ids.keys()],
    inputRows: ids.length,
    labels,
    correct: ids.map((id) => (id in errors ? 0 : 1)),
    nearestLabel: ids.map((id, row) => errors[id] ?? labels[row]!),
  }
}

/** The first rows of a class, all taken for another. */
export function errorsOf(from: string, to: string, count: number, start = 0) {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${from}${start + at}`, to]))
}

export function baselineOf(run: string, rows: RunRows, items: readonly Item[] = []): BaselineRows {
  return {
    ...rows,
    run,
    model: null,
    metrics: {},
    items,
    classes: [],
    neighbors: rows.ids.map(() => []),
    classMargin: new Float64Array(rows.ids.length).fill(Number.NaN),
  }
}

/** An evaluation that holds these ids; its vectors stand for nothing. */
export function evaluationOf({ ids, labels }: RunRows): Evaluation {
  return evaluate({ ids, labels, vectors: ids.map((_, row) => [row]) })
}

export function finding(
  id: string,
  value: number,
  classes: readonly string[] = ['a', 'b'],
): Finding {
  const kind = kindOfId(id)!
  return {
    id,
    kind,
    title: `About ${id}`,
    owner: 'Someone',
    gain: value / 10,
    stake: value / 10,
    finding: `${value} seen.`,
    certainty: { level: 'likely', says: 'It was counted.' },
    cost: 'Points.',
    action: 'Act.',
    doneWhen: `Fewer than the ${value} of this run.`,
    evidence: Array.from({ length: value }, (_, row) => row),
    classes,
    measure: { value, unit: 'errors' },
    judgement: rules[kind].judgement,
    covers: [],
  }
}

export function item(id: string, value: number, state: ItemState = 'new'): Item {
  const { evidence, judgement: _, ...rest } = finding(id, value)
  return {
    ...rest,
    severity: 'low',
    state,
    evidence: evidence.map((row) => `a${row}`),
    evidenceCount: value,
    rank: null,
    folded: false,
    change: null,
    permalink: '',
    known: null,
  }
}

export const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T09:00:00.000Z`

export function entry(run: string, createdAt: string, status: RunEntry['status'] = 'published') {
  return { run, createdAt, status, contentId: run, error: null, summary: null }
}

/** An index of runs on the days 1, 2, … with an item's state and measure in each. */
export function indexOf(...runs: readonly (readonly [run: string, items: readonly Item[]])[]) {
  return runs.reduce<ProjectIndex>(
    (index, [run, items], at) => appendRun(index, entry(run, day(at + 1)), items),
    emptyIndex('project'),
  )
}

export function inputsOf(current: RunRows, given: Partial<ItemInputs>): ItemInputs {
  const evaluation = given.evaluation ?? evaluationOf(current)
  return {
    findings: [],
    recall: (id) => finding(id, 0),
    evaluation,
    current,
    manifest: { known: [] },
    baseline: null,
    index: null,
    run: 'now',
    createdAt: day(20),
    today: '2026-03-20',
    ...given,
  }
}

export { runRows }

/** A run as a later one finds it published. */
export function publishedAs(run: string, evaluation: Evaluation): BaselineRows {
  const { dataset, neighborhood, rows, classes } = evaluation
  const { k, neighbors } = neighborhood
  return {
    ...baselineOf(run, runRows(evaluation)),
    classes,
    classMargin: rows.classMargin,
    neighbors: dataset.ids.map((_, row) =>
      [...neighbors.subarray(row * k, row * k + Math.min(k, 10))]
        .filter((neighbor) => neighbor >= 0)
        .map((neighbor) => dataset.ids[neighbor]!),
    ),
  }
}
