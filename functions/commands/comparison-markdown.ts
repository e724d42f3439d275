/** A comparison as Markdown, to be posted to a pull request. */

import type { Comparison } from '../../lib/core/changes.ts'
import { escapeMarkdown, markdownAddress } from '../../lib/core/escape.ts'
import { HEADLINE_FIGURES } from '../../lib/core/headline.ts'
import type { Item } from '../../lib/core/item.ts'
import { openItems, STATE_WORDS } from '../../lib/core/item.ts'
import type { Report } from '../../lib/core/report.ts'
import { countOf, pValue } from '../../lib/core/words.ts'
import { figureText, sideNotes } from './figures.ts'

const SHOWN_ITEMS = 5

export interface MarkdownComparison {
  readonly before: Report
  readonly after: Report
  readonly pairing: Pick<Comparison, 'matchedRows' | 'fixed' | 'broken' | 'p' | 'verdict'> | null
  readonly notes: readonly string[]
}

export function comparisonMarkdown(compared: MarkdownComparison): string {
  const { before, after, pairing, notes } = compared
  const parts = [
    `### nearmiss: ${escapeMarkdown(after.run)} against ${escapeMarkdown(before.run)}`,
    pairing === null
      ? `No row can be compared. ${notes.map(escapeMarkdown).join(' ')}`
      : outcome(pairing),
    figures(before, after),
    gates(after),
    items(after),
    ...(pairing === null ? [] : notes.map(escapeMarkdown)),
    sideNotes([before, after])
      .map((note) => `- ${escapeMarkdown(note)}`)
      .join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function outcome(pairing: NonNullable<MarkdownComparison['pairing']>): string {
  const { fixed, broken, matchedRows, p, verdict } = pairing
  const word = verdict.charAt(0).toUpperCase() + verdict.slice(1)
  return `**${word}**: ${countOf(fixed.length, 'row')} fixed, ${broken.length.toLocaleString('en-US')} broken of ${matchedRows.toLocaleString('en-US')} in both (exact McNemar test, ${escapeMarkdown(pValue(p))}).`
}

function figures(before: Report, after: Report): string {
  const rows = HEADLINE_FIGURES.terminal.flatMap((id) => {
    const [a, b] = [before.metrics[id], after.metrics[id]]
    return a === undefined || b === undefined
      ? []
      : [`| ${escapeMarkdown(b.title)} | ${figureText(a, a.value)} | ${figureText(b, b.value)} |`]
  })
  if (rows.length === 0) return ''
  const head = `| | ${escapeMarkdown(before.run)} | ${escapeMarkdown(after.run)} |`
  return [head, '| --- | ---: | ---: |', ...rows].join('\n')
}

function gates({ gate }: Report): string {
  if (gate.results.length === 0) return ''
  const lines = gate.results.map(({ title, requirement, passed, reason }) => {
    const word = passed === null ? 'can’t be judged' : passed ? 'passed' : '**failed**'
    const why = passed === null && reason !== null ? `: ${escapeMarkdown(reason)}` : ''
    return `- ${escapeMarkdown(title)}: ${word} (${escapeMarkdown(requirement)})${why}`
  })
  return ['Gates:', ...lines].join('\n')
}

function items(report: Report): string {
  const { project, planning } = report
  const open = openItems(report)
  if (open.length === 0) return 'Nothing to fix was found.'
  const line = ({ title, gain, owner, permalink, state }: Item) => {
    const name = escapeMarkdown(title)
    const linked = planning.siteUrl
      ? `[${name}](<${markdownAddress(`${planning.siteUrl}${project}/${permalink}`)}>)`
      : name
    return `1. ${linked}: up to ${gain.toFixed(2)} points, ${STATE_WORDS[state]}, ${escapeMarkdown(owner)}`
  }
  return [`Fix first (of ${open.length}):`, '', ...open.slice(0, SHOWN_ITEMS).map(line)].join('\n')
}
