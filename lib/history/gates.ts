/** Whether a run may pass: its figures against the manifest's gates. */

import { closest } from 'fastest-levenshtein'
import type { Figure, Unit } from '../core/figure.ts'
import type { GateResult } from '../core/gate.ts'
import type { Gate } from '../core/manifest.ts'
import { percent } from '../core/words.ts'

/** With fewer rows a share moves by 5 points and more with a single row: nothing can be judged. */
const FEWEST_GATED_ROWS = 20

/** Differences of figures are not held to the last bits of a double. */
const ROUNDING = 1e-12

export interface GateInputs {
  readonly gates: readonly Gate[]
  readonly figures: Readonly<Record<string, Figure>>
  /** Rows that were evaluated. */
  readonly rows: number
  /** Whether their vectors are all equal. */
  readonly allEqual: boolean
  readonly baseline: {
    readonly run: string
    readonly metrics: Readonly<Record<string, number | null>>
    /** This run's distances over its, where those of the whole have another scale. */
    readonly scale?: number
  } | null
}

/**
 * One result for each requirement of each gate. A value that meets its requirement passes, whatever
 * its interval; where the interval reaches to the other side, the reason says so. `passed` is false
 * if any requirement failed, else null if any can't be judged: that is never a pass.
 */
export function judgeGates(inputs: GateInputs): {
  passed: boolean | null
  results: GateResult[]
} {
  const results = inputs.gates.flatMap((gate) => judgeGate(gate, inputs))
  const failed = results.some(({ passed }) => passed === false)
  const unjudged = results.some(({ passed }) => passed === null)
  return { passed: failed ? false : unjudged ? null : true, results }
}

/** The limit on the value itself, or why there is none. */
type Limit = { readonly side: 'at least' | 'at most'; readonly value: number } | string

function judgeGate(gate: Gate, inputs: GateInputs): GateResult[] {
  const { metric, limit: alone, noWorseThanBaselineBy: loss } = gate
  const figure = Object.hasOwn(inputs.figures, metric) ? inputs.figures[metric] : undefined
  const isMaximum = figure?.better === 'lower'
  const minimum = gate.minimum ?? (isMaximum ? null : alone)
  const maximum = gate.maximum ?? (isMaximum ? alone : null)
  const results: GateResult[] = []
  const add = (requirement: string, limit: Limit) => {
    const { passed, reason } = figure
      ? judge(figure, limit, inputs)
      : { passed: null, reason: unknownReason(metric, inputs.figures) }
    results.push({
      metric,
      title: figure?.title ?? metric,
      value: figure?.value ?? null,
      ...(figure ? { unit: figure.unit } : {}),
      requirement,
      passed,
      reason,
    })
  }
  const told = (value: number) => setting(value, figure?.unit)
  if (minimum !== null) add(`at least ${told(minimum)}`, { side: 'at least', value: minimum })
  if (maximum !== null) add(`at most ${told(maximum)}`, { side: 'at most', value: maximum })
  if (loss !== null) {
    const { baseline } = inputs
    const requirement = `no worse than ${baseline ? baseline.run : 'the baseline'} by more than ${figure?.unit === 'share' ? `${hundred(loss)} points` : loss}`
    add(requirement, figure ? relativeLimit(figure, metric, loss, baseline) : '')
  }
  return results
}

/** A limit as the figure is told: a share in per cent, with every digit that the manifest gives it. */
function setting(value: number, unit: Unit | undefined): string {
  return unit === 'share' ? `${hundred(value)} %` : String(value)
}

function hundred(share: number): number {
  return Number((100 * share).toPrecision(12))
}

function relativeLimit(
  figure: Figure,
  metric: string,
  loss: number,
  baseline: GateInputs['baseline'],
): Limit {
  if (!baseline) return 'There is no baseline to compare with.'
  const before = Object.hasOwn(baseline.metrics, metric) ? baseline.metrics[metric] : null
  if (before === null || before === undefined) return `${baseline.run} has no such figure.`
  const { scale = 1 } = baseline
  if (figure.unit === 'distance' && scale !== 1) {
    return `Distances of this run are ${scale.toPrecision(3)} times those of ${baseline.run}: the two figures are in different units.`
  }
  if (figure.better === 'neither') return 'Neither direction of this figure is worse.'
  return figure.better === 'higher'
    ? { side: 'at least', value: before - loss }
    : { side: 'at most', value: before + loss }
}

function unknownReason(metric: string, figures: GateInputs['figures']): string {
  const known = Object.keys(figures)
  const nearest = known.length === 0 ? '' : ` The nearest that it has is ${closest(metric, known)}.`
  return `This run has no figure ${metric}.${nearest}`
}

function judge(
  figure: Figure,
  limit: Limit,
  { rows, allEqual, figures }: GateInputs,
): Pick<GateResult, 'passed' | 'reason'> {
  if (figure.value === null) {
    return { passed: null, reason: figure.note ?? 'It could not be computed for this run.' }
  }
  if (allEqual) {
    const reason = 'All rows are equal: no figure tells anything about the model.'
    return { passed: null, reason }
  }
  // An accuracy of rows without a match is 0 whatever the model does.
  const matched = figures.nearest_neighbor_accuracy_with_match
  if (matched?.value === null && figure.chance === 0 && figure.value === 0) {
    return { passed: null, reason: 'No row has another of its class to find.' }
  }
  if (rows < FEWEST_GATED_ROWS) {
    const reason = `${rows} rows were evaluated; with fewer than ${FEWEST_GATED_ROWS} nothing can be judged.`
    return { passed: null, reason }
  }
  if (figure.chance !== null && figure.chance >= 1 - ROUNDING) {
    const reason =
      'With these classes random neighbours reach 100 % as well: the figure says nothing.'
    return { passed: null, reason }
  }
  if (typeof limit === 'string') return { passed: null, reason: limit }
  const room = limit.side === 'at least' ? figure.value - limit.value : limit.value - figure.value
  const passed = room >= -ROUNDING
  if (!figure.interval) return { passed, reason: null }
  const [low, high] = figure.interval
  const across = low < limit.value && limit.value < high
  const isShare = figure.unit === 'share'
  const end = (value: number) => (isShare ? (100 * value).toFixed(1) : value.toFixed(3))
  const range = `95 % interval ${end(low)} to ${isShare ? percent(high) : end(high)}`
  const middle = isShare ? percent(limit.value) : end(limit.value)
  return { passed, reason: across ? `${range}: it reaches across ${middle}.` : `${range}.` }
}
