/** Tells the log how an evaluation ended. */

import type { Announcer } from '../core/ending.ts'

export const announceToLog: Announcer = (ending, log) => {
  const { project, upload, elapsedMs } = ending
  const fields = { project, run: upload, elapsedMs }
  switch (ending.status) {
    case 'published':
      log.info(ending.alreadyPublished ? 'already published' : 'published', {
        ...fields,
        publishedAs: ending.run,
      })
      break
    case 'failed': {
      const [first] = ending.issues
      log.warn('the upload cannot be evaluated; its page says why', {
        ...fields,
        publishedAs: ending.run,
        code: first?.code,
        reason: first?.message,
      })
      break
    }
    case 'handed-over':
      log.info(ending.why, fields)
      break
    case 'waiting':
      log.info(`waiting for ${ending.missing}`, fields)
  }
}
