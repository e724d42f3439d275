/** One shard of an evaluation: ranks its rows against all rows. */

import type { Context as LambdaContext } from 'aws-lambda'
import { runShard } from '../lib/shards/work.ts'
import { openBackend } from '../lib/tensor/open-backend.ts'
import { backendOf, withinTimeLimit } from './context.ts'

export interface ShardEvent {
  readonly work: string
  readonly shard: number
}

/** Resolves to how many rows it ranked: little, since a state machine takes little from all of them. */
export function handler(
  { work, shard }: ShardEvent,
  lambda: LambdaContext,
): Promise<{ rows: number }> {
  const { env } = process
  return withinTimeLimit(env, lambda, async (context) => {
    const startMs = context.clock().getTime()
    context.log.info('the shard starts', { work, shard })
    const backend = await openBackend(backendOf(env))
    try {
      const { start, end } = await runShard(context, work, shard, backend)
      const elapsedMs = context.clock().getTime() - startMs
      context.log.info('the shard is done', { work, shard, start, end, elapsedMs })
      return { rows: end - start }
    } finally {
      await backend.close()
    }
  })
}
