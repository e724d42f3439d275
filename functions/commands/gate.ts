/** `nearmiss gate`: tells each gate, and exits 0, 1 or 3 for a pipeline to act on. */

import { logJson, logLines } from '../../lib/core/escape.ts'
import { warningsOf } from '../../reports/words/caveats.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { gateLines, noteLines } from './figures.ts'
import { openReport } from './saved-report.ts'

export async function gate(args: Arguments, context: CommandContext): Promise<number> {
  const { report } = await openReport(context, args.operands[0]!, args)
  const { passed, results } = report.gate
  // A gate that can't be judged never hides one that failed.
  const failed = results.some((result) => result.passed === false)
  const exitCode = failed ? 1 : passed === true ? 0 : 3
  if (args.switches.has('json')) {
    const { project, run } = report
    const answer = { project, run, passed, results, warnings: warningsOf(report) }
    await context.print(`${logJson(JSON.stringify(answer, null, 2))}\n`)
    return exitCode
  }
  const verdict = {
    0: 'passed',
    1: 'FAILED',
    3: "can't be judged: this is not a pass",
  }[exitCode]
  const lines = results.length === 0 ? '  the manifest has no gates' : gateLines(results)
  const notes = noteLines(report)
  const parts = [`${report.project}/${report.run}: ${verdict}\n${lines}`, notes]
  await context.print(`${logLines(parts.filter((part) => part !== '').join('\n\n'))}\n`)
  return exitCode
}
