/**
 * The way of an upload to a published report; read this file first.
 *
 *   upload ──► read ──► measure ──► judge ──► publish ──► announce
 *   files     checked   figures,    items,    report,     log
 *             rows,     drift,      gates     pages,
 *             the past  maps                  indexes
 *
 * Each step is a function of data to data in `lib/run`, and only `publish` writes anything of the run.
 * Before them the site is put in order: what a stopped run left (`healSite`), and what settings that came late
 * forbid (`withdrawTooOpen`). An evaluation ends in one
 * of four ways (`lib/core/ending.ts`), and is announced at one place.
 */

import type { Context } from './core/context.ts'
import type { Failed, HandedOver, Outcome, Published, Waiting } from './core/ending.ts'
import { InputError, type Issue, StoreRefusedError } from './core/errors.ts'
import { type RunFields, withFields } from './core/log.ts'
import { readingSentence } from './core/seen-words.ts'
import { announceEnd } from './run/announcement.ts'
import { judge } from './run/judge.ts'
import { measure } from './run/measure.ts'
import { publish } from './run/publish.ts'
import { readInput, readRows } from './run/read.ts'
import { type EvaluationRequest, NO_TAKEOVER, type Takeover } from './run/request.ts'
import { withStages } from './run/stages.ts'
import { enterRun } from './site/entry.ts'
import { healSite } from './site/heal.ts'
import { publishFailure } from './site/publication.ts'
import { readReport } from './site/runs.ts'
import { withdrawTooOpen } from './site/withdrawal.ts'
import { checkUnchanged, untilUnchanged } from './upload/change.ts'
import type { Upload } from './upload/content.ts'
import { fetchUpload } from './upload/fetch.ts'
import { toldFields } from './upload/opened-fields.ts'
import { freeName, ownName } from './upload/run-name.ts'

/**
 * Evaluates `uploads/<project>/<run>/` of `context.uploads` and publishes the result to `context.site`.
 * Bad input is an outcome; trouble with the stores, cancellation and our own faults are thrown.
 * A published run is never changed: other content under its name becomes a run of its own, named
 * after both.
 */
export function evaluateUpload(context: Context, request: EvaluationRequest): Promise<Outcome> {
  return evaluate(context, request, NO_TAKEOVER)
}

/** The same, unless `takeover` ends it early. */
export function evaluateOrHandOver(
  context: Context,
  request: EvaluationRequest,
  takeover: Takeover<HandedOver>,
): Promise<Outcome | HandedOver> {
  return evaluate(context, request, takeover)
}

/** Publishes that an upload isn't evaluated, and why, without reading it. */
export function refuseUpload(
  caller: Context,
  request: Pick<EvaluationRequest, 'project' | 'run'>,
  issue: Issue,
): Promise<Waiting | Failed> {
  const { project, run } = request
  const fields: RunFields = { tenant: caller.tenant ?? null, project, run }
  const context = { ...caller, log: withFields(caller.log, fields) }
  return announceEnd(context, request, async () => {
    const upload = await fetchUpload(context, project, run)
    if (upload === null) return WITHOUT_VECTORS
    fields.contentId = upload.contentId
    return publishFailure(context, upload, await freeName(context.site, upload), [issue])
  })
}

const WITHOUT_VECTORS: Waiting = { status: 'waiting', missing: 'the file of embeddings' }

function evaluate<H extends HandedOver>(
  caller: Context,
  request: EvaluationRequest,
  takeover: Takeover<H>,
): Promise<Outcome | H> {
  // Threads listen to its end, and any number of evaluations may share the caller's signal.
  const fields: RunFields = {
    tenant: caller.tenant ?? null,
    project: request.project,
    run: request.run,
  }
  const log = withFields(caller.log, fields)
  const context = { ...caller, log, signal: AbortSignal.any([caller.signal]) }
  return announceEnd<Outcome | H>(context, request, () =>
    untilUnchanged(
      context,
      async () => (await takeover.unread()) ?? evaluateOnce(context, request, takeover, fields),
    ),
  )
}

async function evaluateOnce<H extends HandedOver>(
  context: Context,
  request: EvaluationRequest,
  takeover: Takeover<H>,
  fields: RunFields,
): Promise<Outcome | H> {
  const { project, overrides = {}, restMs = 0, plannedSettings } = request
  const upload = await fetchUpload(context, project, request.run, {
    overrides,
    rest: { ms: restMs, now: context.clock() },
    ...(plannedSettings === undefined ? {} : { plannedSettings }),
  })
  if (upload === null) return WITHOUT_VECTORS
  fields.contentId = upload.contentId
  // Before a name and a baseline are chosen: both depend on which runs are complete.
  await healSite(context, project)
  // Also of one that is not complete: settings may come late, and what they forbid is forbidden.
  await withdrawTooOpen(context, upload)
  if (upload.waitsFor !== null) return { status: 'waiting', missing: upload.waitsFor }
  const run = await freeName(context.site, upload)
  try {
    return await evaluateAs(context, upload, run, request, takeover)
  } catch (error) {
    const isTaken = error instanceof StoreRefusedError && error.code === 'run-exists'
    if (!isTaken || run !== upload.run) throw error
    // Other content was published under the name while this was being evaluated.
    return evaluateAs(context, upload, ownName(upload), request, takeover)
  }
}

async function evaluateAs<H extends HandedOver>(
  context: Context,
  upload: Upload,
  run: string,
  request: EvaluationRequest,
  takeover: Takeover<H>,
): Promise<Outcome | H> {
  const { project } = upload
  const published = await readReport(context.site, project, run)
  if (published !== null) {
    // It may have come from elsewhere, or be of a version that kept no claim until it was listed.
    await enterRun(context, project, run)
    return { status: 'published', run, report: published, alreadyPublished: true }
  }
  try {
    return await evaluateAnew(context, upload, run, request, takeover)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    await checkUnchanged(context, upload)
    return publishFailure(
      context,
      upload,
      run,
      error.issues,
      await toldFields(upload, error.issues),
    )
  }
}

/** Every step in its order. */
async function evaluateAnew<H extends HandedOver>(
  caller: Context,
  upload: Upload,
  run: string,
  request: EvaluationRequest,
  takeover: Takeover<H>,
): Promise<Published | Waiting | H> {
  const context = withStages(caller)
  const read = await readRows(context, upload, request)
  if (read === null) return { status: 'waiting', missing: 'labels' }
  const { inputRows, dimensions, classes, seen = [] } = read.dataset
  if (seen.length > 0) {
    const files = seen.map((file) => ({ ...file, more: 0 }))
    caller.reading?.(
      readingSentence({ rows: inputRows, dimensions, classes: classes.length, seen: files }),
    )
  }
  const handedOver = await takeover.read(upload, read)
  if (handedOver !== null) return handedOver

  const input = await readInput(context, upload, run, read, request)
  const measurement = await measure(context, input, request)
  const judgement = await judge(context, input, measurement)
  const report = await publish(context, input, measurement, judgement, request)
  return { status: 'published', run, report, alreadyPublished: false }
}
