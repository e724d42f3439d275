/** Mending what publications left that were stopped: their claims say how far they had come. */

import type { Context } from '../core/context.ts'
import { dropClaim, type FoundClaim, readClaim } from '../publish/claim.ts'
import { claimsPrefix, parseClaimKey } from '../publish/keys.ts'
import { clearRun, completeRun } from '../publish/run.ts'
import { enterRun } from './entry.ts'
import { failureFiles } from './render.ts'
import { readFailure } from './runs.ts'

/**
 * Enters runs that are complete and in no index, ends those of which all is written but the record,
 * and takes away what is left of those whose process is gone. A publication that may be under way is
 * let be. The cost is one listing of the claims that there are; without any, nothing is read.
 *
 * Trouble with one claim is logged, and stops neither the others nor the caller.
 *
 * @param project all of the site's, unless it is given
 */
export async function healSite(context: Context, project?: string): Promise<void> {
  const { site, log } = context
  const attempt = async (
    fields: { readonly project?: string; readonly run?: string },
    work: () => Promise<string | null>,
  ) => {
    try {
      const deed = await work()
      if (deed !== null) log.info(deed, fields)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const { run } = fields
      const which =
        run === undefined ? 'what was stopped' : `${fields.project}/${run}, stopped before,`
      log.warn(`${which} could not be mended: ${reason}`, { ...fields, reason })
    }
  }
  const names: { readonly project: string; readonly run: string }[] = []
  await attempt({}, async () => {
    for await (const { key } of site.list(claimsPrefix(project))) {
      const name = parseClaimKey(key)
      if (name !== null) names.push(name)
    }
    return null
  })
  for (const name of names) {
    await attempt(name, async () => {
      const entry = await readClaim(site, name.project, name.run)
      return entry && healClaim(context, entry)
    })
  }
}

/** Resolves to what was done, as a sentence; null: nothing. */
async function healClaim(context: Context, entry: FoundClaim): Promise<string | null> {
  const { site } = context
  const { project, run } = entry.claim.record
  if (entry.claim.state === 'written' && (await completeRun(site, entry)) !== 'deleted') {
    await enterRun(context, project, run)
    await dropClaim(site, entry)
    return 'a run that was complete and not listed is listed'
  }
  if (entry.standing !== 'gone') return null
  const failedFiles = async () => {
    const failed = await readFailure(site, project, run)
    return failed === null ? {} : failureFiles(context, failed)
  }
  const isCleared = await clearRun(site, entry, failedFiles)
  return isCleared ? 'what was left of a publication that was stopped is taken away' : null
}
