/** How an evaluation ends, and the port through which others are told of it. */

import type { Issue } from './errors.ts'
import type { Log } from './log.ts'
import type { Report } from './report.ts'

/** Something of the upload hasn't arrived yet; nothing is published. */
export interface Waiting {
  readonly status: 'waiting'
  /** In words. */
  readonly missing: string
}

/** The evaluation goes on elsewhere; nothing is published here. */
export interface HandedOver {
  readonly status: 'handed-over'
  /** Why, and where it goes on, as a sentence. */
  readonly why: string
}

/** The run is complete in the site. */
export interface Published {
  readonly status: 'published'
  /** The name that it is published under. */
  readonly run: string
  readonly report: Report
  /** Whether the same upload had been evaluated before. */
  readonly alreadyPublished: boolean
}

/** The upload can't be evaluated; its error page is published. */
export interface Failed {
  readonly status: 'failed'
  readonly run: string
  readonly issues: readonly Issue[]
}

/** How an evaluation ends that nobody asked to hand over. */
export type Outcome = Waiting | Published | Failed

/** An end of an evaluation, with what it was of. */
export type Ending = (Outcome | HandedOver) & {
  /** Whose it is; null: nobody's. */
  readonly tenant: string | null
  readonly project: string
  /** The name of the upload; a run may have another one. */
  readonly upload: string
  readonly elapsedMs: number
}

/**
 * Tells somebody how an evaluation ended: a log, a chat, a ticket. It is called once for each ending: a run
 * in shards ends as handed over before it is published, an upload that is delivered again ends with
 * `alreadyPublished`, and what is thrown is no ending. It is awaited, so that a channel which may be silent
 * limits its own time. What it throws is logged and changes nothing.
 *
 * @param log that of the evaluation, whose lines say what it was of
 */
export type Announcer = (ending: Ending, log: Log) => void | Promise<void>
