/** `nearmiss report`: evaluates a file or folder, writes the site, and says what to fix first. */

import { logJson, logLines, visible } from '../../lib/core/escape.ts'
import { openItems } from '../../lib/core/item.ts'
import type { Report } from '../../lib/core/report.ts'
import type { Store } from '../../lib/core/store.ts'
import { countOf, pValue, stakeText } from '../../lib/core/words.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { headersOf } from '../../lib/publish/keys.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { evaluate } from './evaluate.ts'
import { gateLines, headlines, noteLines } from './figures.ts'
import { singlePage } from './single-page.ts'
import { DEFAULT_SITE, openOut } from './site.ts'

const SHOWN_ITEMS = 5
/** The report is there, and a page of it isn't what it should be. */
const FAULT = 70

export async function report(args: Arguments, context: CommandContext): Promise<number> {
  const json = args.switches.has('json')
  const single = args.switches.has('single-file')
  // Without a site, JSON and a single page are all that is asked for.
  const place = args.values.out ?? (json || single ? null : DEFAULT_SITE)
  const out = place === null ? null : await openOut(place)
  const { site, vault } = out ?? { site: memoryStore(), vault: memoryStore('vault') }
  const { report: result, alreadyPublished } = await evaluate(context, args.operands[0]!, args, {
    site,
    vault,
  })
  const folder = `${result.project}/runs/${result.run}`
  if (alreadyPublished)
    context.terminal.say('the same upload was evaluated before: nothing changed')
  const outputs = out === null ? [] : [out.placeOf(`${folder}/index.html`)]
  if (single) {
    const name = `${result.project}-${result.run}.html`
    // By a store, which writes through no link that somebody put there.
    const target = out === null ? directoryStore('.') : site
    await target.put(name, await singlePage(site, folder), headersOf(name))
    outputs.push(out === null ? name : out.placeOf(name))
  }
  if (json) {
    await context.print(await reportJson(site, folder))
    for (const path of outputs) context.terminal.say(`report: ${path}`)
  } else {
    await context.print(logLines(summary(result, outputs)))
  }
  return context.terminal.errors() === 0 ? 0 : FAULT
}

/** What is published; a character that a terminal or a build log would act on is escaped. */
async function reportJson(site: Store, folder: string): Promise<string> {
  const stored = await site.get(`${folder}/report.json`)
  if (stored === null) throw new Error(`${site.name} has no ${folder}/report.json after publishing`)
  return `${logJson(new TextDecoder().decode(stored.body).trimEnd())}\n`
}

function rowsOf({ rows, evaluatedRows }: Report['input']): string {
  const all = countOf(rows, 'row')
  return rows === evaluatedRows ? all : `${evaluatedRows.toLocaleString('en-US')} of ${all}`
}

function summary(result: Report, written: readonly string[]): string {
  const { input, backend, gate, comparison, comparisonNote } = result
  const open = openItems(result)
  const change =
    comparison === null
      ? visible(comparisonNote ?? '')
      : `Since ${visible(comparison.baseline)}: ${comparison.fixed.length} fixed, ${comparison.broken.length} broken, ` +
        `${pValue(comparison.p)}: ${comparison.verdict}`
  const first = open
    .slice(0, SHOWN_ITEMS)
    .map(
      (item, index) =>
        `  ${index + 1}. ${visible(item.title)} (${[stakeText(item), ...(item.owner === '' ? [] : [visible(item.owner)])].join('; ')})`,
    )
  const parts = [
    `${result.project}/${result.run}: ${rowsOf(input)}, ` +
      `${countOf(input.dimensions, 'dimension')}, ${countOf(input.classes, 'class', 'classes')}, ${result.metric}, ` +
      `${backend.name} ${backend.version}`,
    headlines(result),
    change,
    open.length === 0
      ? 'Nothing to fix was found.'
      : `What to fix first (${open.length} open)\n${first.join('\n')}`,
    gate.results.length === 0 ? '' : `Gates\n${gateLines(gate.results)}`,
    noteLines(result),
    written.map((path) => `Report: ${visible(path)}`).join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}
