/** The first step of an evaluation in shards: checks the upload, and writes what its shards need. */

import type { Context as LambdaContext } from 'aws-lambda'
import { withFields } from '../lib/core/log.ts'
import { tenantContext } from '../lib/publish/tenant.ts'
import { type PlannedUpload, planUpload, type ShardedUpload } from '../lib/shards/evaluation.ts'
import { usableMemory } from '../lib/upload/memory-limit.ts'
import { backendOf, functionMemory, shardLimits, withinTimeLimit } from './context.ts'
import { shardFields } from './shard-fields.ts'

export function handler(event: ShardedUpload, lambda: LambdaContext): Promise<PlannedUpload> {
  const { env } = process
  return withinTimeLimit(env, lambda, async (context) => {
    const memoryLimitBytes = usableMemory(functionMemory(env, 'MERGE_MEMORY_SIZE'))
    const request = { backend: backendOf(env), memoryLimitBytes }
    const { tenant = null, messageId = null } = event
    const log = withFields(context.log, shardFields(event))
    const mine = tenantContext({ ...context, log }, tenant)
    const planned = await planUpload(mine, event, request, shardLimits(env))
    const { status, shards } = planned
    log.info('planned', { status, shards: shards.length })
    // The state machine hands it on to the step that merges, and takes no field that is left out.
    return { ...planned, tenant, messageId }
  })
}
