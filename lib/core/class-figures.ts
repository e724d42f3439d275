/** What a run says of each class. */

/** The figures of one class. */
export interface ClassFigures {
  readonly label: string
  /** Rows that are evaluated. */
  readonly rows: number
  /** Its rows in the gallery, where queries are held against one. */
  readonly galleryRows?: number
  readonly errors: number
  readonly accuracy: number
  readonly accuracyInterval: readonly [number, number]
  readonly hitAt10: number | null
  readonly mapAtR: number | null
  readonly neighborMarginMedian: number | null
  readonly neighborMarginLowShare: number | null
  readonly classMarginMedian: number | null
  /** Mean distance over the pairs of the class; null with one row. */
  readonly intraClassDistance: number | null
  readonly centroidDistance: number
  /** (intra − median of the classes) / (1.4826 MAD); null where it can't be judged. */
  readonly spreadScore: number | null
  readonly nearestClass: string | null
  /** Mean distance to the rows of `nearestClass`. */
  readonly interClassDistance: number | null
  /** interClassDistance / mean of the two intra-class distances. */
  readonly separation: number | null
  readonly silhouette: number | null
  readonly outliers: number
}

/** Whether its rows are nearer to those of another class than to one another, on average. */
export function isNearerToAnother({
  intraClassDistance,
  interClassDistance,
}: ClassFigures): boolean {
  return (
    intraClassDistance !== null &&
    interClassDistance !== null &&
    interClassDistance < intraClassDistance
  )
}
