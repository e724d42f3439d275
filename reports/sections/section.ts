/** What a section of a run's page is. Each folder beside this file exports one, as `section`. */

import type { MapCoordinates } from '../../lib/core/projection.ts'
import type { Report } from '../../lib/core/report.ts'
import type { Snippet } from '../components/behind.tsx'
import type { RunView } from '../view/run-view.ts'
import type { BareCase } from '../words/bare-case.ts'

/**
 * Its words are `section.mdx` in its folder. What they say in `<Intro>` is shown where there is something
 * to say it of. Its charts that figures.js holds are the functions of its `figures.ts`.
 */
export interface Section {
  /** Its folder's name, and its anchor on the page. */
  readonly id: string
  /** Its name in the contents. */
  readonly topic: string
  /** What it comes to, as a sentence: its heading. */
  readonly conclusion: (report: Report) => string
  /** The sentences that stand for all of it, where its figures say nothing. */
  readonly bare?: Partial<Readonly<Record<BareCase, string>>>
  /** Whether it has anything to introduce; always unless given. */
  readonly some?: (report: Report) => boolean
  /** Its figures and tables, by the names that words call them by: its own, and those of a team's pages. */
  readonly parts: Readonly<Record<string, Part>>
  /** The code that it shows, by name. */
  readonly snippets?: Readonly<Record<string, Snippet>>
  /** Files beside the page that it loads, by name; null where there is nothing to load. */
  readonly files?: Readonly<Record<string, MakeFile>>
}

export type Part = (props: { readonly view: RunView }) => unknown

/** @param before where the baseline's maps have each row, in the places of this run's */
export type MakeFile = (view: RunView, before: readonly MapCoordinates[]) => string | null
