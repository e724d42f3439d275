/** What was published of an upload before the settings that forbid it: taken back, with all that derives from it. */

import { isMoreOpen } from '../config/privacy.ts'
import type { Context } from '../core/context.ts'
import { StoreRefusedError, UsageError } from '../core/errors.ts'
import { readIndex } from '../publish/index-object.ts'
import type { Upload } from '../upload/content.ts'
import { ownName } from '../upload/run-name.ts'
import { readableManifest } from '../upload/settings.ts'
import { deletePublished } from './deletion.ts'
import { readReport } from './runs.ts'

/**
 * Deletes each run that was made of this upload, under its name or a name of its own, and shows what
 * the upload's settings forbid by now. What replaces it is evaluated by them.
 */
export async function withdrawTooOpen(context: Context, upload: Upload): Promise<void> {
  const { site, log } = context
  const { project } = upload
  const manifest = readableManifest(upload)
  if (manifest === null) return
  for (const run of await runsOf(context, upload)) {
    try {
      const report = await readReport(site, project, run)
      if (report === null || !isMoreOpen(report.input.privacy, manifest.privacy)) continue
      await deletePublished(context, { project, run, isReplaced: true })
      log.warn('a run showed what its settings forbid by now: it was withdrawn', { project, run })
    } catch (error) {
      // Somebody else withdrew it meanwhile.
      if (error instanceof UsageError && error.code === 'no-such-run') continue
      if (!(error instanceof StoreRefusedError) || error.code !== 'unreadable-object') throw error
      log.error(`whether ${run} shows what its settings forbid can't be told: ${error.message}`, {
        project,
        run,
      })
    }
  }
}

async function runsOf({ site }: Context, upload: Upload): Promise<readonly string[]> {
  const index = await readIndex(site, upload.project)
  const own = (index?.runs ?? []).filter(
    ({ run, contentId }) => run === ownName({ ...upload, contentId }),
  )
  return [upload.run, ...own.map(({ run }) => run)]
}
