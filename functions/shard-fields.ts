/** What the lines of the steps of an evaluation in shards say: which run, and which execution. */

import type { RunFields } from '../lib/core/log.ts'
import type { ShardedUpload } from '../lib/shards/evaluation.ts'

/** An execution of the state machine is named as its work folder is. */
export function shardFields({
  tenant = null,
  project,
  run,
  work,
  messageId = null,
}: ShardedUpload): RunFields & { readonly execution: string; readonly messageId: string | null } {
  return { tenant, project, run, execution: work, messageId }
}
