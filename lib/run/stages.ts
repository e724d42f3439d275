/** Runs the stages of an evaluation: each is told, can be cancelled before it starts, and is timed. */

import type { Context } from '../core/context.ts'
import { throwIfCancelled } from '../core/errors.ts'
import type { Stage } from '../core/stage.ts'

/** What the steps of an evaluation may ask for: the outside world, and a stage to work in. */
export interface StageContext extends Context {
  readonly stage: <T>(name: Stage, work: () => T | Promise<T>) => Promise<T>
  /** Of the stages that have ended. */
  readonly timings: () => Readonly<Record<string, { readonly elapsedMs: number }>>
}

export function withStages(context: Context): StageContext {
  const { signal, progress } = context
  const timings: Record<string, { elapsedMs: number }> = {}
  return {
    ...context,
    stage: async (name, work) => {
      throwIfCancelled(signal)
      progress({ stage: name, fraction: 0 })
      const start = performance.now()
      const result = await work()
      timings[name] = { elapsedMs: Math.round(performance.now() - start) }
      return result
    },
    timings: () => ({ ...timings }),
  }
}
