/** The shape of the space: silhouette, hubs, the directions that are used, and the vectors' lengths. */

import { FEW_DIMENSIONS } from '../../core/projection.ts'
import type { NormOutlier, Structure } from '../../core/structure.ts'
import { countOf, joinWords, percent } from '../../core/words.ts'
import { meanInterval } from '../../stats/interval.ts'
import { mean, median, scaledMad } from '../../stats/summary.ts'
import { shareOfRows } from '../averages.ts'
import type { MetricInput, MetricRecord } from '../metric.ts'
import { classSizes } from '../row-figures.ts'
import { hubness, hubs } from './hubs.ts'
import { intrinsicDimension } from './intrinsic-dimension.ts'
import type { Space } from './space.ts'

/** Of the mean variance: below it a dimension is the same in every row but for rounding. */
const COLLAPSED = 1e-6
/** Modified z-score beyond which a number is an outlier, by Iglewicz and Hoaglin. */
const NORM_SCORE = 3.5
/** Vectors that were brought to one length differ by rounding; nobody means that. */
const NORM_SHARE = 0.01
/** Fewer rows have no usual length. */
const FEWEST_NORMS = 20
/** Share of such rows from which it is more than a few. */
const MANY_NORM_OUTLIERS = 0.01
const LISTED = 24
const LISTED_DIMENSIONS = 100
const NAMED_DIMENSIONS = 8
const LISTED_VARIANCES = 256

export const structure: readonly MetricRecord[] = [
  {
    id: 'silhouette',
    title: 'Silhouette',
    unit: 'number',
    better: 'higher',
    definition:
      'Mean over the rows of (b − a) / max(a, b): a is the mean distance to the row’s own class, b to the nearest other class; 0 for a class of one. From −1 to 1; under 0 rows are nearer to another class than to their own. Random labels reach 0 at most, on the average: less with more classes, of which the nearest is taken. Of a few thousand rows or fewer it is exact, of more its `bounds` say how much quantised distances can be off.',
    source: 'Rousseeuw: Silhouettes, 1987; as scikit-learn computes it',
    compute({ dataset, rows, space, clusters }) {
      if (dataset.classes.length < 2) return { value: Number.NaN, note: 'it takes two classes' }
      if (dataset.classes.length === dataset.rows) {
        return { value: Number.NaN, note: 'every row is a class of its own' }
      }
      if (space.totalVariance === 0) return { value: Number.NaN, note: 'all rows are equal' }
      const value = mean(rows.silhouette)
      const [low, high] = rows.silhouetteEnds ?? [rows.silhouette, rows.silhouette]
      const sizes = classSizes(dataset)
      return {
        value,
        bounds: [mean(low), mean(high)],
        interval: meanInterval(rows.silhouette, clusters),
        chance: 0,
        ceiling: mean(dataset.labels.map((label) => (sizes[label]! > 1 ? 1 : 0))),
        count: dataset.rows,
        reading: silhouetteReading(value),
      }
    },
  },
  ...hubness,
  {
    id: 'effective_rank',
    title: 'Effective rank',
    unit: 'number',
    better: 'neither',
    noInterval: 'not a mean of rows',
    definition:
      'How many directions the rows’ variance fills: exp of the entropy of the covariance’s eigenvalues, each divided by their sum. With cosine distance of the rows’ directions. As many as there are dimensions where all vary alike, 1 where one varies alone.',
    source: 'Roy, Vetterli: The effective rank: a measure of effective dimensionality, 2007',
    elsewhere: 'Some apply it to singular values; these are their squares.',
    compute({ dataset, space }) {
      const value = effectiveRank(space.whole)
      if (Number.isNaN(value)) return { value, note: 'all rows are equal' }
      const { directionCount, eigenvalues } = space.whole
      const missing = directionCount - eigenvalues.length
      const reading = rankReading(value, dataset.dimensions)
      if (missing === 0) return { value, reading }
      return {
        value,
        reading,
        exactness: 'truncated',
        note: `the ${eigenvalues.length} largest of ${directionCount} eigenvalues are computed, which hold ${percent(1 - tailShare(space.whole))} of the variance; the rest of it is spread evenly over the others, so the true value is no higher`,
      }
    },
  },
  {
    id: 'collapsed_dimensions',
    title: 'Collapsed dimensions',
    unit: 'count',
    better: 'lower',
    noInterval: 'counted, not drawn',
    definition:
      'Dimensions whose variance over the rows is under a millionth of the mean variance, rows that lie 256 times as far from the middle as most brought in to there.',
    source: 'nearmiss definitions',
    compute({ dataset, space }) {
      const collapsed = collapsedDimensions(space)
      const value = collapsed.length
      const names = joinWords(collapsed.map(String), NAMED_DIMENSIONS)
      if (value === dataset.dimensions) {
        return { value, reading: 'A problem: all rows are equal, so nothing can be told apart.' }
      }
      return {
        value,
        reading:
          value === 0
            ? `No problem: ${dataset.dimensions === 1 ? 'the one dimension varies' : `all ${dataset.dimensions} dimensions vary`}.`
            : `A problem, if a small one: ${countOf(value, 'dimension')} of ${dataset.dimensions} ${value === 1 ? 'is' : 'are'} the same in every row (${names}, counted from 0). They cost storage and say nothing: units that died in training, or padding.`,
      }
    },
  },
  {
    id: 'norm_outlier_share',
    title: 'Rows of unusual length',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows whose vector’s Euclidean length is more than 3.5 × 1.4826 × the median absolute deviation, and more than 1 %, off the median length.',
    source: 'Iglewicz, Hoaglin: How to detect and handle outliers, 1993',
    compute(input) {
      if (input.dataset.rows < FEWEST_NORMS) {
        return { value: Number.NaN, note: `it takes ${FEWEST_NORMS} rows to say what is usual` }
      }
      const found = new Set(normOutliers(input.space.uploadedNorms).rows)
      const share = shareOfRows(input, (row) => found.has(row))
      const cosine = input.neighborhood.metric === 'cosine'
      return { ...share, reading: normReading(found.size, share.value, cosine) }
    },
  },
  ...intrinsicDimension,
]

