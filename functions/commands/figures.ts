/** Figures as a terminal shows them. */

import { visible } from '../../lib/core/escape.ts'
import type { Figure } from '../../lib/core/figure.ts'
import type { GateResult } from '../../lib/core/gate.ts'
import { HEADLINE_FIGURES } from '../../lib/core/headline.ts'
import type { Report } from '../../lib/core/report.ts'
import { joinWords, percent } from '../../lib/core/words.ts'
import { foldedWarnings, warningsOf } from '../../reports/words/caveats.ts'

export function figureText({ unit }: Pick<Figure, 'unit'>, value: number | null): string {
  if (value === null) return 'n/a'
  if (unit === 'share') return percent(value)
  if (unit === 'count') return String(value)
  return value.toPrecision(4)
}

/** A first column of names, two of numbers, aligned to the right, and a fourth of words. */
export function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(visible))
  const widths = shown.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, cell.length)),
    [],
  )
  return shown
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column > 2
            ? cell.padEnd(widths[column]!)
            : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n')
}

export function headlines(report: Report): string {
  return table(
    HEADLINE_FIGURES.terminal.flatMap((id) => {
      const figure = report.metrics[id]
      if (figure === undefined) return []
      const interval = figure.interval?.map((bound) => figureText(figure, bound)).join(' to ')
      return [[figure.title, figureText(figure, figure.value), interval ?? '', limits(figure)]]
    }),
  )
}

/** What a reader should know of a run beside its figures, as its page says it. */
export function noteLines(report: Report): string {
  return foldedWarnings(warningsOf(report))
    .map(({ text }) => `Note: ${visible(text)}`)
    .join('\n')
}

/** The same of two runs that are compared, each with the runs that it is said of. */
export function sideNotes(reports: readonly Report[]): readonly string[] {
  const runsOf = new Map<string, string[]>()
  for (const report of reports) {
    for (const { message } of warningsOf(report)) {
      runsOf.set(message, [...(runsOf.get(message) ?? []), report.run])
    }
  }
  return [...runsOf].map(
    ([message, runs]) =>
      `Note on ${joinWords([...new Set(runs)].map(visible))}: ${visible(message)}`,
  )
}

/** What random neighbours and a perfect model reach, and what the order of equal distances decides. */
function limits(figure: Figure): string {
  const { value, chance, ceiling } = figure
  if (value === null) return ''
  const [low, high] = (figure.ties ?? []).map((end) => figureText(figure, end))
  const parts = [
    chance === null ? '' : `chance ${figureText(figure, chance)}`,
    ceiling === undefined || ceiling >= 1 ? '' : `at best ${figureText(figure, ceiling)}`,
    // Of figures that differ in digits that aren't shown there is nothing to tell.
    low === high ? '' : `${low} to ${high} by the order of equal distances`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

export function gateLines(results: readonly GateResult[]): string {
  return results
    .map(({ title, value, unit, requirement, passed, reason }) => {
      const verdict = passed === null ? "can't be judged" : passed ? 'passed' : 'FAILED'
      const reading =
        value === null
          ? 'has no value'
          : `is ${unit === 'share' ? percent(value) : Number(value.toPrecision(4))}`
      return `  ${verdict}: ${visible(title)} ${reading}, wanted ${visible(requirement)}${reason === null ? '' : ` (${visible(reason).replace(/\.$/, '')})`}`
    })
    .join('\n')
}
