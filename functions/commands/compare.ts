/** `nearmiss compare`: two runs side by side, with the paired test on the rows that both have. */

import type { Comparison } from '../../lib/core/changes.ts'
import { logJson, logLines, visible } from '../../lib/core/escape.ts'
import { HEADLINE_FIGURES } from '../../lib/core/headline.ts'
import type { Report } from '../../lib/core/report.ts'
import { countOf, pValue } from '../../lib/core/words.ts'
import { compareRuns } from '../../lib/history/comparison.ts'
import { inFormsOf } from '../../lib/history/label-forms.ts'
import { baselineRows } from '../../lib/history/run-rows.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { COMPARED_COLUMNS, decodeRows } from '../../lib/publish/rows-parquet.ts'
import { warningsOf } from '../../reports/words/caveats.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { comparisonMarkdown } from './comparison-markdown.ts'
import { figureText, sideNotes, table } from './figures.ts'
import { openReport, type SavedReport } from './saved-report.ts'

const SHOWN_ROWS = 10

type Pairing = Pick<Comparison, 'matchedRows' | 'fixed' | 'broken' | 'p' | 'verdict'>

interface Paired {
  readonly pairing: Pairing | null
  /** Why there is none, and what to know when reading one. */
  readonly notes: readonly string[]
}

export async function compare(args: Arguments, context: CommandContext): Promise<number> {
  // What the inputs are compared with is each other.
  const alone = { ...args, values: { ...args.values, baseline: 'none' } }
  const vault = memoryStore('vault')
  const before = await openReport(context, args.operands[0]!, alone, vault)
  const after = await openReport(context, args.operands[1]!, alone, vault)
  const paired = await pair(before, after)
  if (args.switches.has('json')) {
    const figures = Object.fromEntries(
      figureIds(before.report, after.report).map((id) => [
        id,
        [before.report.metrics[id]?.value ?? null, after.report.metrics[id]?.value ?? null],
      ]),
    )
    const sides = [before.report, after.report].map(({ project, run }) => ({ project, run }))
    const warnings = { before: warningsOf(before.report), after: warningsOf(after.report) }
    const result = { before: sides[0], after: sides[1], ...paired, figures, warnings }
    await context.print(`${logJson(JSON.stringify(result, null, 2))}\n`)
  } else if (args.switches.has('markdown')) {
    const reports = { before: before.report, after: after.report }
    await context.print(comparisonMarkdown({ ...reports, ...paired }))
  } else {
    await context.print(`${logLines(text(before.report, after.report, paired))}\n`)
  }
  return 0
}

async function pair(before: SavedReport, after: SavedReport): Promise<Paired> {
  const bare = [before, after].find(({ rows }) => rows === null)
  if (bare || !before.rows || !after.rows) {
    const note = `The report of ${bare?.report.run} has no rows.parquet beside it.`
    return { pairing: null, notes: [note] }
  }
  const groups = after.report.input.groups?.column
  const read = (bytes: Uint8Array) =>
    decodeRows(bytes, {
      columns: COMPARED_COLUMNS,
      metadata: (names) => names.filter((name) => name === groups),
    })
  const [now, then] = [await read(after.rows), await read(before.rows)]
  const [group = null] = now.metadata
  const { comparison, note, warnings } = compareRuns(
    baselineRows(after.report, now.rows, group),
    inFormsOf(now.rows.label, baselineRows(before.report, then.rows)),
  )
  if (!comparison) return { pairing: null, notes: [note ?? ''] }
  const { matchedRows, fixed, broken, p, verdict } = comparison
  return {
    pairing: { matchedRows, fixed, broken, p, verdict },
    notes: [
      ...warnings.map(({ message }) => message),
      // Such as one that looks like contacts.
      ...(groups !== undefined && group === null
        ? [
            `The column ${groups} is not published, so the test takes each row by itself where the report takes its groups together.`,
          ]
        : []),
    ],
  }
}

function figureIds(before: Report, after: Report): string[] {
  return Object.keys(after.metrics).filter((id) => before.metrics[id] !== undefined)
}

function text(before: Report, after: Report, { pairing, notes }: Paired): string {
  const rows = HEADLINE_FIGURES.terminal.flatMap((id) => {
    const [a, b] = [before.metrics[id], after.metrics[id]]
    return a === undefined || b === undefined
      ? []
      : [[b.title, figureText(a, a.value), figureText(b, b.value)]]
  })
  const parts = [
    table([['', before.run, after.run], ...rows]),
    pairing === null
      ? `No row of ${visible(after.run)} can be compared. ${notes.map(visible).join(' ')}`
      : `${pairing.fixed.length} fixed, ${pairing.broken.length} broken of ${countOf(pairing.matchedRows, 'row')} ` +
        `in both, ${pValue(pairing.p)}: ${pairing.verdict}`,
    ...(pairing === null
      ? []
      : [...notes.map(visible), ids('Broken', pairing.broken), ids('Fixed', pairing.fixed)]),
    sideNotes([before, after]).join('\n'),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function ids(title: string, all: readonly string[]): string {
  if (all.length === 0) return ''
  const more =
    all.length > SHOWN_ROWS ? ` and ${all.length - SHOWN_ROWS} more (--json has all)` : ''
  return `${title}: ${all.slice(0, SHOWN_ROWS).map(visible).join(', ')}${more}`
}