/** What the report lists beside the figures. */
export function structureOf(input: MetricInput): Structure {
  const { dataset, space } = input
  const collapsed = collapsedDimensions(space)
  const { centre, rows, score } = normOutliers(space.uploadedNorms)
  const hidden = dataset.dimensions <= FEW_DIMENSIONS
  return {
    hubs: hubs(input),
    dimensions: {
      collapsed: collapsed.slice(0, LISTED_DIMENSIONS),
      collapsedCount: collapsed.length,
      variance: Array.from(space.eigenvalues.subarray(0, LISTED_VARIANCES), (value) =>
        space.totalVariance === 0 ? 0 : value / space.totalVariance,
      ),
    },
    norms: {
      median: hidden ? null : centre,
      outliers: rows.slice(0, hidden ? 0 : LISTED).map(
        (row): NormOutlier => ({
          id: dataset.ids[row]!,
          label: dataset.classes[dataset.labels[row]!]!,
          norm: space.uploadedNorms[row]!,
          score: Number.isFinite(score(row)) ? score(row) : null,
        }),
      ),
      outlierCount: rows.length,
    },
  }
}

function silhouetteReading(value: number): string {
  if (value < 0) {
    return 'A problem: on average rows lie nearer to another class than to their own.'
  }
  if (value < 0.25) {
    return 'Worth watching: the classes run into one another, or are made of several clumps. A nearest neighbour can be right all the same.'
  }
  return value < 0.5
    ? 'No problem: the classes are told apart, if not sharply.'
    : 'No problem: the classes lie well apart.'
}

/** Eigenvalues that aren't computed share what is left of the variance evenly. */
function effectiveRank(space: Space['whole']): number {
  const { eigenvalues, totalVariance, directionCount } = space
  if (!(totalVariance > 0)) return Number.NaN
  const missing = directionCount - eigenvalues.length
  const known = missing === 0 ? eigenvalues.reduce((sum, value) => sum + value, 0) : totalVariance
  let entropy = 0
  for (const value of eigenvalues) entropy -= surprise(value / known)
  if (missing > 0) entropy -= missing * surprise(tailShare(space) / missing)
  return Math.exp(entropy)
}

function surprise(share: number): number {
  return share > 0 ? share * Math.log(share) : 0
}

/** Share of the variance that lies in directions which aren't computed. */
function tailShare({ eigenvalues, totalVariance }: Space['whole']): number {
  return Math.max(0, 1 - eigenvalues.reduce((sum, value) => sum + value, 0) / totalVariance)
}

function rankReading(value: number, dimensions: number): string {
  const about = value < 10 ? value.toFixed(1) : value.toFixed(0)
  const filled = `the rows fill about ${about} of ${countOf(dimensions, 'dimension')}`
  if (dimensions < 8 || value >= dimensions / 4) return `No problem: ${filled}.`
  return value >= dimensions / 20
    ? `No problem, but a chance to save: ${filled}. The trade-off shows how few dimensions do.`
    : `Worth watching: ${filled}. Most of what is stored is hardly used; if the figures are poor as well, training has collapsed.`
}

function collapsedDimensions({ variances }: Space): number[] {
  const limit = COLLAPSED * mean(variances)
  return [...variances.keys()].filter((d) => variances[d]! < limit || variances[d] === 0)
}

function normOutliers(norms: Float64Array) {
  const centre = median(norms)
  const spread = scaledMad(norms)
  const score = (row: number) => (norms[row]! - centre) / spread
  const rows = [...norms.keys()].filter((row) => {
    if (norms.length < FEWEST_NORMS) return false
    const off = Math.abs(norms[row]! - centre)
    return off > NORM_SHARE * centre && off > NORM_SCORE * spread
  })
  rows.sort((a, b) => Math.abs(norms[b]! - centre) - Math.abs(norms[a]! - centre) || a - b)
  return { centre, rows, score }
}

function normReading(found: number, share: number, cosine: boolean): string {
  if (found === 0) return 'No problem: no vector is unusually long or short.'
  const consequence = cosine
    ? 'Cosine distance ignores lengths, but an odd length often means odd input: look at these rows.'
    : 'They lie far from everything, or near to everything: look at these rows for broken or unusual input.'
  return share < MANY_NORM_OUTLIERS
    ? `Worth a look: ${countOf(found, 'row')}. ${consequence}`
    : `A problem: ${countOf(found, 'row')} (${percent(share)}). ${consequence}`
}
