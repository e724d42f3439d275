/**
 * The way of an upload to a published report; read this file first.
 *
 *   uploads ─► formats ─► dataset ─► neighbors ─► metrics ─► findings ─► history ─► reports ─► publish
 */

import type { Context } from './core/context.ts'
import type { Issue } from './core/errors.ts'
import type { Report } from './core/report.ts'

export type BackendChoice = 'auto' | 'tfjs-node-gpu' | 'tfjs-node' | 'wasm'

export interface EvaluationRequest {
  readonly project: string
  readonly run: string
  readonly backend: BackendChoice
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

/**
 * Evaluates `uploads/<project>/<run>/` of `context.uploads` and publishes the result to `context.site`.
 * Bad input is an outcome; trouble with the stores, cancellation and our own faults are thrown.
 */
export async function evaluateUpload(
  _context: Context,
  _request: EvaluationRequest,
): Promise<Outcome> {
  throw new Error('not written yet')
}
