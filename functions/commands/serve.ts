/** `nearmiss serve`: the whole way from an upload to its page, on this machine. */

import { mkdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { UsageError } from '../../lib/core/errors.ts'
import { evaluateUpload } from '../../lib/pipeline.ts'
import { leadsOut } from '../../lib/publish/inside.ts'
import { removeLeftovers } from '../../lib/publish/temporary.ts'
import { healSite } from '../../lib/site/heal.ts'
import type { BackendChoice } from '../../lib/tensor/backend.ts'
import { localContext } from '../context.ts'
import { evaluationMetrics, processMetrics } from '../metrics/evaluation-metrics.ts'
import { createRegistry } from '../metrics/exposition.ts'
import { localApp } from '../serve/app.ts'
import { createChanges, watchPages } from '../serve/changes.ts'
import { createEvaluations } from '../serve/evaluations.ts'
import { listen } from '../serve/listen.ts'
import { ownPageOf } from '../serve/own-page.ts'
import { copySamples, isEmptyBucket } from '../serve/samples.ts'
import { watchUploads } from '../serve/watch.ts'
import { type Arguments, choice } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { BACKENDS } from './definitions.ts'
import { ownPages } from './evaluate.ts'
import { portOf } from './port.ts'

/** An evaluation that doesn't stop by itself is not waited for longer, unless it is being published. */
const PATIENCE_MS = 1_500
const PUBLISHING_PATIENCE_MS = 30_000

export async function serve(args: Arguments, context: CommandContext): Promise<number> {
  if (args.values.site !== undefined) {
    // What it needs beyond this command's is loaded for it alone.
    return (await import('./serve-site.ts')).serveSite(args, context)
  }
  const { terminal, signal } = context
  const bucket = resolve(args.values.bucket ?? 'bucket')
  const backend: BackendChoice = choice(args, 'backend', BACKENDS) ?? 'auto'
  const wantedPort = portOf(args.values.port)
  for (const name of ['uploads', 'site', 'vault']) await checkFolder(bucket, name)
  await mkdir(`${bucket}/uploads`, { recursive: true })
  // Uploads that were under way when an earlier server was killed.
  await removeLeftovers(`${bucket}/uploads`)
  const withSamples = await isEmptyBucket(bucket)
  if (withSamples) await copySamples(bucket, new Date())

  const folder = args.values.pages
  ownPages(args)
  const metrics = createRegistry()
  const watched = evaluationMetrics(metrics, () => new Date())
  processMetrics(metrics, new Date())
  const evaluations = createEvaluations({
    metrics: watched,
    bucket,
    backend,
    context,
    waitMs: 1000 * waitOf(args.values.wait),
    // Read for each run: they may have been edited since the last one.
    evaluate: (site, request) => evaluateUpload(site, { ...request, pages: ownPages(args) }),
  })
  metrics.gauge(
    'nearmiss_uploads_waiting',
    'Uploads that wait for their evaluation.',
    evaluations.waiting,
  )
  const changes = createChanges(join(bucket, 'site'))
  const unwatchPages =
    folder === undefined ? async () => {} : watchPages(folder, () => changes.tell('/pages'))
  const app = localApp({
    bucket,
    backend,
    evaluations,
    log: terminal.log,
    signal,
    metrics,
    changes: changes.app,
    ...(folder === undefined ? {} : { ownPage: ownPageOf(bucket, folder) }),
  })
  const { port, close } = await listen(app, wantedPort)
  const address = `http://127.0.0.1:${port}/`
  evaluations.setAddress(address)
  if (port !== wantedPort && wantedPort !== 0) {
    terminal.say(`port ${wantedPort} is taken, so this is port ${port}`)
  }
  const shown = relative(process.cwd(), bucket) || '.'
  await context.print(`nearmiss is at ${address}\n`)
  terminal.say(
    [
      `  drop a file of embeddings on the page, or`,
      `  curl -T embeddings.npz ${address}my-project/my-run/embeddings.npz`,
      `  or copy it to ${shown}/uploads/my-project/my-run/`,
      `  Ctrl-C ends it${withSamples ? '; the bundled samples are evaluated first' : ''}`,
    ].join('\n'),
  )
  // What an earlier server left that was killed.
  await healSite(localContext({ bucket, log: terminal.log, signal, progress: () => {} }))
  const unwatch = await watchUploads({
    bucket,
    changed: evaluations.changed,
    misplaced: terminal.log.warn,
  })

  await new Promise<void>((resolveStop) => {
    if (signal.aborted) resolveStop()
    signal.addEventListener('abort', () => resolveStop(), { once: true })
  })
  terminal.clear()
  terminal.say('stopping')
  const patience = new Promise((resolveWait) =>
    setTimeout(resolveWait, evaluations.isPublishing() ? PUBLISHING_PATIENCE_MS : PATIENCE_MS),
  )
  await Promise.race([
    Promise.all([changes.close(), close(), unwatch(), unwatchPages(), evaluations.close()]),
    patience,
  ])
  return 0
}

function waitOf(value: string | undefined): number {
  if (value === undefined) return 0
  const seconds = Number(value)
  if (/^\d+(\.\d+)?$/.test(value) && seconds <= 86_400) return seconds
  throw new UsageError(
    'wrong-usage',
    `--wait is ${value}, and a number of seconds from 0 to 86400 is expected`,
  )
}

/** The folder itself may be a link, since whoever gave it chose it; those in it may lead nowhere else. */
async function checkFolder(bucket: string, name: string): Promise<void> {
  if (!(await leadsOut(bucket, join(bucket, name)))) return
  throw new UsageError(
    'wrong-usage',
    `${join(bucket, name)} is a link that leads out of ${bucket}`,
    {
      hint: 'give the folder that holds all of it: --bucket DIR',
    },
  )
}
