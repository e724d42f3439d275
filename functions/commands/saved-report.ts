/** A report that exists already, or the one that an input gives: what `gate` and `compare` look at. */

import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '../../lib/core/errors.ts'
import type { Report } from '../../lib/core/report.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { evaluate } from './evaluate.ts'

export interface SavedReport {
  readonly report: Report
  /** `rows.parquet`; null where it isn't beside the report. */
  readonly rows: Uint8Array | null
}

/**
 * Reads the report where `input` is one (`report.json`, or its folder), and else evaluates `input`.
 *
 * @param vault shared by inputs whose hashed ids are to be the same
 */
export async function openReport(
  context: CommandContext,
  input: string,
  args: Arguments,
  vault = memoryStore('vault'),
): Promise<SavedReport> {
  const path = await reportPath(input)
  if (path !== null) {
    const report = checkReport(await readFile(path, 'utf8'), path)
    return { report, rows: await readFile(join(dirname(path), 'rows.parquet')).catch(() => null) }
  }
  const site = memoryStore()
  // Nobody sees a map of it, and laying them out takes longest.
  const { report } = await evaluate(context, input, args, { site, vault }, { maps: ['pca'] })
  const rows = await site.get(`${report.project}/runs/${report.run}/rows.parquet`)
  return { report, rows: rows?.body ?? null }
}

async function reportPath(input: string): Promise<string | null> {
  const found = await stat(input).catch(() => null)
  if (found?.isFile() && input.endsWith('.json')) return input
  if (!found?.isDirectory()) return null
  const inside = join(input, 'report.json')
  return (await stat(inside).catch(() => null)) === null ? null : inside
}

function checkReport(text: string, path: string): Report {
  const schema = schemaOf(text)
  if (schema === 'nearmiss.report/1') return JSON.parse(text)
  throw new InputError({
    code: 'not-a-report',
    message: `the file's schema is ${schema ?? 'missing'}, and "nearmiss.report/1" is expected`,
    where: path,
    hint: 'Give the report.json of a run, its folder, or a file of embeddings.',
  })
}

function schemaOf(text: string): unknown {
  try {
    return JSON.parse(text)?.schema
  } catch {
    return null
  }
}
