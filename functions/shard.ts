/** One shard of an evaluation: ranks its rows against all rows. */

import type { Context as LambdaContext } from 'aws-lambda'
import { withFields } from '../lib/core/log.ts'
import type { ShardedUpload } from '../lib/shards/evaluation.ts'
import { runShard } from '../lib/shards/work.ts'
import { openBackend } from '../lib/tensor/open-backend.ts'
import { backendOf, withinTimeLimit } from './context.ts'
import { shardFields } from './shard-fields.ts'

export interface ShardEvent extends ShardedUpload {
  readonly shard: number
}

/** Resolves to how many rows it ranked: little, since a state machine takes little from all of them. */
export function handler(event: ShardEvent, lambda: LambdaContext): Promise<{ rows: number }> {
  const { env } = process
  const { work, shard } = event
  return withinTimeLimit(env, lambda, async (context) => {
    const startMs = context.clock().getTime()
    const log = withFields(context.log, { ...shardFields(event), shard })
    log.info('the shard starts')
    const backend = await openBackend(backendOf(env))
    try {
      const { start, end, contentId } = await runShard(context, work, shard, backend)
      const elapsedMs = context.clock().getTime() - startMs
      log.info('the shard is done', { contentId, start, end, elapsedMs })
      return { rows: end - start }
    } finally {
      await backend.close()
    }
  })
}
