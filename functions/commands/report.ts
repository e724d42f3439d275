/** `nearmiss report`: evaluates a file or folder, writes the site, and says what to fix first. */

import { join, resolve } from 'node:path'
import { logJson, logLines, visible } from '../../lib/core/escape.ts'
import { openItems } from '../../lib/core/item.ts'
import type { Report } from '../../lib/core/report.ts'
import type { Store } from '../../lib/core/store.ts'
import { countOf, pValue, stakeText } from '../../lib/core/words.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { evaluate } from './evaluate.ts'
import { gateLines, headlines, noteLines } from './figures.ts'
import { singlePage } from './single-page.ts'
import { DEFAULT_SITE } from './site.ts'

const SHOWN_ITEMS = 5
/** The report is there, and a page of it isn't what it should be. */
const FAULT = 70

export async function report(args: Arguments, context: CommandContext): Promise<number> {
  const json = args.switches.has('json')
  const single = args.switches.has('single-file')
  // Without a folder, JSON and a single page are all that is asked for.
  const out = args.values.out ?? (json || single ? null : DEFAULT_SITE)
  const site = out === null ? memoryStore() : directoryStore(out)
  // Beside the site, not in it: people copy the site's folder to where others read it.
  const vault =
    out === null ? memoryStore('vault') : directoryStore(`${resolve(out)}.vault`, { private: true })
  const { report: result, alreadyPublished } = await evaluate(context, args.operands[0]!, args, {
    site,
    vault,
  })
  const folder = `${result.project}/runs/${result.run}`
  if (alreadyPublished)
    context.terminal.say('the same upload was evaluated before: nothing changed')
  const outputs = out === null ? [] : [join(out, folder, 'index.html')]
  if (single) {
    outputs.push(
      await writeSinglePage(site, folder, out ?? '.', `${result.project}-${result.run}.html`),
    )
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

async function writeSinglePage(
  site: Store,
  folder: string,
  out: string,
  name: string,
): Promise<string> {
  // By the store, which writes through no link that somebody put there.
  await directoryStore(out).put(name, await singlePage(site, folder))
  return join(out, name)
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
