/** History without a run that was deleted: the index, and what later runs' reports said of it. */

import { type Item, isJudged } from '../core/item.ts'
import type { Planning } from '../core/planning.ts'
import type { ItemHistory, ProjectIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { Rows } from '../core/rows.ts'
import type { PublishedWarning } from '../core/warning.ts'

/** What a later report says where it was compared with the run. */
const GONE = 'The run that it was compared with was deleted.'

/**
 * The index without a run. An item that no other run could judge was this run's alone, and goes with it.
 */
export function indexWithout(index: ProjectIndex, run: string): ProjectIndex {
  const items: Record<string, ItemHistory> = {}
  for (const [id, history] of Object.entries(index.items)) {
    const states = history.states.filter((entry) => entry.run !== run)
    if (!states.some(({ state }) => isJudged(state))) continue
    const { coveredBy, ...own } = history
    const isCovered = coveredBy !== undefined && coveredBy.run !== run
    items[id] = { ...own, states, ...(isCovered ? { coveredBy } : {}) }
  }
  for (const [id, history] of Object.entries(items)) {
    const { coveredBy, ...own } = history
    if (coveredBy && !Object.hasOwn(items, coveredBy.id)) items[id] = own
  }
  return { ...index, runs: index.runs.filter((entry) => entry.run !== run), items }
}

/**
 * A later run's report without a run: what was measured against it is gone, and so are sentences that
 * name it and items that only it had. The same object where it says nothing of it.
 *
 * @param isKept whether the index still has an item
 */
export function reportWithout(
  report: Report,
  run: string,
  isKept: (itemId: string) => boolean,
): Report {
  const names = nameOf(run)
  const drop = (text: string, otherwise: string) => withoutSentences(text, names) || otherwise
  const { drift, gate, projection } = report
  const isAgainst =
    report.comparison?.baseline === run ||
    report.changes?.baseline === run ||
    drift?.baseline === run
  const items = report.items
    .filter(({ id, state }) => isJudged(state) || isKept(id))
    .map(
      (item): Item => ({
        ...item,
        finding: drop(item.finding, GONE),
        doneWhen: drop(item.doneWhen, 'A run that can be compared shows that it is gone.'),
        certainty: { ...item.certainty, says: drop(item.certainty.says, GONE) },
        covers: item.covers.filter(
          (id) => isKept(id) || !report.items.some((one) => one.id === id),
        ),
        change: isAgainst ? null : item.change,
      }),
    )
  const note = report.comparisonNote
  const isOf = ({ code, message }: PublishedWarning) =>
    code.startsWith('baseline-') && (isAgainst || names.test(message))
  const without: Report = {
    ...report,
    input: {
      ...report.input,
      warnings: report.input.warnings.filter((warning) => !isOf(warning)),
    },
    items,
    comparison: isAgainst ? null : report.comparison,
    comparisonNote: isAgainst || (note !== null && names.test(note)) ? GONE : note,
    comparisons: report.comparisons.map((one) =>
      one.baseline === run || one.setting === run || (one.note !== null && names.test(one.note))
        ? {
            setting: one.setting === run ? 'a deleted run' : one.setting,
            baseline: null,
            note: GONE,
            matchedRows: 0,
            fixed: 0,
            broken: 0,
            p: 1,
            verdict: 'no evidence of a change',
          }
        : one,
    ),
    changes: isAgainst ? null : report.changes,
    drift: drift?.baseline === run ? null : drift,
    projection: projection.alignedTo === run ? { ...projection, alignedTo: null } : projection,
    projections: report.projections.map((map) =>
      map.alignedTo === run ? { ...map, alignedTo: null } : map,
    ),
    gate: {
      ...gate,
      results: gate.results.map((result) => ({
        ...result,
        requirement: result.requirement.replace(
          `no worse than ${run} by`,
          'no worse than a deleted run by',
        ),
        reason: result.reason === `${run} has no such figure.` ? GONE : result.reason,
      })),
    },
    planning: planningOf(report.planning, report.items, items),
  }
  return JSON.stringify(without) === JSON.stringify(report) ? report : without
}

/** Rows of a report that is no longer compared with another run. */
export function rowsUncompared(rows: Rows): Rows {
  return { ...rows, correctInBaseline: null, nearestInBaseline: null, neighborOverlap: null }
}

/** A run's name as a word of a text: `v1` is not in `v1.2` or `v1-b`. */
function nameOf(run: string): RegExp {
  const literal = run.replace(/[.]/g, '\\$&')
  return new RegExp(`(?<![A-Za-z0-9._-])${literal}(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])`)
}

function withoutSentences(text: string, names: RegExp): string {
  if (!names.test(text)) return text
  return text
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => !names.test(sentence))
    .join(' ')
}

/** Overlaps tell items by their places. */
function planningOf(planning: Planning, before: readonly Item[], after: readonly Item[]): Planning {
  const place = new Map(after.map(({ id }, at) => [id, at]))
  const remaining = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).filter(([id]) => place.has(id)))
  return {
    ...planning,
    notes: remaining(planning.notes),
    effort: remaining(planning.effort),
    tickets: remaining(planning.tickets),
    overlaps: planning.overlaps.map(([rows, items]) => [
      rows,
      items.flatMap((at) => place.get(before[at]?.id ?? '') ?? []),
    ]),
  }
}
