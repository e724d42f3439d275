/** `index.json` and `projects.json`: what the site lists. */

import type { FindingKind } from './finding-kind.ts'
import type { ItemState } from './item.ts'
import type { Metric } from './manifest.ts'

/** `<project>/index.json`: the one object that is rewritten, under compare-and-swap. */
export interface ProjectIndex {
  readonly schema: 'nearmiss.index/1'
  readonly project: string
  /** Oldest first. */
  readonly runs: readonly RunEntry[]
  /** Every item that was ever raised, by id. */
  readonly items: Readonly<Record<string, ItemHistory>>
}

export interface RunEntry {
  readonly run: string
  readonly createdAt: string
  readonly status: 'published' | 'failed'
  readonly contentId: string
  /** For failed runs: what was wrong, in a sentence. */
  readonly error: string | null
  readonly summary: RunSummary | null
}

export interface RunSummary {
  readonly rows: number
  readonly classes: number
  readonly dimensions: number
  readonly metric: Metric
  readonly model: string | null
  readonly accuracy: number | null
  readonly accuracyInterval: readonly [number, number] | null
  readonly mapAtR: number | null
  readonly baseline: string | null
  readonly fixed: number | null
  readonly broken: number | null
  readonly p: number | null
  readonly worstPair: { readonly a: string; readonly b: string; readonly count: number } | null
  readonly openItems: number
  /** How many items ended as out of scope in it; absent where none did. */
  readonly outOfScope?: number
  readonly gatePassed: boolean | null
  /** Which rows it has, for the question whether two runs can be compared. */
  readonly sketch: string
  readonly verdict: string
}

export interface ItemHistory {
  readonly id: string
  readonly kind: FindingKind
  readonly title: string
  readonly owner: string
  /** Oldest first; one entry for each run that evaluated or should have evaluated it. */
  readonly states: readonly {
    readonly run: string
    readonly state: ItemState
    readonly measure: number
    readonly gain: number
    /** Set where the run's manifest accepted or muted it. */
    readonly known?: true
  }[]
  /** The item that told it in a run after its last state, which then had none of its own. */
  readonly coveredBy?: { readonly run: string; readonly id: string }
}

/** `projects.json` at the site's root: what its first page lists. */
export interface ProjectsIndex {
  readonly schema: 'nearmiss.projects/1'
  /** By name. */
  readonly projects: readonly ProjectEntry[]
}

export interface ProjectEntry {
  readonly project: string
  /** The run that was created last. */
  readonly latest: RunEntry
}
