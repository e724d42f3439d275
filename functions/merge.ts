/** The last step of an evaluation in shards: joins what they found, and publishes the report. */

import type { Context as LambdaContext } from 'aws-lambda'
import { withFields } from '../lib/core/log.ts'
import { tenantContext } from '../lib/publish/tenant.ts'
import { mergeShards, type ShardedUpload } from '../lib/shards/evaluation.ts'
import { usableMemory } from '../lib/upload/memory-limit.ts'
import { backendOf, functionMemory, withinTimeLimit } from './context.ts'
import { shardFields } from './shard-fields.ts'

/** Resolves to how the evaluation ended. */
export function handler(event: ShardedUpload, lambda: LambdaContext): Promise<{ status: string }> {
  const { env } = process
  return withinTimeLimit(env, lambda, async (context) => {
    const memoryLimitBytes = usableMemory(functionMemory(env))
    const log = withFields(context.log, shardFields(event))
    const mine = tenantContext({ ...context, log }, event.tenant ?? null)
    const { status } = await mergeShards(mine, event, {
      backend: backendOf(env),
      memoryLimitBytes,
    })
    log.info('the work in shards is done', { status })
    return { status }
  })
}
