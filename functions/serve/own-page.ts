/** A team's own page of a published run, made anew from what was published: to see an edit at once. */

import { join } from 'node:path'
import { isName } from '../../lib/core/names.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { runKey } from '../../lib/publish/keys.ts'
import { decodeRows } from '../../lib/publish/rows-parquet.ts'
import { readReport } from '../../lib/site/runs.ts'
import { pagesOf, renderOwnPage } from '../../reports/render.ts'

/** Null where no page of the folder, or no such run, has the name. */
export function ownPageOf(bucket: string, folder: string) {
  const site = directoryStore(join(bucket, 'site'))
  return async (project: string, run: string, name: string): Promise<string | null> => {
    const page = pagesOf(folder).find((one) => one.name === name)
    if (!page || !isName(project) || !isName(run)) return null
    const report = await readReport(site, project, run)
    const key = runKey(project, run, 'rows.parquet')
    const stored = report && (await site.get(key))
    if (!stored) return null
    const { rows, metadata } = await decodeRows(stored.body, { source: key })
    return renderOwnPage({ report, rows, metadata, index: null }, page)
  }
}
