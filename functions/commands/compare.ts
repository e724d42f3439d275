/** `nearmiss compare`: two runs side by side, with the paired test on the rows that both have. */

import type { Report } from '../../lib/core/report.ts'
import { countOf, pValue } from '../../lib/core/words.ts'
import { decodeRows } from '../../lib/publish/rows-parquet.ts'
import { mcnemarExact } from '../../lib/stats/mcnemar.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { figureText, HEADLINES, table } from './figures.ts'
import { openReport } from './saved-report.ts'

const SHOWN_ROWS = 10

interface Pairing {
  readonly matchedRows: number
  /** Ids of rows whose nearest neighbour turned right, and of those where it turned wrong. */
  readonly fixed: readonly string[]
  readonly broken: readonly string[]
  readonly p: number
  readonly verdict: 'better' | 'worse' | 'no evidence of a change'
}

export async function compare(args: Arguments, context: CommandContext): Promise<number> {
  // What the inputs are compared with is each other.
  const alone = { ...args, values: { ...args.values, baseline: 'none' } }
  const before = await openReport(context, args.operands[0]!, alone)
  const after = await openReport(context, args.operands[1]!, alone)
  const pairing =
    before.rows === null || after.rows === null
      ? null
      : pair(await correctRows(before.rows), await correctRows(after.rows))
  if (args.switches.has('json')) {
    const figures = Object.fromEntries(
      figureIds(before.report, after.report).map((id) => [
        id,
        [before.report.metrics[id]?.value ?? null, after.report.metrics[id]?.value ?? null],
      ]),
    )
    const sides = [before.report, after.report].map(({ project, run }) => ({ project, run }))
    await context.print(
      `${JSON.stringify({ before: sides[0], after: sides[1], pairing, figures }, null, 2)}\n`,
    )
  } else {
    await context.print(`${text(before.report, after.report, pairing)}\n`)
  }
  return 0
}

/** Whether each row's nearest neighbour has its label, by id. */
async function correctRows(parquet: Uint8Array): Promise<ReadonlyMap<string, boolean>> {
  const { id, correct } = await decodeRows(parquet)
  return new Map(id.map((name, row) => [name, correct[row] === 1]))
}

function pair(
  before: ReadonlyMap<string, boolean>,
  after: ReadonlyMap<string, boolean>,
): Pairing | null {
  const matched = [...after].filter(([id]) => before.has(id))
  if (matched.length === 0) return null
  const fixed = matched.filter(([id, right]) => right && !before.get(id)).map(([id]) => id)
  const broken = matched.filter(([id, right]) => !right && before.get(id)).map(([id]) => id)
  const p = mcnemarExact(fixed.length, broken.length)
  const direction = fixed.length > broken.length ? 'better' : 'worse'
  const verdict = p < 0.05 ? direction : 'no evidence of a change'
  return { matchedRows: matched.length, fixed, broken, p, verdict }
}

function figureIds(before: Report, after: Report): string[] {
  return Object.keys(after.metrics).filter((id) => before.metrics[id] !== undefined)
}

function text(before: Report, after: Report, pairing: Pairing | null): string {
  const rows = HEADLINES.flatMap((id) => {
    const [a, b] = [before.metrics[id], after.metrics[id]]
    return a === undefined || b === undefined
      ? []
      : [[b.title, figureText(a, a.value), figureText(b, b.value)]]
  })
  const parts = [
    table([['', before.run, after.run], ...rows]),
    pairing === null
      ? 'Fixed and broken rows are unknown: no row is in both runs by id, or a report has no rows.parquet beside it.'
      : `${pairing.fixed.length} fixed, ${pairing.broken.length} broken of ${countOf(pairing.matchedRows, 'row')} ` +
        `in both, ${pValue(pairing.p)}: ${pairing.verdict}`,
    before.metric === after.metric
      ? ''
      : `The figures are not comparable: ${before.run} used ${before.metric}, ${after.run} ${after.metric}.`,
    pairing === null ? '' : ids('Broken', pairing.broken),
    pairing === null ? '' : ids('Fixed', pairing.fixed),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function ids(title: string, all: readonly string[]): string {
  if (all.length === 0) return ''
  const more =
    all.length > SHOWN_ROWS ? ` and ${all.length - SHOWN_ROWS} more (--json has all)` : ''
  return `${title}: ${all.slice(0, SHOWN_ROWS).join(', ')}${more}`
}
