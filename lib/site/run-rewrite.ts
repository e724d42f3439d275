/** Published runs that say something of a run that is deleted, written anew without that. */

import { canonicalJson } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import { StoreRefusedError } from '../core/errors.ts'
import type { ProjectIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { Store } from '../core/store.ts'
import { reportWithout, rowsUncompared } from '../history/deletion.ts'
import { deleteKeys, inTurns, keysOf } from '../publish/key-lists.ts'
import { headersOf, runKey, runPrefix } from '../publish/keys.ts'
import { decodeRows, encodeRows } from '../publish/rows-parquet.ts'
import { readTickets } from '../publish/tickets-object.ts'
import { runFiles } from './render.ts'
import { readReport } from './runs.ts'

export interface LaterReport {
  readonly report: Report
  /** Whether it was compared with the run that goes. */
  readonly isUncompared: boolean
}

/** Reports that say something of the run, without that. */
export async function laterReports(
  { site, log }: Pick<Context, 'site' | 'log'>,
  index: ProjectIndex,
  run: string,
  isKept: (itemId: string) => boolean,
): Promise<LaterReport[]> {
  const later: LaterReport[] = []
  for (const entry of index.runs) {
    const report = await readReport(site, index.project, entry.run).catch((error) => {
      if (!(error instanceof StoreRefusedError)) throw error
      log.warn(`${error.message}: what it says of ${run} stays`, { run: entry.run })
      return null
    })
    if (report === null) continue
    const without = reportWithout(report, run, isKept)
    if (without === report) continue
    later.push({
      report: without,
      isUncompared: without.comparison === null && without.drift === null,
    })
  }
  return later
}

/** Writes a run anew from what it published: its report, rows and pages. */
export async function rewriteRun(
  context: Context,
  report: Report,
  isUncompared: boolean,
  index: ProjectIndex,
): Promise<void> {
  const { site } = context
  const { project, run } = report
  const key = runKey(project, run, 'rows.parquet')
  const stored = await site.get(key)
  if (stored === null) throw gone(site, key)
  const read = await decodeRows(stored.body, { source: key })
  const rows = isUncompared ? rowsUncompared(read.rows) : read.rows
  const links = await readTickets(site, project)
  const files: Record<string, Uint8Array | string> = {
    ...(await runFiles(context, { report, rows, index, metadata: read.metadata, links })),
    'rows.parquet': isUncompared ? encodeRows(rows, read.metadata) : stored.body,
  }
  const prefix = runPrefix(project, run)
  // A page that this machine can't make anew, such as a team's own, may say what must go.
  const stale = (await keysOf(site, prefix)).filter(
    (one) => /\.(html|png)$/.test(one) && !Object.hasOwn(files, one.slice(prefix.length)),
  )
  await inTurns(Object.entries(files), async ([file, body]) => {
    const place = runKey(project, run, file)
    await site.put(place, body, headersOf(place))
  })
  await deleteKeys(site, stale)
  // Last: as long as it says something of the run, a second call writes all of it again.
  const last = runKey(project, run, 'report.json')
  await site.put(last, `${canonicalJson(report)}\n`, headersOf(last))
}

function gone(site: Store, key: string): StoreRefusedError {
  return new StoreRefusedError('unreadable-object', `${key} in ${site.name} is gone`, {
    hint: 'That run names the one to be deleted, and can’t be written anew without its rows: delete it too, before this one.',
  })
}
