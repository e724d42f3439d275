/** A report that exists already, or the one that an input gives: what `gate` and `compare` look at. */

import { InputError } from '../../lib/core/errors.ts'
import type { Report } from '../../lib/core/report.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { REPORT } from '../../lib/publish/shapes.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { evaluate } from './evaluate.ts'
import { type Folder, type PlacedFile, placeKind } from './places/place.ts'
import { openPlaces, type Places } from './places/places.ts'

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
  const { signal, terminal } = context
  const places = openPlaces({ signal, received: terminal.received })
  const saved = await findReport(places, input)
  if (saved !== null) {
    const [text, rows] = [await contentOf(saved.file), await saved.folder.file('rows.parquet')]
    const report = checkReport(new TextDecoder().decode(text ?? undefined), saved.file.shown)
    return { report, rows: rows && (await contentOf(rows)) }
  }
  const site = memoryStore()
  // Nobody sees a map of it, and laying them out takes longest.
  const { report } = await evaluate(context, input, args, { site, vault }, { maps: ['pca'] })
  const rows = await site.get(`${report.project}/runs/${report.run}/rows.parquet`)
  return { report, rows: rows?.body ?? null }
}

/** Null where the input is to be evaluated, or isn't there at all, which is told then. */
async function findReport(
  places: Places,
  input: string,
): Promise<{ readonly folder: Folder; readonly file: PlacedFile } | null> {
  const kind = placeKind(input)
  if (kind === 'stdin') return null
  // Others are fetched once, by the evaluation.
  if (kind === 'http' && !new URL(input).pathname.endsWith('.json')) return null
  const { folder, file } = await places.find(input)
  if (file !== null) return file.name.endsWith('.json') ? { folder, file } : null
  const inside = await folder.file('report.json')
  return inside && { folder, file: inside }
}

async function contentOf({ store, key }: PlacedFile): Promise<Uint8Array | null> {
  return (await store.get(key))?.body ?? null
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
