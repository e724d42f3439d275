/** Whether the coordinates of two runs mean the same: two models' spaces are never compared by them. */

import type {
  Centroid,
  RunSpace,
  SpaceComparison,
  SpaceFit,
  SpaceMove,
  SpaceRelation,
} from '../core/drift.ts'
import { dot } from '../core/vectors.ts'
import { decimal } from '../core/words.ts'
import { type CommonMove, commonMove, moved } from '../stats/common-move.ts'
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
/** Of the points' squared ways: more than this left, and they did not move as a whole. */
const MOST_WAY_LEFT = 0.25
/** What rounding leaves, of the points' scatter. */
const EXACTLY = 1e-6
/** The least scale of the whole, as its logarithm, and shift, in spreads, that are told and taken out. */
const LEAST_SCALE = 0.01
const LEAST_SHIFT_OF_WHOLE = 0.05
/** Cosine of two vectors that point the same way. */
const SAME_DIRECTION = 1 - 1e-6
/** A fit costs their cube. */
export const MOST_POINTS = 120

/** Vectors of the same rows in both runs; null where those of the baseline are not at hand. */
export interface SharedRows {
  readonly count: number
  /** Row-major, as measured by the run's metric. */
  readonly before: Configuration
  readonly now: Configuration
}

/** What is told of two spaces, and what is to be taken out of the baseline's before they are compared. */
export interface ComparedSpaces {
  readonly space: SpaceComparison
  /** The scale and shift of the whole; null where the space stays as it is or can't be compared. */
  readonly move: Pick<CommonMove, 'scale' | 'shift'> | null
}

/**
 * Told by the models that the manifests name, checked by where the same points lie in both runs: the
 * vectors of shared rows where those are at hand, else the centroids of shared classes.
 */
export function compareSpaces(
  now: RunSpace,
  before: RunSpace,
  shared: SharedRows | null,
): ComparedSpaces {
  const none = { move: null }
  const other = whyOtherSpace(now, before)
  if (other !== null) {
    return { ...none, space: { relation: 'other', reason: other, fit: null, common: null } }
  }
  const named =
    now.model.name !== null &&
    (['name', 'version', 'preprocessing'] as const).every(
      (part) => now.model[part] === before.model[part],
    )
  const points = pointsOf(now, before, shared)
  const common = points && commonMove(points.before, points.now, points.count)
  const fit = points && fitPoints(points)
  const relate = (relation: SpaceRelation, reason: string, common: SpaceMove | null = null) => ({
    relation,
    reason,
    fit: points && points.count >= FEWEST_POINTS ? fit : null,
    common,
  })
  const both = named
    ? `Both manifests name ${modelName(now)}`
    : 'No manifest says whether the model is the same'
  const who = points && `the ${points.count} ${points.kind} of both runs`
  // Directions have one length: no scale or shift of the vectors can be seen in them.
  const move = now.metric === 'cosine' || !points || !common ? null : whole(points, common, named)
  const most = named ? MOST_MOVED_BY_NAME : MOST_MOVED
  // Before a scale of the whole, which lengths that were all changed a little may pass for.
  const rowwise = points?.kind === 'rows' ? whyRowwise(points, before) : null
  if (rowwise !== null) return { ...none, space: relate('other', rowwise) }
  if (move !== null && fit !== null) {
    const reason = `${both}, ${named ? 'and' : 'but'} ${who} agree once ${movesOf(move)} taken out${scaleClause(move, before)}.`
    return { move: common, space: relate(fit.moved <= most ? 'same' : 'moved', reason, move) }
  }
  if (points === null || fit === null || common === null || points.count < FEWEST_POINTS) {
    return named
      ? { ...none, space: relate('same', `${both}.`) }
      : {
          ...none,
          space: relate(
            'unknown',
            `Nothing tells whether the model is the one of ${before.run}: name it in the manifest (model.name, model.version).`,
          ),
        }
  }
  if (fit.moved <= most) {
    const reason = `${both}, ${named ? 'and' : 'but'} ${who} agree.`
    return { ...none, space: relate('same', reason) }
  }
  if (fit.disparity <= MOST_DISPARITY) {
    const scale = isScaled(common.scale) ? common.scale : 1
    const move = { scale, shift: null, turnDegrees: common.turnDegrees }
    const turn = `a turn or mirroring (by ${Math.round(common.turnDegrees)}° as a rule)`
    const reason =
      scale === 1
        ? `After ${turn} ${who} lie where they were: distances can be compared, directions can’t.`
        : `After ${turn} and a scale ${who} agree${scaleClause(move, before)}, and directions can’t be compared.`
    // A shift says nothing where the axes differ.
    const taken = scale === 1 ? null : { scale, shift: new Float64Array(now.dimensions) }
    return { move: taken, space: relate('turned', reason, move) }
  }
  const reason = `${both}, but ${who} lie elsewhere, so they are taken for two models' spaces.`
  return { ...none, space: relate('other', reason) }
}

