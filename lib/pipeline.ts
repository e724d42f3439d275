/**
 * The way of an upload to a published report; read this file first.
 *
 *   uploads ─► formats ─► dataset ─► neighbors ─► metrics ─► findings ─► history ─► reports ─► publish
 *   └──── upload.ts ────┘                                 └── past.ts ──┴ run-content.ts ─ site.ts ──┘
 */

import { previewSvg, renderRunPages } from '../reports/render.ts'
import { canonicalJson } from './core/canonical.ts'
import type { Context } from './core/context.ts'
import { InputError, type Issue, StoreRefusedError } from './core/errors.ts'
import type { Report } from './core/report.ts'
import type { Stage } from './core/stage.ts'
import { askRules } from './findings/registry.ts'
import { runSpace } from './history/centroids.ts'
import { relabelledRows } from './history/comparison.ts'
import { measureDrift } from './history/drift.ts'
import { runRows } from './history/run-rows.ts'
import { evaluate } from './metrics/evaluate.ts'
import { narrowingLoss } from './metrics/narrowing-loss.ts'
import { measureSpace } from './metrics/structure/space.ts'
import { tradeOff } from './metrics/trade-off/trade-off.ts'
import { nearestNeighbors } from './neighbors/nearest-neighbors.ts'
import { selfJoin } from './neighbors/self-join.ts'
import { alignedMaps, mapRows } from './projection/map.ts'
import { encodeCentroids } from './publish/centroids-parquet.ts'
import { centroidsKey, runKey } from './publish/keys.ts'
import { encodeRows } from './publish/rows-parquet.ts'
import { readTickets } from './publish/tickets-object.ts'
import { makeRun } from './run/content.ts'
import { baselineRowOf, historyOf, readPast } from './run/past.ts'
import type { EvaluationRequest, HandedOver, Outcome, ShortenedRequest } from './run/request.ts'
import { stagesOf } from './run/stages.ts'
import { healSite } from './site/heal.ts'
import { drawPreview, pageOrPlain } from './site/plain-page.ts'
import { readReport } from './site/runs.ts'
import { enterRun, publishFailure, publishReport } from './site/site.ts'
import { withdrawTooOpen } from './site/withdrawal.ts'
import { openBackend } from './tensor/open-backend.ts'
import { checkUnchanged, UploadChangedError } from './upload/change.ts'
import type { Upload } from './upload/content.ts'
import { fetchUpload } from './upload/fetch.ts'
import {
  checkMemory,
  type EvaluationSize,
  listMemory,
  usableMemory,
} from './upload/memory-limit.ts'
import { type ReadUpload, readUpload } from './upload/rows.ts'
import { freeName, ownName } from './upload/run-name.ts'

/**
 * Evaluates `uploads/<project>/<run>/` of `context.uploads` and publishes the result to `context.site`.
 * Bad input is an outcome; trouble with the stores, cancellation and our own faults are thrown.
 * A published run is never changed: other content under its name becomes a run of its own, named
 * after both.
 */
export function evaluateUpload(context: Context, request: EvaluationRequest): Promise<Outcome> {
  // Nothing is handed over where there is nobody to ask.
  return evaluateOrHandOver(context, request) as Promise<Outcome>
}

/** The same, unless the request ends it once the rows are checked. */
export async function evaluateOrHandOver(
  caller: Context,
  request: EvaluationRequest | ShortenedRequest,
): Promise<Outcome | HandedOver> {
  // Threads listen to its end, and any number of evaluations may share the caller's signal.
  const context = { ...caller, signal: AbortSignal.any([caller.signal]) }
  for (let attempt = 1; ; attempt++) {
    try {
      return await evaluateOnce(context, request)
    } catch (error) {
      if (!(error instanceof UploadChangedError) || attempt === MOST_ATTEMPTS) throw error
      context.log.info(`${error.message}; it is evaluated anew`)
    }
  }
}

