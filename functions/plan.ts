/** The first step of an evaluation in shards: checks the upload, and writes what its shards need. */

import type { Context as LambdaContext } from 'aws-lambda'
import { type PlannedUpload, planUpload, type ShardedUpload } from '../lib/shards/evaluation.ts'
import { usableMemory } from '../lib/upload/memory-limit.ts'
import { backendOf, functionMemory, shardLimits, withinTimeLimit } from './context.ts'

export function handler(event: ShardedUpload, lambda: LambdaContext): Promise<PlannedUpload> {
  const { env } = process
  return withinTimeLimit(env, lambda, async (context) => {
    const memoryLimitBytes = usableMemory(functionMemory(env, 'MERGE_MEMORY_SIZE'))
    const request = { backend: backendOf(env), memoryLimitBytes }
    const planned = await planUpload(context, event, request, shardLimits(env))
    const { project, run, work, status, shards } = planned
    context.log.info('planned', { project, run, work, status, shards: shards.length })
    return planned
  })
}
