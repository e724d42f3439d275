/** Figures of the data's quality: shares of rows by label, duplicates and classes by size. */

import { shareOfEvaluated } from '../averages.ts'
import type { MetricInput, MetricRecord } from '../metric.ts'
import { qualityOf } from './quality.ts'

export const labelIssueFigures: readonly MetricRecord[] = [
  {
    id: 'label_issue_share',
    title: 'Labels that the neighbours contradict',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows whose neighbourhood contradicts their label (see the table of label issues). In a space that makes many errors a candidate says as much about the space as about the label.',
    source: 'nearmiss definitions',
    compute(input) {
      const { labelIssues } = qualityOf(input)
      if (labelIssues.unjudgedRows === input.rows.evaluatedRows) {
        return { value: Number.NaN, note: 'it takes two classes, and one of them with 12 rows' }
      }
      const ids = new Set(labelIssues.rows.map(({ id }) => id))
      return shareOfEvaluated(input, (row) => ids.has(input.dataset.ids[row]!))
    },
  },
]

export const duplicateFigures: readonly MetricRecord[] = [
  {
    id: 'exact_duplicate_share',
    title: 'Rows with an identical twin',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows whose vector, converted to float32, another row has byte for byte. With a gallery, of the queries.',
    source: 'common usage',
    compute(input) {
      const twin = new Set<number>()
      for (const [row, first] of input.neighborhood.firstEqual.entries()) {
        if (first !== row) twin.add(row).add(first)
      }
      return shareOfEvaluated(input, (row) => twin.has(row))
    },
  },
  {
    id: 'near_duplicate_share',
    title: 'Rows with a near duplicate',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows in a group of near duplicates: connected components of the rows that are closer than 0.13 times (or what the manifest says) the median distance to the nearest neighbour. Identical rows are always in a group. With a gallery, of the queries.',
    source: 'cleanlab’s threshold; components instead of its lists a row',
    compute(input) {
      const { groups, cutShortRows } = qualityOf(input).nearDuplicates
      const note = `of ${cutShortRows} rows all kept neighbours are that close: groups may be larger`
      return { ...shareInGroups(input, groups), ...(cutShortRows > 0 ? { note } : {}) }
    },
  },
  {
    id: 'duplicate_conflict_share',
    title: 'Duplicates under two labels',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows in a group of identical or near duplicates that carries more than one label.',
    source: 'nearmiss',
    compute: (input) =>
      shareInGroups(
        input,
        qualityOf(input).nearDuplicates.groups.filter(({ conflict }) => conflict),
      ),
  },
  {
    id: 'leaked_share',
    title: 'Rows with a duplicate in another part of the split',
    unit: 'share',
    better: 'lower',
    definition:
      'Share of rows whose group of identical or near duplicates has a row in another part of the split column: what is measured there was seen here.',
    source: 'nearmiss',
    compute(input) {
      const { leakage } = qualityOf(input)
      return leakage === null
        ? { value: Number.NaN, note: 'no column says which part of a split a row belongs to' }
        : shareInGroups(input, leakage.groups)
    },
  },
]

export const imbalanceFigures: readonly MetricRecord[] = [
  {
    id: 'class_imbalance_ratio',
    title: 'Class imbalance',
    unit: 'number',
    better: 'lower',
    noInterval: 'counted, not drawn',
    definition: 'Rows of the largest class per row of the smallest; 1 with classes of one size.',
    source: 'common usage',
    compute: (input) => ({ value: qualityOf(input).imbalance.ratio }),
  },
  {
    id: 'class_evenness',
    title: 'Evenness of the classes',
    unit: 'number',
    better: 'higher',
    noInterval: 'counted, not drawn',
    definition:
      'Entropy of the class sizes divided by that of as many equal classes: 1 with classes of one size, near 0 where one class holds nearly all rows.',
    source: 'Pielou: The measurement of diversity, 1966',
    compute: (input) => {
      const { evenness } = qualityOf(input).imbalance
      return evenness === null
        ? { value: Number.NaN, note: 'it takes two classes' }
        : { value: evenness }
    },
  },
  {
    id: 'rare_class_share',
    title: 'Rare classes',
    unit: 'share',
    better: 'lower',
    noInterval: 'counted, not drawn',
    definition:
      'Share of the classes that have fewer than a tenth of the rows that each would have if all were equal.',
    source: 'cleanlab’s class imbalance issue, with its default threshold, for every class',
    compute: (input) => {
      const { rare, classes } = qualityOf(input).imbalance
      return { value: rare.length / classes }
    },
  },
]

/** Share of the evaluated rows that are in one of the groups. */
function shareInGroups(
  input: MetricInput,
  groups: readonly { readonly rows: readonly string[] }[],
) {
  const ids = new Set(groups.flatMap((group) => group.rows))
  return shareOfEvaluated(input, (row) => ids.has(input.dataset.ids[row]!))
}
