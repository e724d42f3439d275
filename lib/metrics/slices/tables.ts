/** What the list of slices in `report.json` holds. */

import type { TableDefinition } from '../../core/definition.ts'
import { SIGNIFICANCE } from '../../core/significance.ts'

export const sliceTable: TableDefinition = {
  id: 'slices',
  title: 'Slices',
  path: 'slices.list',
  definition:
    'Groups of 20 rows or more that a metadata column with 2 to 50 values makes (numbers and times with more than 12 in quarters), or two such columns together. Those that differ from the rest come first, most unlikely first; then the nearest to it; 60 at most. Of a slice P of one column and a slice C within it that both differ in one direction, C is named instead of P where C differs from the rest of P and that rest (20 rows or more) not from the rows outside P; P instead of C where C doesn’t differ from the rest of P; else both (Fisher at 5 %).',
  source:
    'Fisher: On the interpretation of χ² from contingency tables, 1922; Benjamini, Hochberg: Controlling the false discovery rate, 1995',
  columns: [
    {
      name: 'id',
      unit: 'text',
      definition: '`camera=left` or `camera=left&weather=rain`, as the manifest’s owners name it.',
    },
    { name: 'conditions', unit: 'list', definition: 'Column and value of each part.' },
    { name: 'rows', unit: 'count', definition: 'Its rows.' },
    {
      name: 'errors',
      unit: 'count',
      definition: 'Those whose nearest neighbour has another label.',
    },
    { name: 'rate', unit: 'share', definition: 'Errors / rows.' },
    {
      name: 'interval',
      unit: 'list',
      definition: 'Wilson’s 95 % interval of it, over its groups where their rows count together.',
    },
    { name: 'restRate', unit: 'share', definition: 'The same of all rows outside.' },
    {
      name: 'p',
      unit: 'number',
      definition:
        'Fisher’s exact test against them, two-sided; where rows of a group count together, Fisher’s for as many independent rows as are as sure (Korn & Graubard, 1998), if that p is the larger one.',
    },
    {
      name: 'adjustedP',
      unit: 'number',
      definition: 'Adjusted for all slices that were tested (`slices.tested`).',
    },
    {
      name: 'difference',
      unit: 'text',
      definition: `\`worse\` or \`better\` where the adjusted p is under ${SIGNIFICANCE.evidence}, else null.`,
    },
    {
      name: 'explainedBy',
      unit: 'text',
      definition: 'The slice that is named instead; null where this one is.',
    },
    {
      name: 'expectedErrors',
      unit: 'number',
      definition: 'Errors that its rows would have at the rates of their classes.',
    },
    {
      name: 'confused',
      unit: 'list',
      definition:
        'Three pairs of classes and their errors among its rows: those with most errors beyond what the pair’s rate among the rows outside would give, first.',
    },
  ],
}
