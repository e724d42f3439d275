/** What a report holds of the changes since its baseline. */

import type { ColumnDefinition, Family } from '../core/definition.ts'
import { SIGNIFICANCE } from '../core/significance.ts'

const MCNEMAR =
  'McNemar: Note on the sampling error of the difference between correlated proportions, 1947 (exact); Fisher: The design of experiments, 1935 (its randomisation test, for rows that come in groups); Benjamini, Hochberg: Controlling the false discovery rate, 1995'
const FIXED =
  'A row is fixed where its nearest neighbour had another label and now has its own, broken the other way round; rows are matched by id.'

const PAIRED_P: ColumnDefinition = {
  name: 'p',
  unit: 'number',
  definition:
    'Exact McNemar test, two-sided. Where intervals take rows of a group together, so does the test: each group’s rows fixed less those broken could as well have turned the other way.',
}

const PAIRED: readonly ColumnDefinition[] = [
  { name: 'rows', unit: 'count', definition: 'Rows of it that are in both runs.' },
  { name: 'fixed', unit: 'count', definition: 'Of them, rows that turned right.' },
  { name: 'broken', unit: 'count', definition: 'Of them, rows that turned wrong.' },
  PAIRED_P,
  {
    name: 'adjustedP',
    unit: 'number',
    definition:
      'Corrected over the parts that could show a change; null where too few rows, or groups, changed for any outcome to be evidence.',
  },
  {
    name: 'verdict',
    unit: 'text',
    definition: `\`better\`, \`worse\`, or from ${SIGNIFICANCE.evidence} on \`no evidence of a change\`.`,
  },
]

const ABSENT: ColumnDefinition = {
  name: 'absentNeighbors',
  unit: 'count',
  optional: true,
  definition:
    'Rows that turned only because the class of their nearest neighbour is in one run alone: neither fixed nor broken. Absent where there are none.',
}

