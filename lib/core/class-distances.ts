/** How far rows and classes lie from classes, by the mean of the distances between their rows. */

/** So many sums of distances, one a row and class, are kept at a time: 512 MB. */
export const MOST_SUMS = 2 ** 26

/** Rows of a class from which on it is among the large ones. */
export const LARGE_CLASS = 12

/** Of each row or class, the class at the smallest mean distance; of several the first. */
export interface NearestClasses {
  /** −1 where there is none. */
  readonly classes: Int32Array
  /** Mean distance to its rows; infinity where there is none. */
  readonly distances: Float64Array
}

/** Means are over all rows of the classes, whether they may be neighbours or not; a row itself is left out. */
export interface ClassDistances {
  /** For each row the mean distance to the others of its class; NaN for a class of one. */
  readonly within: Float64Array
  /** For each row the nearest other class, and the nearest of those of `LARGE_CLASS` rows or more. */
  readonly nearest: NearestClasses
  readonly nearestLarge: NearestClasses
  /** For each class the mean distance over its pairs of rows; NaN for a class of one. */
  readonly withinClasses: Float64Array
  /** For each class the nearest other one. */
  readonly nearestOfClasses: NearestClasses
}

export function emptyClassDistances(rows: number, classes: number): ClassDistances {
  const none = (length: number): NearestClasses => ({
    classes: new Int32Array(length).fill(-1),
    distances: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
  })
  return {
    within: new Float64Array(rows).fill(Number.NaN),
    nearest: none(rows),
    nearestLarge: none(rows),
    withinClasses: new Float64Array(classes).fill(Number.NaN),
    nearestOfClasses: none(classes),
  }
}
