/** A run in one sentence, and in one entry of the index. */

import { isOpenItem } from '../core/item.ts'
import type { RunSummary } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import { countOf, percent, pValue } from '../core/words.ts'
import { FIRST_RUN } from './baseline.ts'

const ACCURACY = 'nearest_neighbor_accuracy'

export type VerdictInputs = Pick<Report, 'metrics' | 'comparison' | 'comparisonNote' | 'confusion'>

/**
 * What a reader should know first: whether the run is better than its baseline, and where most
 * errors are. "Better than pca-8: 50 rows fixed, 16 broken (p < 0.001). 1/8 is the worst pair with
 * 8 errors."
 */
export function verdictSentence(report: VerdictInputs): string {
  return `${outcome(report)} ${worst(report)}`
}

function outcome({ metrics, comparison, comparisonNote }: VerdictInputs): string {
  if (comparison) {
    const { baseline, fixed, broken, p, verdict } = comparison
    const opening = {
      better: 'Better than',
      worse: 'Worse than',
      'no evidence of a change': 'No evidence of a change since',
    }[verdict]
    return `${opening} ${baseline}: ${countOf(fixed.length, 'row')} fixed, ${broken.length.toLocaleString('en-US')} broken (${pValue(p)}).`
  }
  const opening = comparisonNote === FIRST_RUN ? 'First run' : 'Not compared with another run'
  const accuracy = metrics[ACCURACY]
  if (typeof accuracy?.value !== 'number') {
    return `${opening}: nearest-neighbour accuracy could not be computed.`
  }
  const range = accuracy.interval
    ? ` (${percent(accuracy.interval[0]).replace(' %', '')} to ${percent(accuracy.interval[1])})`
    : ''
  const chance =
    accuracy.interval && accuracy.chance !== null && accuracy.interval[0] <= accuracy.chance
      ? `, where random neighbours reach ${percent(accuracy.chance)}`
      : ''
  return `${opening}: ${percent(accuracy.value)} of rows have a nearest neighbour of their class${range}${chance}.`
}

function worst({ confusion }: VerdictInputs): string {
  const [first, second] = confusion.pairs
  if (!first) return 'No row is confused with another class.'
  const errors = countOf(first.count, 'error')
  const tied = second?.count === first.count
  return tied
    ? `${first.a}/${first.b} is among the worst pairs with ${errors}.`
    : `${first.a}/${first.b} is the worst pair with ${errors}.`
}

/** What the project's pages show of a run without opening its report. */
export function summarizeRun(
  report: VerdictInputs & Pick<Report, 'input' | 'metric' | 'model' | 'items' | 'gate'>,
): RunSummary {
  const { input, metrics, comparison, confusion, items, gate } = report
  const [pair] = confusion.pairs
  const outOfScope = items.filter(({ state }) => state === 'out-of-scope').length
  return {
    rows: input.evaluatedRows,
    classes: input.classes,
    dimensions: input.dimensions,
    metric: report.metric,
    model: report.model.name,
    accuracy: metrics[ACCURACY]?.value ?? null,
    accuracyInterval: metrics[ACCURACY]?.interval ?? null,
    mapAtR: metrics.map_at_r?.value ?? null,
    baseline: comparison?.baseline ?? null,
    fixed: comparison?.fixed.length ?? null,
    broken: comparison?.broken.length ?? null,
    p: comparison?.p ?? null,
    worstPair: pair ? { a: pair.a, b: pair.b, count: pair.count } : null,
    openItems: items.filter(isOpenItem).length,
    ...(outOfScope === 0 ? {} : { outOfScope }),
    gatePassed: gate.passed,
    sketch: input.sketch,
    verdict: verdictSentence(report),
  }
}