export const BETWEEN_RUNS: Family = {
  title: 'Between runs',
  about:
    'What changed since the baseline, and where. Figures of coordinates are told only where both runs lie in one space; neighbours compare in any.',
  metrics: [],
  tables: [
    {
      id: 'class_changes',
      title: 'Changes by class',
      path: 'changes.classes',
      definition: `${FIXED} Each class on its own.`,
      source: MCNEMAR,
      columns: [
        { name: 'label', unit: 'text', definition: 'The class.' },
        ...PAIRED,
        ABSENT,
        {
          name: 'overlap',
          unit: 'share',
          definition: 'Of its rows’ nearest neighbours, those that were kept; null without any.',
        },
      ],
    },
    {
      id: 'slice_changes',
      title: 'Changes by slice',
      path: 'changes.slices',
      definition:
        'The same for each value of a metadata column with 2 to 50 of them, clearest evidence first, 200 at most; `changes.slicesTested` is how many could show a change.',
      source: MCNEMAR,
      columns: [
        { name: 'column', unit: 'text', definition: 'The metadata column.' },
        { name: 'value', unit: 'text', definition: 'Its value.' },
        ...PAIRED,
        ABSENT,
      ],
    },
    {
      id: 'pair_changes',
      title: 'Changes of the worst pairs',
      path: 'changes.pairs',
      definition:
        'Errors between two classes that both runs have, both directions, on the rows of both: the pairs with the most errors in either run.',
      source: MCNEMAR,
      columns: [
        { name: 'a', unit: 'text', definition: 'One class.' },
        { name: 'b', unit: 'text', definition: 'The other.' },
        { name: 'before', unit: 'count', definition: 'Errors between them in the baseline.' },
        { name: 'now', unit: 'count', definition: 'Errors between them in this run.' },
        ...PAIRED,
      ],
    },
    {
      id: 'neighbor_overlap',
      title: 'Overlap of neighbours',
      path: 'changes.overlap',
      definition:
        'How much of each row’s nearest neighbours was kept, among the rows of both runs: it compares any two spaces.',
      source: 'nearmiss definitions',
      columns: [
        { name: 'k', unit: 'count', definition: 'Neighbours of a row that are compared.' },
        { name: 'rows', unit: 'count', definition: 'Rows that are compared.' },
        { name: 'mean', unit: 'share', definition: 'Mean share of them that were kept.' },
        { name: 'interval', unit: 'list', definition: '95 % interval of it.' },
        { name: 'chance', unit: 'share', definition: 'What random neighbours would share.' },
      ],
    },
    {
      id: 'look_first',
      title: 'Rows to look at first',
      path: 'changes.lookFirst',
      definition:
        'Broken rows, those of a class or pair that got worse before the others, then by how far their class margin fell; 60 at most.',
      source: 'nearmiss definitions',
      columns: [
        { name: 'id', unit: 'text', definition: 'The row.' },
        { name: 'label', unit: 'text', definition: 'Its class.' },
        { name: 'before', unit: 'list', definition: 'Its nearest neighbour in the baseline.' },
        { name: 'now', unit: 'list', definition: 'Its nearest neighbour in this run.' },
        {
          name: 'fall',
          unit: 'number',
          definition:
            'How far its class margin fell, each in units of its run’s median absolute class margin.',
        },
        { name: 'part', unit: 'text', definition: 'The class or pair of it that got worse.' },
      ],
    },
    {
      id: 'class_drift',
      title: 'Drift by class',
      path: 'drift.classes',
      definition:
        'How each class of 5 rows or more lies against the baseline, largest shift first; `drift.overall` is the same of all rows. With euclidean distance a row more than 256 times as far from the middle of its class as the usual one counts in neither its mean nor its distances (and so for all rows), unless they are more than a quarter; `drift.note` says so. A scale or shift that moved all rows alike is taken out before, and told in `drift.space.common`. Empty where `drift.space.relation` says that the spaces can’t be compared.',
      source:
        'Hodges: The significance probability of the Smirnov two-sample test, 1958; Benjamini, Hochberg, 1995',
      elsewhere:
        'scipy’s `ks_2samp` of the bare distances to the centroids gives another statistic where a class has few rows, or other numbers of them in the two runs.',
      columns: [
        { name: 'label', unit: 'text', definition: 'The class.' },
        { name: 'rowsBefore', unit: 'count', definition: 'Its rows in the baseline.' },
        { name: 'rows', unit: 'count', definition: 'Its rows in this run.' },
        {
          name: 'shift',
          unit: 'number',
          definition:
            'Distance between its two centroids, in units of its spread; null where axes differ.',
        },
        { name: 'noise', unit: 'number', definition: 'What the draw of the rows alone gives.' },
        { name: 'shiftP', unit: 'number', definition: 'Chance of such a shift.' },
        { name: 'spreadRatio', unit: 'number', definition: 'Spread now over spread before.' },
        {
          name: 'ks',
          unit: 'number',
          definition:
            'Kolmogorov-Smirnov statistic of the distances to the centroid, each times √(n / (n − 1)): a row draws the mean that it is held against towards itself, the more so the fewer rows there are.',
        },
        { name: 'ksP', unit: 'number', definition: 'Its p.' },
        {
          name: 'shiftAdjustedP',
          unit: 'number',
          definition: 'The shift’s p, corrected over all tests (Benjamini-Hochberg).',
        },
        {
          name: 'ksAdjustedP',
          unit: 'number',
          definition: 'The distances’ p, corrected likewise.',
        },
        { name: 'adjustedP', unit: 'number', definition: 'The smaller of the two.' },
        {
          name: 'drifted',
          unit: 'yes or no',
          definition: 'Whether it moved beyond chance, and by enough to matter.',
        },
      ],
    },
    {
      id: 'drift_separation',
      title: 'A classifier told to separate the runs',
      path: 'drift.separation',
      definition:
        'Cross-validated ROC AUC (5 folds) of kernel ridge regression with a Gaussian kernel as wide as the median distance, on up to 400 rows of each run; a row that is in both is in one fold. It takes the baseline’s upload beside this run’s and one space; `drift.separationNote` says why it is null.',
      source:
        'Rabanser, Günnemann, Lipton: Failing loudly, 2019; Suykens, Vandewalle: Least squares support vector machine classifiers, 1999',
      elsewhere: 'Evidently calls it a domain classifier.',
      columns: [
        { name: 'auc', unit: 'number', definition: '0.5: it can’t; 1: every row shows its run.' },
        { name: 'interval', unit: 'list', definition: 'DeLong’s 95 % interval of it.' },
        { name: 'rows', unit: 'count', definition: 'Rows of each run that it saw.' },
      ],
    },
    {
      id: 'comparisons',
      title: 'Against each baseline',
      path: 'comparisons',
      definition: 'This run against each run that the manifest names, the first one first.',
      source: MCNEMAR,
      columns: [
        { name: 'setting', unit: 'text', definition: '`previous`, `best`, or a run’s name.' },
        { name: 'baseline', unit: 'text', definition: 'The run; null where there is none.' },
        { name: 'note', unit: 'text', definition: 'Why there is no comparison.' },
        { name: 'matchedRows', unit: 'count', definition: 'Rows that are in both.' },
        { name: 'fixed', unit: 'count', definition: 'Rows that were wrong and are right.' },
        { name: 'broken', unit: 'count', definition: 'Rows that were right and are wrong.' },
        PAIRED_P,
        { name: 'verdict', unit: 'text', definition: 'As in the tables above.' },
      ],
    },
  ],
}
