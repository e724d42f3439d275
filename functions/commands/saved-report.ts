/** A report that exists already, or the one that an input gives: what `gate` and `compare` look at. */

import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '../../lib/core/errors.ts'
import type { Report } from '../../lib/core/report.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { REPORT } from '../../lib/publish/shapes.ts'
import packageJson from '../../package.json' with { type: 'json' }
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
  const file = await stat(input).catch(() => null)
  if (file?.isFile() && input.endsWith('.json')) return input
  if (!file?.isDirectory()) return null
  const inside = join(input, 'report.json')
  return (await stat(inside).catch(() => null)) === null ? null : inside
}

const SCHEMA: Report['schema'] = 'nearmiss.report/1'

/** One of an earlier version may lack what this one reads; one of a later version has more, which is fine. */
function checkReport(text: string, path: string): Report {
  const value = parse(text)
  const refuse = (problem: string, hint: string) =>
    new InputError({ code: 'not-a-report', message: `the file ${problem}`, where: path, hint })
  if (value === null) {
    throw refuse('is not JSON, or holds no object', 'It was cut short or changed: restore it.')
  }
  const { schema } = value
  if (schema !== SCHEMA) {
    const problem = `has ${schema === undefined ? 'no schema' : `the schema ${JSON.stringify(schema)}`}, and "${SCHEMA}" is expected`
    throw refuse(problem, 'Give the report.json of a run, its folder, or a file of embeddings.')
  }
  const problem = REPORT.problem(value)
  if (problem === null) return value as unknown as Report
  throw refuse(
    problem,
    `Evaluate the upload again with this version, ${packageJson.version}, and give the report of that.`,
  )
}

/** Null where it is no JSON, or no object. */
function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value as Readonly<Record<string, unknown>> | null) : null
  } catch {
    return null
  }
}
