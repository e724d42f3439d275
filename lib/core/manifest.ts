/** `nearmiss.yaml` after its check: every default filled in, nothing optional left to guess. */

import type { MapMethod } from './projection.ts'

export type Metric = 'euclidean' | 'cosine'

export interface Manifest {
  readonly model: {
    readonly name: string | null
    readonly version: string | null
    readonly preprocessing: string | null
  }
  readonly metric: Metric
  /** How many neighbours of each row are kept and shown. At least 10. */
  readonly k: number
  readonly margin: {
    /** In units of the distance. */
    readonly low: number
    /** Whether the manifest says it, or it is the default. */
    readonly chosen: boolean
  }
  readonly intervals: {
    /** Rows of one count together; without a group column each row is a group. */
    readonly cluster: 'row' | 'group' | 'class'
  }
  readonly duplicates: {
    /** Near duplicates are closer than this share of the median nearest-neighbour distance. */
    readonly near: number
  }
  /** Maps to draw besides the principal components; null: what the number of rows allows. */
  readonly maps: readonly MapMethod[] | null
  /** `previous`, `best`, `none`, or a run's name. */
  readonly baseline: string
  /** Further runs to compare with, by the same names. */
  readonly furtherBaselines: readonly string[]
  readonly gates: readonly Gate[]
  /** Finding kind, class (as `class:NAME`) or slice (`slice:COLUMN`, `slice:COLUMN=VALUE`) to its owner. */
  readonly owners: Readonly<Record<string, string>>
  readonly images: Images | null
  readonly tracker: Tracker | null
  readonly known: readonly KnownItem[]
  /** Item id to what people have to say about it. */
  readonly notes: Readonly<Record<string, string>>
  /** Item id, or finding kind, to its effort: a number in the team's own unit, or words. */
  readonly effort: Readonly<Record<string, number | string>>
  /** Item id to the address of the ticket that it has already. */
  readonly tickets: Readonly<Record<string, string>>
  /** Where the site is published, with a slash at its end; null where nobody said. */
  readonly siteUrl: string | null
  /** `marker`: an upload is complete once `_READY` lies in its folder; `files` unless given. */
  readonly ready?: 'files' | 'marker'
  /** How labels are cleaned; left out where the settings say nothing. */
  readonly labels?: {
    /** Labels that say that there is none; the usual ones where it is left out. */
    readonly unlabelled?: readonly string[]
    /** Differences that make no class of its own. */
    readonly normalise: readonly LabelForm[]
  }
  readonly columns: ColumnNames
  readonly privacy: {
    readonly images: 'none' | 'thumbnails' | 'links'
    readonly ids: 'plain' | 'hashed'
    /** By a column's name; `*` for those that have no rule of their own. */
    readonly columns: Readonly<Record<string, ColumnRule>>
    /** Whether the vault keeps its classes' mean vectors for the next run; `published` is `kept` by its old name. */
    readonly centroids: 'kept' | 'published' | 'none'
  }
}

/** A column's own rule; undefined where it has none. A name of the file may be one that every object has. */
export function ownRule(
  rules: Readonly<Record<string, ColumnRule>>,
  name: string,
): ColumnRule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}

/** In what two labels may differ and mean one class. */
export const LABEL_FORMS = ['number', 'spaces', 'case', 'unicode'] as const
export type LabelForm = (typeof LABEL_FORMS)[number]

/** Published as it is, not at all, or as keyed hashes. */
export type ColumnRule = 'keep' | 'drop' | 'hash'

export interface Tracker {
  readonly kind: TrackerKind
  /** As the manifest gives it: of a repository, project or team. */
  readonly url: string
}

export type TrackerKind = 'github' | 'gitlab' | 'jira' | 'linear' | 'azure'

export interface Gate {
  readonly metric: string
  /** A number alone: the least value, or the greatest of a figure of which lower is better. */
  readonly limit: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  /** Largest loss against the baseline that still passes. */
  readonly noWorseThanBaselineBy: number | null
}

export type Images =
  /** `{id}`, `{label}` or a column's name in braces is replaced. */
  | { readonly template: string }
  /** One picture that holds a tile for each row of the upload, in row order, left to right. */
  | { readonly sprite: string; readonly tile: readonly [width: number, height: number] }

export interface KnownItem {
  readonly id: string
  readonly state: 'accepted' | 'muted'
  readonly reason: string
  /** `YYYY-MM-DD`, the last day on which it holds; null: for good. */
  readonly until: string | null
}

/** Which columns of the upload play which part. */
export interface ColumnNames {
  readonly embeddings: string
  readonly id: string
  readonly label: string
  readonly split: string
  readonly group: string
  readonly image: string
  readonly time: string
}
