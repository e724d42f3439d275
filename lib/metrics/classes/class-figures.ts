/** Every figure of a class: its rows, errors, margins and spread. */

import type { ClassFigures } from '../../core/class-figures.ts'
import type { Dataset } from '../../core/dataset.ts'
import type { TableDefinition } from '../../core/definition.ts'
import type { Metric } from '../../core/manifest.ts'
import { centroidOf, scaledFor, squaredDistanceTo } from '../../stats/centroid.ts'
import { mean, median, scaledMad } from '../../stats/summary.ts'
import { tiedShareInterval } from '../averages.ts'
import { clustersAmong } from '../interval-clusters.ts'
import type { MetricInput } from '../metric.ts'
import { outliers } from '../quality/outliers.ts'
import { averagePrecisions, hitRange } from '../retrieval/retrieval.ts'

export const classTable: TableDefinition = {
  id: 'classes',
  title: 'Classes',
  path: 'classes',
  definition:
    'One entry a class, in code-unit order; with a gallery, classes of which it alone holds rows have none. What a class of its size can’t have is null.',
  source: 'nearmiss definitions; each figure as the one of the whole set',
  columns: [
    { name: 'label', unit: 'text', definition: 'The class.' },
    { name: 'rows', unit: 'count', definition: 'Its rows that are evaluated.' },
    {
      name: 'galleryRows',
      unit: 'count',
      optional: true,
      definition: 'Its rows in the gallery; only where queries are held against a gallery.',
    },
    {
      name: 'errors',
      unit: 'count',
      definition: 'Rows whose nearest neighbour has another label.',
    },
    { name: 'accuracy', unit: 'share', definition: 'Nearest-neighbour accuracy of its rows.' },
    {
      name: 'accuracyInterval',
      unit: 'list',
      definition:
        'Wilson’s 95 % interval of it, over its groups where rows of a group count together; where rows at equal distances could come in another order, it holds for all orders.',
    },
    { name: 'hitAt10', unit: 'share', definition: 'Hit@10 of its rows; null for one row.' },
    { name: 'mapAtR', unit: 'share', definition: 'MAP@R of its rows; null for one row.' },
    { name: 'neighborMarginMedian', unit: 'distance', definition: 'Median neighbour margin.' },
    {
      name: 'neighborMarginLowShare',
      unit: 'share',
      definition: 'Share of its rows whose neighbour margin is under the low threshold.',
    },
    { name: 'classMarginMedian', unit: 'distance', definition: 'Median class margin.' },
    {
      name: 'intraClassDistance',
      unit: 'distance',
      definition: 'Mean distance over the pairs of its rows.',
    },
    {
      name: 'centroidDistance',
      unit: 'distance',
      definition:
        'Mean distance of its rows to their mean; with cosine distance to the mean of the unit vectors.',
    },
    {
      name: 'spreadScore',
      unit: 'number',
      definition:
        '(intra-class distance − median of the classes) / (1.4826 × their median absolute deviation), judged with 5 classes of 5 rows or more. Of many classes that are all alike one is soon beyond 3: an action item takes more.',
    },
    {
      name: 'nearestClass',
      unit: 'text',
      definition: 'The class with the smallest mean distance to its rows.',
    },
    {
      name: 'interClassDistance',
      unit: 'distance',
      definition: 'Mean distance to the rows of it.',
    },
    {
      name: 'separation',
      unit: 'number',
      definition:
        'interClassDistance / mean of the two intra-class distances; under 1 the rows of the nearest class are closer than the rows of the two classes are among themselves.',
    },
    { name: 'silhouette', unit: 'number', definition: 'Mean silhouette of its rows.' },
    { name: 'outliers', unit: 'count', definition: 'Its rows that are outliers.' },
  ],
}

/** Classes with fewer rows neither set nor are judged by what spread is usual. */
const SMALLEST_JUDGED = 5
/** Fewer classes have no spread that is usual. */
const FEWEST_JUDGED = 5