/** Of an upload whose files change as it is evaluated; whoever asks may ask again later. */
const MOST_ATTEMPTS = 5

async function evaluateOnce(
  context: Context,
  request: EvaluationRequest | ShortenedRequest,
): Promise<Outcome | HandedOver> {
  const { project, overrides = {}, restMs = 0, plannedSettings } = request
  const upload = await fetchUpload(context, project, request.run, {
    overrides,
    rest: { ms: restMs, now: context.clock() },
    ...(plannedSettings === undefined ? {} : { plannedSettings }),
  })
  if (upload === null) return { status: 'waiting', missing: 'the file of embeddings' }
  // Before a name and a baseline are chosen: both depend on which runs are complete.
  await healSite(context, project)
  // Also of one that is not complete: settings may come late, and what they forbid is forbidden.
  await withdrawTooOpen(context, upload)
  if (upload.waitsFor !== null) return { status: 'waiting', missing: upload.waitsFor }
  const run = await freeName(context.site, upload)
  try {
    return await evaluateAs(context, upload, run, request)
  } catch (error) {
    const isTaken = error instanceof StoreRefusedError && error.code === 'run-exists'
    if (!isTaken || run !== upload.run) throw error
    // Other content was published under the name while this was being evaluated.
    return evaluateAs(context, upload, ownName(upload), request)
  }
}

async function evaluateAs(
  context: Context,
  upload: Upload,
  run: string,
  request: EvaluationRequest | ShortenedRequest,
): Promise<Outcome | HandedOver> {
  const { project } = upload
  const published = await readReport(context.site, project, run)
  if (published !== null) {
    // It may have come from elsewhere, or be of a version that kept no claim until it was listed.
    await enterRun(context, project, run)
    return { status: 'published', run, report: published, alreadyPublished: true }
  }
  try {
    const report = await publishEvaluation(context, upload, run, request)
    if (report === 'waiting') return { status: 'waiting', missing: 'labels' }
    if (report === 'handed-over') return { status: 'handed-over', run }
    return { status: 'published', run, report, alreadyPublished: false }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    await checkUnchanged(context, upload)
    await publishFailure(context, upload, run, error.issues)
    return { status: 'failed', run, issues: error.issues }
  }
}

/** Publishes that an upload isn't evaluated, and why, without reading it. */
export async function refuseUpload(
  context: Context,
  { project, run: name }: Pick<EvaluationRequest, 'project' | 'run'>,
  issue: Issue,
): Promise<Outcome> {
  const upload = await fetchUpload(context, project, name)
  if (upload === null) return { status: 'waiting', missing: 'the file of embeddings' }
  const run = await freeName(context.site, upload)
  await publishFailure(context, upload, run, [issue])
  return { status: 'failed', run, issues: [issue] }
}

/** How large an evaluation is. */
export function sizeOf({ dataset, manifest }: ReadUpload): EvaluationSize {
  const { rows, dimensions, classes } = dataset
  return { rows, dimensions, classes: classes.length, mapRows: mapRows(manifest.maps, rows) }
}

