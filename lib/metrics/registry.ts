/** Everything that the figures' stage measures, by family: one line adds a family, a figure or a table. */

import type { Family } from '../core/definition.ts'
import { classTable } from './classes/class-figures.ts'
import { concentrationTable, confusionTable, pairTable } from './confusion/confusion.ts'
import { margins, marginTable } from './margins/margins.ts'
import type { MetricRecord } from './metric.ts'
import { qualityFamily } from './quality/quality.ts'
import { retrieval } from './retrieval/retrieval.ts'
import { sliceTable } from './slices/tables.ts'
import { structure } from './structure/structure.ts'
import { structureTables } from './structure/tables.ts'
import { tradeOffTable } from './trade-off/table.ts'
import { pairHistogramTable } from './verification/pair-histogram.ts'
import {
  operatingPointTable,
  rocTable,
  verification,
  worstClassTable,
  worstSliceTable,
} from './verification/verification.ts'

/** In the order in which the report and `docs/metrics.md` list them. */
export const FAMILIES: readonly Family<MetricRecord>[] = [
  {
    title: 'Retrieval',
    about:
      'How often, and how early, a row finds others of its class. Each figure is a mean over the rows (micro); beside it stands the mean of the classes’ means (macro), which a large class can’t carry, and what random neighbours would reach with these class sizes (chance).',
    metrics: retrieval,
    tables: [],
  },
  {
    title: 'Confusion',
    about: 'Which classes are taken for which, and whether a few pairs hold most of the errors.',
    metrics: [],
    tables: [pairTable, concentrationTable, confusionTable],
  },
  {
    title: 'Classes',
    about: 'Every figure that can be told of a single class.',
    metrics: [],
    tables: [classTable],
  },
  {
    title: 'Margins',
    about:
      'How clear a decision was. A margin is worth acting on only where a small one really goes with errors, which is measured.',
    metrics: margins,
    tables: [marginTable],
  },
  {
    title: 'Verification',
    about: 'Telling pairs of one class from pairs of two by their distance alone.',
    metrics: verification,
    tables: [operatingPointTable, rocTable, pairHistogramTable, worstClassTable, worstSliceTable],
  },
  {
    title: 'Structure',
    about:
      'The shape of the space. Each figure comes with a sentence (`reading`) that says whether its value is a problem: for hubs the limits are what data without any structure reaches at about 10 and 20 dimensions.',
    metrics: structure,
    tables: structureTables,
  },
  {
    title: 'Trade-off',
    about:
      'What fewer dimensions or fewer bits a value would cost in accuracy, and save in storage and search: each form is searched with the same queries.',
    metrics: [],
    tables: [tradeOffTable],
  },
  {
    title: 'Slices',
    about:
      'Whether rows of one camera, site or season do worse than the rest, beyond what their number and the number of slices that are looked at make likely.',
    metrics: [],
    tables: [sliceTable],
  },
  qualityFamily,
]

/** Every figure with one value, in that order. */
export const METRICS: readonly MetricRecord[] = FAMILIES.flatMap(({ metrics }) => metrics)
