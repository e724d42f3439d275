/** What every stage may ask the outside world for; nothing else reads a clock, chance or a stream. */

import type { Announcer } from './ending.ts'
import type { Log } from './log.ts'
import type { Stage } from './stage.ts'
import type { Store } from './store.ts'

/** Where an evaluation stands: told to the terminal, or to the page that waits for the report. */
export interface Progress {
  readonly stage: Stage
  /** 0 to 1 within the stage. */
  readonly fraction: number
}

export interface Context {
  readonly uploads: Store
  readonly site: Store
  /**
   * What runs keep for later ones and nobody else may read: what they measured of their classes, and the
   * key of hashed ids. Who may read the uploads may read it; who may read the site may not.
   */
  readonly vault: Store
  readonly log: Log
  /** The current time. */
  readonly clock: () => Date
  /** A generator of numbers in [0, 1) that repeats for a seed. */
  readonly random: (seed: number) => () => number
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
  /** Told in one sentence what was read as what, before it is evaluated. */
  readonly reading?: (sentence: string) => void
  /** Who is told how an evaluation ended. */
  readonly announcers: readonly Announcer[]
  /** What ids are hashed with instead of the vault's key. */
  readonly idKey?: string
  /** Whose stores these are; left out: they belong to no tenant. */
  readonly tenant?: string
  /** Where the site is published, with a slash at its end, where the caller knows. */
  readonly siteUrl?: string
}