/** The move of the whole, where it leaves little of the points' ways; null where there is none. */
function whole(
  { before, now, count }: Points,
  common: CommonMove,
  named: boolean,
): SpaceMove | null {
  const { scale, shiftInSpreads, way, wayLeft } = common
  const isShifted = shiftInSpreads >= LEAST_SHIFT_OF_WHOLE
  if (!isScaled(scale) && !isShifted) return null
  if (wayLeft > MOST_WAY_LEFT * way) return null
  const most = named ? MOST_MOVED_BY_NAME : MOST_MOVED
  // Few points agree after some scale and shift by chance, unless they do to the last digits.
  const left = movedShare(now, moved(before, common), count)
  if (left > (count < FEWEST_POINTS ? EXACTLY : most)) return null
  return {
    scale: isScaled(scale) ? scale : 1,
    shift: isShifted ? shiftInSpreads : 0,
    turnDegrees: 0,
  }
}

function isScaled(scale: number): boolean {
  return scale > 0 && Math.abs(Math.log(scale)) >= LEAST_SCALE
}

function movesOf({ scale, shift }: SpaceMove): string {
  const parts = [
    ...(scale === 1 ? [] : ['a scale']),
    ...(shift ? [`a shift by ${decimal(shift)} times their spread`] : []),
  ]
  return `${parts.join(' and ')} ${parts.length === 1 ? 'is' : 'are'}`
}

function scaleClause({ scale }: SpaceMove, { run }: RunSpace): string {
  return scale === 1 ? '' : `: distances are ${decimal(scale)} times those of ${run}`
}

/** Vectors that kept their directions and each got a length of its own, as when they are normalised. */
function whyRowwise({ before, now, count }: Points, { run }: RunSpace): string | null {
  const { dimensions } = now
  const row = (values: ArrayLike<number>, at: number) =>
    Float64Array.from({ length: dimensions }, (_, d) => values[at * dimensions + d]!)
  const lengths: [number, number][] = []
  for (let at = 0; at < count; at++) {
    const [a, b] = [row(before.values, at), row(now.values, at)]
    const [lengthBefore, length] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))]
    if (dot(a, b) < SAME_DIRECTION * lengthBefore * length) return null
    lengths.push([lengthBefore, length])
  }
  const ratios = lengths.map(([lengthBefore, length]) => length / lengthBefore)
  if (Math.log(Math.max(...ratios) / Math.min(...ratios)) < LEAST_SCALE) return null
  const isUnit = (side: 0 | 1) => lengths.every((pair) => Math.abs(pair[side] - 1) < 1e-3)
  const what = isUnit(1)
    ? 'each vector was brought to length 1 since'
    : isUnit(0)
      ? 'vectors are no longer of length 1'
      : 'each vector has another length than before'
  return `The ${count} rows of both runs have the directions that they had in ${run}, but ${what}: euclidean distances of the two runs measure something else, cosine distances would not.`
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

/** The same points in both runs. */
interface Points {
  readonly kind: SpaceFit['points']
  readonly count: number
  readonly before: Configuration
  readonly now: Configuration
}

/** Null with fewer than two. */
function pointsOf(now: RunSpace, before: RunSpace, shared: SharedRows | null): Points | null {
  if (shared && shared.count >= FEWEST_POINTS) return { kind: 'rows', ...shared }
  const then = new Map(before.centroids?.map((centroid) => [centroid.label, centroid]))
  const pairs = (now.centroids ?? []).flatMap((centroid): [Centroid, Centroid][] => {
    const match = centroid.label === null ? undefined : then.get(centroid.label)
    return match ? [[centroid, match]] : []
  })
  if (pairs.length < 2) return null
  const largest = [...pairs].sort(([a], [b]) => b.rows - a.rows).slice(0, MOST_POINTS)
  const points = (side: 0 | 1) => ({
    values: Float64Array.from(largest.flatMap((pair) => [...pair[side].centroid])),
    dimensions: now.dimensions,
  })
  return { kind: 'class centroids', count: largest.length, now: points(0), before: points(1) }
}

function fitPoints({ kind, now, before, count }: Points): SpaceFit {
  const moved = movedShare(now, before, count)
  const disparity = procrustesDisparity(now, before, count)
  // Few points in many dimensions lie at nearly equal distances and fit in any order: then it tells nothing, and counts as none.
  const control = procrustesDisparity(shifted(now, count), before, count)
  const isTelling = disparity * CONTROL <= control || disparity < 1e-9
  return { points: kind, count, moved, disparity: isTelling ? disparity : 1 }
}

/** Each point in the place of the one after it. */
function shifted({ values, dimensions }: Configuration, count: number): Configuration {
  const size = count * dimensions
  return {
    values: Float64Array.from({ length: size }, (_, at) => values[(at + dimensions) % size]!),
    dimensions,
  }
}