/** In the order of `dataset.classes`; those that no row asks for are left out. */
export function classes(input: MetricInput): ClassFigures[] {
  return classFigures(input, outliers(input).flags).filter(({ rows }) => rows > 0)
}

/** In the order of `dataset.classes`. */
export function classFigures(input: MetricInput, outlierFlags: Uint8Array): ClassFigures[] {
  const { dataset, rows, neighborhood } = input
  const members = dataset.classes.map(() => [] as number[])
  for (let row = 0; row < dataset.rows; row++) members[dataset.labels[row]!]!.push(row)
  const precisions = averagePrecisions(input)
  const hits = hitRange(input, 1)
  const centroid = centroidDistances(dataset, neighborhood.metric, members)
  const { withinClasses: intra, nearestOfClasses } = neighborhood.classDistances
  const judged = [...intra].filter(
    (value, label) => members[label]!.length >= SMALLEST_JUDGED && Number.isFinite(value),
  )
  const usual = median(judged)
  const spread = judged.length < FEWEST_JUDGED ? 0 : scaledMad(judged)

  return dataset.classes.map((name, label): ClassFigures => {
    const own = members[label]!
    const asked = own.filter((row) => rows.evaluated[row])
    const matched = asked.filter((row) => rows.mates[row]! > 0)
    const take = (values: ArrayLike<number>) => asked.map((row) => values[row]!)
    const errors = asked.filter((row) => !rows.correct[row]).length
    const right = asked.length - errors
    const nearest = nearestOfClasses.classes[label]! < 0 ? null : nearestOfClasses.classes[label]!
    const inter = nearest === null ? null : nearestOfClasses.distances[label]!
    const separation =
      nearest === null || inter === null ? null : inter / ((intra[label]! + intra[nearest]!) / 2)
    return {
      label: name,
      rows: asked.length,
      ...(dataset.queries === undefined ? {} : { galleryRows: own.length - asked.length }),
      errors,
      accuracy: right / asked.length,
      accuracyInterval: tiedShareInterval(
        Float64Array.from(take(rows.correct)),
        (at) => hits(asked[at]!),
        clustersAmong(input.clustersWithin, asked),
      ) ?? [0, 1],
      hitAt10: orNull(mean(matched.map((row) => Number(rows.firstMatchRank[row]! <= 10)))),
      mapAtR: orNull(mean(take(precisions))),
      neighborMarginMedian: orNull(median(take(rows.neighborMargin))),
      neighborMarginLowShare: orNull(
        mean(
          take(rows.neighborMargin).map((margin) => belowOrNaN(margin, input.manifest.margin.low)),
        ),
      ),
      classMarginMedian: orNull(median(take(rows.classMargin))),
      intraClassDistance: orNull(intra[label]!),
      centroidDistance: centroid[label]!,
      spreadScore:
        own.length < SMALLEST_JUDGED || spread === 0 ? null : (intra[label]! - usual) / spread,
      nearestClass: nearest === null ? null : dataset.classes[nearest]!,
      interClassDistance: inter,
      separation: separation === null ? null : orNull(separation),
      silhouette:
        own.length < 2 || nearest === null ? null : mean(own.map((row) => rows.silhouette[row]!)),
      outliers: own.filter((row) => outlierFlags[row]).length,
    }
  })
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function belowOrNaN(value: number, threshold: number): number {
  return Number.isNaN(value) ? Number.NaN : Number(value < threshold)
}

/** Mean distance of a class's rows to their mean; with cosine, of their directions to its direction. */
function centroidDistances(
  dataset: Dataset,
  metric: Metric,
  members: readonly (readonly number[])[],
): Float64Array {
  const scaled = scaledFor(dataset, metric)
  return Float64Array.from(members, (own) => {
    const centre = centroidOf(scaled, own)
    if (metric === 'euclidean') {
      return mean(own.map((row) => Math.sqrt(squaredDistanceTo(scaled, centre, row))))
    }
    // The mean of the directions' products with their own mean is its square.
    return 1 - Math.sqrt(centre.reduce((sum, value) => sum + value * value, 0))
  })
}
