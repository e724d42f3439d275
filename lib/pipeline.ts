/**
 * The way of an upload to a published report; read this file first.
 *
 *   uploads ─► formats ─► dataset ─► neighbors ─► metrics ─► findings ─► history ─► reports ─► publish
 *   └──── upload.ts ────┘                                              └── report.ts ── site.ts ──┘
 */

import { drawPng, type OwnPage, previewSvg, renderRunPages } from '../reports/render.ts'
import { canonicalJson } from './core/canonical.ts'
import type { Context, Stage } from './core/context.ts'
import { InputError, type Issue, StoreRefusedError, throwIfCancelled } from './core/errors.ts'
import type { Neighborhood } from './core/evaluation.ts'
import type { Report } from './core/report.ts'
import { findFindings, recallFinding } from './findings/registry.ts'
import { chooseBaseline } from './history/baseline.ts'
import { runSpace } from './history/centroids.ts'
import { changesSince } from './history/changes.ts'
import { baselineComparison, compareRuns } from './history/comparison.ts'
import { measureDrift } from './history/drift.ts'
import { judgeGates } from './history/gates.ts'
import { decideItems } from './history/items.ts'
import { matchRows, runRows } from './history/run-rows.ts'
import { checkMemory, type EvaluationSize, usableMemory } from './memory-limit.ts'
import { evaluate } from './metrics/evaluate.ts'
import { measureSpace } from './metrics/space.ts'
import { tradeOff } from './metrics/trade-off.ts'
import { nearestNeighbors } from './neighbors/nearest-neighbors.ts'
import { selfJoin } from './neighbors/self-join.ts'
import { pictures, publishedImages } from './pictures.ts'
import { planningOf } from './planning/planning.ts'
import { alignedMaps, mapRows } from './projection/map.ts'
import { encodeCentroids } from './publish/centroids-parquet.ts'
import { readIndex } from './publish/index-object.ts'
import { encodeRows } from './publish/rows-parquet.ts'
import { readRun } from './publish/run.ts'
import { comparableRun, makeReport, makeRows } from './report.ts'
import { entryOf, publishFailure, publishIndexes, publishReport } from './site.ts'
import { CENTROIDS_FILE, readBaseline, readReport } from './site-runs.ts'
import { type BackendChoice, openBackend } from './tensor/backend.ts'
import { fetchUpload, type Overrides, type ReadUpload, readUpload, type Upload } from './upload.ts'

export type { BackendChoice }

export interface EvaluationRequest {
  readonly project: string
  readonly run: string
  readonly backend: BackendChoice
  /** What the caller says instead of the manifest. */
  readonly overrides?: Overrides
  /** What the evaluation may take; four fifths of the function's or the machine's memory unless given. */
  readonly memoryLimitBytes?: number
  /** Pages of a team's own, beside those of the deployment. */
  readonly pages?: readonly OwnPage[]
  /** The neighbours, where they were found elsewhere; found here unless given. */
  readonly neighborhood?: () => Promise<Neighborhood>
}

/** A request that may end early, for the evaluation to go on elsewhere. */
export interface ShortenedRequest extends EvaluationRequest {
  /** Asked once the rows are checked: whether it ends here. */
  readonly handOver: (upload: Upload, read: ReadUpload) => Promise<boolean>
}

export type Outcome =
  /** The run is complete in the site; `alreadyPublished` where the same upload had been evaluated before. */
  | {
      readonly status: 'published'
      readonly run: string
      readonly report: Report
      readonly alreadyPublished: boolean
    }
  /** The upload can't be evaluated; its error page is published. */
  | { readonly status: 'failed'; readonly run: string; readonly issues: readonly Issue[] }
  /** Vectors or labels haven't arrived yet; nothing is published. */
  | { readonly status: 'waiting'; readonly missing: string }

