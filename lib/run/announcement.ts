/** The one place where an evaluation's end is told. */

import type { Context } from '../core/context.ts'
import type { Ending, HandedOver, Outcome } from '../core/ending.ts'

/** Does the work, and tells each of the context's announcers how it ended. What is thrown is no ending. */
export async function announceEnd<E extends Outcome | HandedOver>(
  context: Pick<Context, 'announcers' | 'clock' | 'log' | 'tenant'>,
  { project, run }: { readonly project: string; readonly run: string },
  work: () => Promise<E>,
): Promise<E> {
  const startMs = context.clock().getTime()
  const end = await work()
  const elapsedMs = context.clock().getTime() - startMs
  const { tenant = null } = context
  await announce(context, { ...end, tenant, project, upload: run, elapsedMs })
  return end
}

async function announce(
  { announcers, log }: Pick<Context, 'announcers' | 'log'>,
  ending: Ending,
): Promise<void> {
  for (const tell of announcers) {
    try {
      await tell(ending, log)
    } catch (error) {
      const { project, upload: run, status } = ending
      const reason = error instanceof Error ? error.message : String(error)
      log.error(`somebody could not be told how the evaluation ended: ${reason}`, {
        project,
        run,
        status,
        reason,
      })
    }
  }
}
