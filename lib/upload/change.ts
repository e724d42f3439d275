/** An evaluation takes a while: whether it is still of what lies in the store. */

import type { Context } from '../core/context.ts'
import { PreconditionFailedError, StoreError } from '../core/errors.ts'
import { readRun } from '../publish/run.ts'
import type { Upload } from './content.ts'
import { listUpload } from './files.ts'

/** Nothing of it was published: what is there now is to be evaluated instead. */
export class UploadChangedError extends StoreError {
  constructor(message: string) {
    super('upload-changed', message, { hint: 'Evaluate it again once nothing changes any more.' })
  }
}

/** What reading a file of the store threw: another file that took its place is a change of the upload. */
export function rethrowChange(key: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof PreconditionFailedError) {
      throw new UploadChangedError(`${key} changed while it was read`)
    }
    throw error
  }
}

/**
 * Just before something is published: settings that came meanwhile may forbid it.
 *
 * @param baseline the run that it was compared with: one that was deleted meanwhile is told of nowhere
 * @throws UploadChangedError
 */
export async function checkUnchanged(
  { uploads, site }: Pick<Context, 'uploads' | 'site'>,
  { project, run, state }: Upload,
  baseline?: string,
): Promise<void> {
  if ((await listUpload(uploads, project, run)).state !== state) {
    throw new UploadChangedError(`the files of ${project}/${run} changed while it was evaluated`)
  }
  if (baseline !== undefined && (await readRun(site, project, baseline)) === null) {
    throw new UploadChangedError(
      `${baseline}, with which ${project}/${run} was compared, is gone by now`,
    )
  }
}

/** Of an upload whose files change as it is evaluated; whoever asks may ask again later. */
const MOST_ATTEMPTS = 5

/** Does the work on an upload, and again where that changed meanwhile, a few times. */
export async function untilUnchanged<T>(
  { log }: Pick<Context, 'log'>,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UploadChangedError) || attempt === MOST_ATTEMPTS) throw error
      log.info(`${error.message}; it is evaluated anew`)
    }
  }
}