/** The evaluation goes on elsewhere, and nothing is published here. */
export interface HandedOver {
  readonly status: 'handed-over'
  readonly run: string
}

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
  context: Context,
  request: EvaluationRequest | ShortenedRequest,
): Promise<Outcome | HandedOver> {
  const { project, overrides = {} } = request
  const upload = await fetchUpload(context.uploads, project, request.run, overrides)
  if (upload === null) return { status: 'waiting', missing: 'the file of embeddings' }
  const run = await freeName(context, upload)
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
    // Who published it may have stopped before it got to the indexes.
    await publishIndexes(context, project, entryOf(published), published.items)
    return { status: 'published', run, report: published, alreadyPublished: true }
  }
  try {
    const report = await publishEvaluation(context, upload, run, request)
    if (report === 'waiting') return { status: 'waiting', missing: 'labels' }
    if (report === 'handed-over') return { status: 'handed-over', run }
    return { status: 'published', run, report, alreadyPublished: false }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    await publishFailure(context, upload, run, error.issues)
    return { status: 'failed', run, issues: error.issues }
  }
}

/** The upload's own name, unless a run was published under it from other content. */
async function freeName({ site }: Context, upload: Upload): Promise<string> {
  const { project, run, contentId } = upload
  const record = await readRun(site, project, run)
  if (record === null || record.status === 'failed' || record.contentId === contentId) return run
  return ownName(upload)
}