/** Every stage in its order; `waiting` where labels haven't arrived yet. */
async function publishEvaluation(
  context: Context,
  upload: Upload,
  run: string,
  request: EvaluationRequest | ShortenedRequest,
): Promise<Report | 'waiting' | 'handed-over'> {
  const { signal, random } = context
  const { stage, timings } = stagesOf(context)
  const progressOf = (name: Stage) => (fraction: number) =>
    context.progress({ stage: name, fraction })

  const read = await stage('read', () => readUpload(upload, request.overrides ?? {}))
  if (read === null) return 'waiting'
  if ('handOver' in request && (await request.handOver(upload, read))) return 'handed-over'
  const { dataset, manifest } = read
  const { metric, k } = manifest
  const limitBytes = request.memoryLimitBytes ?? usableMemory()
  checkMemory(sizeOf(read), limitBytes, upload.parts?.vectors ?? '')
  const past = await stage('baseline', () => readPast(context, upload, run, read))
  const { baseline, vectors } = past

  const backend = await stage('backend', () => openBackend(request.backend))
  try {
    const options = { backend, metric, signal, random }
    const join = () =>
      selfJoin(
        { ...dataset, classes: dataset.classes.length },
        {
          backend,
          metric,
          k,
          signal,
          progress: progressOf('neighbors'),
          listBytes: listMemory(sizeOf(read), limitBytes),
        },
      )
    const neighborhood = await stage('neighbors', request.neighborhood ?? join)
    const lost = narrowingLoss(dataset, neighborhood, upload.parts?.vectors ?? '')
    const shape = await stage('structure', () => measureSpace(dataset, options))
    const compressed = await stage('trade-off', () =>
      tradeOff(dataset, shape, neighborhood, options),
    )
    const figures = await stage('metrics', () =>
      evaluate({ dataset, neighborhood, manifest, random, space: shape, tradeOff: compressed }),
    )
    const { space, drift } = await stage('drift', () => {
      const space = runSpace(run, dataset, manifest)
      const drift = baseline && vectors && measureDrift(dataset, space, baseline.space, vectors)
      return { space, drift }
    })
    const current = runRows(figures)
    const baselineRow = baselineRowOf(current, past)
    const relabelled =
      baseline && baselineRow ? relabelledRows(current, baseline.rows, baselineRow) : 0
    const evaluation = { ...figures, drift: drift && { ...drift, relabelled } }
    const maps = await stage('projection', () =>
      alignedMaps(dataset, metric, backend, {
        signal,
        random,
        space: shape,
        methods: manifest.maps,
        findNeighbors: (input, k, progress) =>
          nearestNeighbors(input, { backend, metric, k, signal, progress }),
        progress: progressOf('projection'),
        baseline: baseline &&
          baselineRow && { maps: baseline.maps, run: baseline.rows.run, rowOf: baselineRow },
      }),
    )
    const findings = await stage('findings', () => askRules(evaluation, manifest))
    const told = { ...dataset, warnings: [...dataset.warnings, ...lost] }
    const evaluated = {
      upload,
      run,
      read: { ...read, dataset: told },
      past,
      evaluation,
      current,
      baselineRow,
      findings,
    }
    const history = await stage('history', () => historyOf(context, evaluated))
    const parts = { maps, history, timings: timings() }
    const { report: unrendered, rows } = await stage('pictures', () =>
      makeRun(context, evaluated, parts),
    )
    const keyOf = (file: string) => runKey(upload.project, run, file)
    const pages = await stage('render', async () => {
      const preview = await drawPreview(context, keyOf('preview.png'), () => previewSvg(unrendered))
      const page = {
        report: unrendered,
        rows,
        index: past.index,
        metadata: dataset.metadata,
        mapsBefore: maps.before,
        links: await readTickets(context.site, upload.project),
        pages: request.pages ?? [],
      }
      return {
        ...(await renderRunPages(page, (file, make) => pageOrPlain(context, keyOf(file), make))),
        ...(preview && { 'preview.png': preview }),
      }
    })
    const report: Report = { ...unrendered, timings: timings() }
    await stage('publish', async () => {
      await checkUnchanged(context, upload, baseline?.rows.run)
      if (manifest.privacy.centroids !== 'none') {
        const key = centroidsKey(upload.project, run, upload.contentId)
        await context.vault.put(key, encodeCentroids(space.centroids))
      }
      await publishReport(
        context,
        { report, rows, index: past.index, metadata: dataset.metadata },
        {
          ...pages,
          'report.json': `${canonicalJson(report)}\n`,
          'rows.parquet': encodeRows(rows, dataset.metadata),
        },
      )
    })
    return report
  } finally {
    await backend.close()
  }
}
