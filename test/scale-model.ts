/** What an evaluation in shards takes and costs, from the planner's own figures and list prices. */

import { joinSeconds, planShards, stripSeconds } from '../lib/shards/plan.ts'

/** US East (N. Virginia), x86, first tier; `docs/scale.md` names the sources. */
const DOLLARS = {
  gibibyteSecond: 0.0000166667,
  transition: 0.025 / 1000,
  get: 0.0004 / 1000,
  put: 0.005 / 1000,
}
/** Of a map's child: it starts, and its one step runs. */
const TRANSITIONS_PER_SHARD = 2

export interface ScaleCase {
  readonly rows: number
  readonly dimensions: number
  readonly classes: number
  readonly memoryMebibytes: number
  readonly shardSeconds: number
  readonly blockRows: number
}

export function scaleOf(given: ScaleCase) {
  const { rows, memoryMebibytes, shardSeconds, blockRows } = given
  const limits = { memoryBytes: memoryMebibytes * 2 ** 20, seconds: shardSeconds }
  const shards = planShards(given, limits, '').length
  const functionSeconds = stripSeconds(rows, given, limits.memoryBytes)
  const oneFunctionSeconds = joinSeconds(given, limits.memoryBytes)
  return {
    shards,
    functionSeconds,
    oneFunctionSeconds,
    wallSeconds: (concurrency: number) =>
      (functionSeconds / shards) * Math.ceil(shards / concurrency),
    dollars: {
      functions: functionSeconds * (memoryMebibytes / 1024) * DOLLARS.gibibyteSecond,
      steps: shards * TRANSITIONS_PER_SHARD * DOLLARS.transition,
      storage: shards * (Math.ceil(rows / blockRows) * DOLLARS.get + DOLLARS.put),
    },
  }
}
