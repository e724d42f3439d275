/** Whether the coordinates of two runs mean the same: two models' spaces are never compared by them. */

import type { Centroid, RunSpace, SpaceComparison, SpaceFit } from '../core/drift.ts'
import { type Configuration, movedShare, procrustesDisparity } from '../stats/procrustes.ts'

/** Points that moved by less, relative to their scatter, are where they were. */
const MOST_MOVED = 0.1
/** A model that is named the same and moved its points by more is taken for another. */
const MOST_MOVED_BY_NAME = 0.5
/** Distances that agree this well after a turn are no coincidence. */
const MOST_DISPARITY = 0.01
/** How much worse the fit must be where the points are matched wrongly on purpose. */
const CONTROL = 5
const FEWEST_POINTS = 5
/** A fit costs their cube. */
export const MOST_POINTS = 120

/** Vectors of the same rows in both runs; null where those of the baseline are not at hand. */
export interface SharedRows {
  readonly count: number
  /** Row-major, as measured by the run's metric. */
  readonly before: Configuration
  readonly now: Configuration
}

/**
 * Told by the models that the manifests name, checked by where the same points lie in both runs: the
 * vectors of shared rows where those are at hand, else the centroids of shared classes.
 */
export function compareSpaces(
  now: RunSpace,
  before: RunSpace,
  shared: SharedRows | null,
): SpaceComparison {
  const other = whyOtherSpace(now, before)
  if (other !== null) return { relation: 'other', reason: other, fit: null }
  const named =
    now.model.name !== null &&
    (['name', 'version', 'preprocessing'] as const).every(
      (part) => now.model[part] === before.model[part],
    )
  const fit = fitOf(now, before, shared)
  if (fit === null) {
    return named
      ? { relation: 'same', reason: `Both manifests name ${modelName(now)}.`, fit }
      : {
          relation: 'unknown',
          reason: `Nothing tells whether the model is the one of ${before.run}: name it in the manifest (model.name, model.version).`,
          fit,
        }
  }
  const points = `the ${fit.count} ${fit.points} of both runs`
  if (fit.moved <= (named ? MOST_MOVED_BY_NAME : MOST_MOVED)) {
    const reason = named ? `Both manifests name ${modelName(now)}, and` : 'No manifest tells, but'
    return { relation: 'same', reason: `${reason} ${points} agree.`, fit }
  }
  if (fit.disparity <= MOST_DISPARITY) {
    return {
      relation: 'turned',
      reason: `After a turn ${points} lie where they were: distances can be compared, directions can't.`,
      fit,
    }
  }
  const claim = named ? `Both manifests name ${modelName(now)}, but` : 'No manifest tells, but'
  return {
    relation: 'other',
    reason: `${claim} ${points} lie elsewhere, so they are taken for two models' spaces.`,
    fit,
  }
}

/** Why two runs are in two spaces, as a sentence, where that can be told without a look at their rows. */
export function whyOtherSpace(
  now: Pick<RunSpace, 'metric' | 'dimensions' | 'model'>,
  before: Pick<RunSpace, 'run' | 'metric' | 'dimensions' | 'model'>,
): string | null {
  if (now.metric !== before.metric) {
    return `This run uses the ${now.metric} distance, ${before.run} the ${before.metric} distance.`
  }
  if (now.dimensions !== before.dimensions) {
    return `This run has ${now.dimensions} dimensions, ${before.run} has ${before.dimensions}.`
  }
  const differing = (['name', 'version', 'preprocessing'] as const).find((part) => {
    const [a, b] = [now.model[part], before.model[part]]
    return a !== null && b !== null && a !== b
  })
  if (differing === undefined) return null
  const what =
    differing === 'name' ? 'model' : differing === 'version' ? 'model version' : differing
  return `The manifest names another ${what}: ${now.model[differing]} here, ${before.model[differing]} in ${before.run}.`
}

function modelName({ model }: RunSpace): string {
  return [model.name, model.version].filter((part) => part !== null).join(' ')
}

function fitOf(now: RunSpace, before: RunSpace, shared: SharedRows | null): SpaceFit | null {
  if (shared && shared.count >= FEWEST_POINTS) {
    return fitPoints('rows', shared.now, shared.before, shared.count)
  }
  const then = new Map(before.centroids?.map((centroid) => [centroid.label, centroid]))
  const pairs = (now.centroids ?? []).flatMap((centroid): [Centroid, Centroid][] => {
    const match = centroid.label === null ? undefined : then.get(centroid.label)
    return match ? [[centroid, match]] : []
  })
  if (pairs.length < FEWEST_POINTS) return null
  const largest = [...pairs].sort(([a], [b]) => b.rows - a.rows).slice(0, MOST_POINTS)
  const points = (side: 0 | 1) => ({
    values: Float64Array.from(largest.flatMap((pair) => [...pair[side].centroid])),
    dimensions: now.dimensions,
  })
  return fitPoints('class centroids', points(0), points(1), largest.length)
}

function fitPoints(
  points: SpaceFit['points'],
  now: Configuration,
  before: Configuration,
  count: number,
): SpaceFit {
  const moved = movedShare(now, before, count)
  const disparity = procrustesDisparity(now, before, count)
  // Few points in many dimensions lie at nearly equal distances and fit in any order: then it tells nothing, and counts as none.
  const control = procrustesDisparity(shifted(now, count), before, count)
  const told = disparity * CONTROL <= control || disparity < 1e-9
  return { points, count, moved, disparity: told ? disparity : 1 }
}

/** Each point in the place of the one after it. */
function shifted({ values, dimensions }: Configuration, count: number): Configuration {
  const size = count * dimensions
  return {
    values: Float64Array.from({ length: size }, (_, at) => values[(at + dimensions) % size]!),
    dimensions,
  }
}
