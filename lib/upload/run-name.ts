/** The name that a run is published under: a published run is never changed. */

import type { Store } from '../core/store.ts'
import { readRun } from '../publish/run.ts'
import type { Upload } from './content.ts'

/** The upload's own name, unless a run was published under it from other content. */
export async function freeName(site: Store, upload: Upload): Promise<string> {
  const { project, run, contentId, plainContentId } = upload
  const record = await readRun(site, project, run)
  if (record === null || record.status === 'failed') return run
  // Published before ids were hashed with a key, it is the same upload still.
  if (record.contentId === contentId || record.contentId === plainContentId) return run
  return ownName(upload)
}

/** A name after both the upload and its content: the same upload always has the same. */
export function ownName({ run, contentId }: Upload): string {
  return `${run.slice(0, 119)}-${contentId.slice(0, 8)}`
}
