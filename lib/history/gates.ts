/** Whether a run may pass: its figures against the manifest's gates. */

import { closest } from 'fastest-levenshtein'
import type { Figure, Unit } from '../core/figure.ts'
import type { GateResult } from '../core/gate.ts'
import type { Gate } from '../core/manifest.ts'
import { decimal, percent, rangeOf } from '../core/words.ts'

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
 * its interval; where the interval reaches to the other side, the reason says so. What isn't the model's
 * doing can't be judged: a pass of random neighbours, a limit that a perfect model doesn't reach either,
 * and one on either side of which the order of rows at equal distances puts the value; whoever set the
 * limit. `passed` is false if any requirement failed, else null if any can't be judged: that is never a
 * pass.
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
  const limitText = (value: number) => setting(value, figure?.unit)
  if (minimum !== null) add(`at least ${limitText(minimum)}`, { side: 'at least', value: minimum })
  if (maximum !== null) add(`at most ${limitText(maximum)}`, { side: 'at most', value: maximum })
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
    return `Distances of this run are ${decimal(scale)} times those of ${baseline.run}: the two figures are in different units.`
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
  inputs: GateInputs,
): Pick<GateResult, 'passed' | 'reason'> {
  const unjudged = whyUnjudged(figure, inputs)
  if (unjudged !== null) return { passed: null, reason: unjudged }
  if (typeof limit === 'string') return { passed: null, reason: limit }
  const value = figure.value!
  // Distances may all be shorter than what is rounding in a share.
  const rounding = (one: number) =>
    figure.unit === 'distance'
      ? ROUNDING * Math.max(Math.abs(one), Math.abs(limit.value))
      : ROUNDING
  const meets = (one: number) =>
    (limit.side === 'at least' ? one - limit.value : limit.value - one) >= -rounding(one)
  const passed = meets(value)
  const idle = whyIdle(figure, limit, passed, meets)
  if (idle !== null) return { passed: null, reason: idle }
  if (!figure.interval) return { passed, reason: null }
  const [low, high] = figure.interval
  const across = low < limit.value && limit.value < high
  const range = `95 % interval ${span(figure, [low, high])}`
  const middle = figure.unit === 'share' ? percent(limit.value) : decimal(limit.value)
  return { passed, reason: across ? `${range}: it reaches across ${middle}.` : `${range}.` }
}

function span({ unit }: Figure, [low, high]: readonly [number, number]): string {
  if (unit !== 'share') return rangeOf(low, high)
  const [from, to] = [(100 * low).toFixed(1), percent(high)]
  // Bounds may lie closer together than what shares are told with.
  return to === `${from} %` && low < high
    ? `${rangeOf(100 * low, 100 * high)} %`
    : `${from} to ${to}`
}

/** Why nothing can be said of a figure, whatever is asked of it; null where something can. */
function whyUnjudged(figure: Figure, { rows, allEqual, figures }: GateInputs): string | null {
  if (figure.value === null) return figure.note ?? 'It could not be computed for this run.'
  if (allEqual) return 'All rows are equal: no figure tells anything about the model.'
  // An accuracy of rows without a match is 0 whatever the model does.
  const matched = figures.nearest_neighbor_accuracy_with_match
  if (matched?.value === null && figure.chance === 0 && figure.value === 0) {
    return 'No row has another of its class to find.'
  }
  if (rows < FEWEST_GATED_ROWS) {
    return `${rows} rows were evaluated; with fewer than ${FEWEST_GATED_ROWS} nothing can be judged.`
  }
  if (figure.count !== undefined && figure.count < FEWEST_GATED_ROWS) {
    return `Only ${figure.count} rows, or pairs of them, have this figure; with fewer than ${FEWEST_GATED_ROWS} nothing can be judged.`
  }
  if (figure.better === 'higher' && figure.chance !== null && figure.chance >= 1 - ROUNDING) {
    return 'With these classes random neighbours reach 100 % as well: the figure says nothing.'
  }
  return null
}

/**
 * Why what came out isn't the model's doing: no model can pass, any passes, or the order of rows at
 * equal distances decides, or the width of bins. Null where the model decided.
 * @param meets whether a value meets the limit
 */
function whyIdle(
  figure: Figure,
  limit: Exclude<Limit, string>,
  passed: boolean,
  meets: (value: number) => boolean,
): string | null {
  const { better, unit, chance, interval, ties, bounds } = figure
  const valueText = (value: number) => (unit === 'share' ? percent(value) : decimal(value))
  const asked = setting(limit.value, unit)
  if (ties !== undefined && meets(ties[0]) !== meets(ties[1])) {
    return `Many distances are equal, and the order of the rows at one distance alone gives ${span(figure, ties)}: the limit of ${asked} lies in between.`
  }
  if (bounds !== undefined && meets(bounds[0]) !== meets(bounds[1])) {
    return `The value is known to lie within ${span(figure, bounds)}, not where: the limit of ${asked} lies in between.`
  }
  const isGoal =
    limit.side === (better === 'higher' ? 'at least' : 'at most') && better !== 'neither'
  if (!isGoal) return null
  const best = bestOf(figure)
  if (!passed && best !== null && !meets(best)) {
    return `With these classes a perfect model, of which every row finds all of its class first, reaches ${valueText(best)} here: it fails a limit of ${asked} as well.`
  }
  const worst = worstOf(figure)
  if (passed && worst !== null && meets(worst)) {
    return `No run can fail: the limit is ${asked}, and no value is beyond ${valueText(worst)}.`
  }
  if (!passed || chance === null) return null
  if (meets(chance)) {
    return `With these classes random neighbours reach ${valueText(chance)} as well, and the limit is ${asked}: they pass too.`
  }
  const nearest = interval?.[better === 'higher' ? 0 : 1]
  if (nearest !== undefined && (better === 'higher' ? nearest <= chance : nearest >= chance)) {
    return `It can't be told from the ${valueText(chance)} that random neighbours reach: 95 % interval ${span(figure, interval!)}.`
  }
  return null
}

/** What no value is better than; null where that isn't known. */
function bestOf({ better, unit, ceiling }: Figure): number | null {
  if (better === 'lower') return unit === 'share' || unit === 'count' ? 0 : null
  return ceiling ?? (unit === 'share' ? 1 : null)
}

function worstOf({ better, unit }: Figure): number | null {
  if (unit !== 'share') return null
  return better === 'higher' ? 0 : 1
}
