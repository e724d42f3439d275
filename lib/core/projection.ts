/** Maps of a run: the rows in the plane. */

/**
 * With so few dimensions the principal plane is the vectors themselves, but for a turn, and with one a
 * length is the vector but for its sign: neither is published.
 */
export const FEW_DIMENSIONS = 3

export type MapMethod = 'pca' | 'tsne' | 'umap'

/** What a map is and how far it can be believed. */
export interface ProjectionFigures {
  readonly method: MapMethod
  readonly title: string
  /** Rows that the map shows: all, or a sample with every class in its share. */
  readonly rows: number
  readonly sampled: boolean
  /** 1: the 10 nearest on the map are the 10 nearest in the space; null with too few rows. */
  readonly trustworthiness: number | null
  readonly trustworthinessRows: number
  /** Baseline's run that the map started from or is turned to. */
  readonly alignedTo: string | null
  /** Such as the perplexity, as the method's authors name them. */
  readonly parameters: Readonly<Record<string, number>>
  /** Columns of `rows.parquet` that hold the coordinates. */
  readonly columns: readonly [x: string, y: string]
}

/** The map of the principal components, in short. */
export interface ProjectionSummary {
  readonly method: 'pca'
  /** Share of the variance on each axis. */
  readonly explained: readonly [number, number]
  readonly trustworthiness: number | null
  readonly trustworthinessRows: number
  /** Baseline's run that the map is aligned to. */
  readonly alignedTo: string | null
}

/** Coordinates by row; NaN where the map doesn't show it. */
export interface MapCoordinates {
  readonly method: MapMethod
  readonly x: Float32Array
  readonly y: Float32Array
}