function ownName({ run, contentId }: Upload): string {
  return `${run.slice(0, 119)}-${contentId.slice(0, 8)}`
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
  const { project, overrides = {} } = request
  const { signal, random } = context
  const timings: Record<string, { elapsedMs: number }> = {}
  const stage = async <T>(name: Stage, work: () => T | Promise<T>): Promise<T> => {
    throwIfCancelled(signal)
    context.progress({ stage: name, fraction: 0 })
    const start = performance.now()
    const result = await work()
    timings[name] = { elapsedMs: Math.round(performance.now() - start) }
    return result
  }

  const read = await stage('read', () => readUpload(upload, overrides))
  if (read === null) return 'waiting'
  if ('handOver' in request && (await request.handOver(upload, read))) return 'handed-over'
  const { dataset, manifest } = read
  checkMemory(sizeOf(read), request.memoryLimitBytes ?? usableMemory(), upload.parts?.vectors ?? '')
  const index = await readIndex(context.site, project)
  const like = comparableRun(dataset, manifest)
  const choose = (setting: string) => chooseBaseline(index, setting, run, upload.createdAt, like)
  const choice = choose(manifest.baseline)
  const baseline =
    choice.run === null ? null : await readBaseline(context.site, project, choice.run)

  const backend = await openBackend(request.backend)
  try {
    const neighborhood = await stage(
      'neighbors',
      request.neighborhood ??
        (() =>
          selfJoin(
            { ...dataset, classes: dataset.classes.length },
            {
              backend,
              metric: manifest.metric,
              k: manifest.k,
              signal,
              progress: (fraction) => context.progress({ stage: 'neighbors', fraction }),
            },
          )),
    )
    const shape = await stage('structure', () =>
      measureSpace(dataset, { metric: manifest.metric, backend, signal, random }),
    )
    const compressed = await stage('trade-off', () =>
      tradeOff(dataset, shape, { metric: manifest.metric, backend, signal, random }),
    )
    const space = runSpace(run, dataset, manifest)
    const evaluation = await stage('metrics', () => ({
      ...evaluate(dataset, neighborhood, manifest, random, shape),
      drift: baseline && measureDrift(dataset, space, baseline.space, null),
    }))
    const current = runRows(evaluation)
    const matching = baseline && matchRows(current, baseline.rows)
    const baselineRow = matching && 'baselineRow' in matching ? matching.baselineRow : null

    const map = await stage('projection', () =>
      alignedMaps(dataset, manifest.metric, backend, {
        signal,
        random,
        methods: manifest.maps,
        findNeighbors: (input, k, progress) =>
          nearestNeighbors(input, { backend, metric: manifest.metric, k, signal, progress }),
        progress: (fraction) => context.progress({ stage: 'projection', fraction }),
        baseline: baseline &&
          baselineRow && { maps: baseline.maps, run: baseline.rows.run, rowOf: baselineRow },
      }),
    )
    const findings = await stage('findings', () => findFindings(evaluation, manifest))
    const history = await stage('history', async () => {
      const compared = baseline
        ? compareRuns(current, baseline.rows)
        : {
            comparison: null,
            note: choice.reason ?? `The report of ${choice.run} is no longer in the site.`,
            warnings: [],
          }
      const items = decideItems({
        findings,
        recall: (id) => recallFinding(evaluation, manifest, id),
        evaluation,
        current,
        manifest,
        baseline: baseline?.rows ?? null,
        index,
        run,
        createdAt: upload.createdAt,
        today: context.clock().toISOString().slice(0, 10),
      })
      const gate = judgeGates({
        gates: manifest.gates,
        figures: evaluation.figures,
        rows: evaluation.evaluatedRows,
        baseline: baseline?.rows ?? null,
      })
      const tables =
        baseline && baselineRow && compared.comparison
          ? changesSince(evaluation, current, baseline.rows, baselineRow, random)
          : null
      const comparisons = [baselineComparison(manifest.baseline, compared)]
      for (const setting of manifest.furtherBaselines) {
        const other = choose(setting)
        const found = other.run && (await readBaseline(context.site, project, other.run))
        comparisons.push(
          baselineComparison(
            setting,
            found
              ? compareRuns(current, found.rows)
              : {
                  comparison: null,
                  note: other.reason ?? `${other.run} is no longer in the site.`,
                },
          ),
        )
      }
      return { ...compared, comparisons, tables, items, gate }
    })
    const draft = makeRows(
      evaluation,
      map,
      baselineRow,
      baseline?.rows ?? null,
      history.tables?.overlap ?? null,
      null,
    )
    const planning = planningOf({
      manifest,
      items: history.items,
      evidenceOf: (id) =>
        (findings.find((one) => one.id === id) ?? recallFinding(evaluation, manifest, id))
          ?.evidence ?? null,
      isError: (row) => evaluation.rows.correct[row] !== 1,
      siteUrl: context.siteUrl,
    })
    const images = await publishedImages(context, read, project)
    const image = await pictures(context, upload, read, draft, history)
    const rows = { ...draft, image: image.addresses }
    const warnings = [
      ...dataset.warnings,
      ...history.warnings,
      ...(choice.warning ? [choice.warning] : []),
      ...image.warnings,
    ]
    const unrendered = makeReport({
      upload,
      run,
      manifest,
      evaluation,
      tradeOff: compressed,
      projection: map.projection,
      projections: map.projections,
      items: history.items,
      comparison: history.comparison,
      comparisonNote: history.note,
      comparisons: history.comparisons,
      changes: history.tables?.changes ?? null,
      gate: history.gate,
      images,
      planning,
      warnings,
      timings,
    })
    const pages = await stage('render', () =>
      renderRunPages({
        report: unrendered,
        rows,
        index,
        metadata: dataset.metadata,
        mapsBefore: map.before,
        pages: request.pages ?? [],
      }),
    )
    const preview = await drawPng(previewSvg(unrendered))
    const report: Report = { ...unrendered, timings: { ...timings } }
    await stage('publish', () =>
      publishReport(
        context,
        { report, rows, index, metadata: dataset.metadata },
        {
          ...pages,
          'preview.png': preview,
          'report.json': `${canonicalJson(report)}\n`,
          'rows.parquet': encodeRows(rows, dataset.metadata),
          ...(manifest.privacy.centroids === 'published'
            ? { [CENTROIDS_FILE]: encodeCentroids(space.centroids) }
            : {}),
        },
      ),
    )
    return report
  } finally {
    await backend.close()
  }
}
