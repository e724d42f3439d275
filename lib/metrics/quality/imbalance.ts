/** How unequal the classes are in size, and whether the small ones pay for it. */

import type { Dataset } from '../../core/dataset.ts'
import type { TableDefinition } from '../../core/definition.ts'
import type { Imbalance } from '../../core/quality.ts'
import { classSizes, type RowFigures } from '../row-figures.ts'

/** Of what equal classes would have: cleanlab's default for a rare class. */
const RARE = 0.1

export const imbalanceTable: TableDefinition = {
  id: 'class_sizes',
  title: 'Sizes of the classes',
  path: 'quality.imbalance',
  definition:
    'How unequal the classes are, and whether the rare ones pay for it: those with fewer than a tenth of the rows that each would have if all were equal.',
  source: 'the threshold of cleanlab’s class imbalance issue',
  elsewhere: 'cleanlab names the rarest class alone.',
  columns: [
    { name: 'classes', unit: 'count', definition: 'Classes of the run.' },
    { name: 'largest', unit: 'text', definition: 'The largest class, with its rows.' },
    { name: 'smallest', unit: 'text', definition: 'The smallest class, with its rows.' },
    { name: 'ratio', unit: 'number', definition: 'As `class_imbalance_ratio`.' },
    { name: 'evenness', unit: 'number', definition: 'As `class_evenness`.' },
    { name: 'rareBelow', unit: 'number', definition: 'A class of fewer rows is rare.' },
    { name: 'rare', unit: 'list', definition: 'The rare classes: label, rows and errors.' },
    { name: 'singletons', unit: 'count', definition: 'Classes of one row.' },
    {
      name: 'rareRows',
      unit: 'count',
      definition: 'Rows of rare classes; with a gallery, queries.',
    },
    { name: 'rareErrors', unit: 'count', definition: 'Errors among them.' },
    { name: 'otherRows', unit: 'count', definition: 'Rows of the other classes, counted alike.' },
    { name: 'otherErrors', unit: 'count', definition: 'Errors among those.' },
  ],
}

/** Sizes are of all rows, since those of a gallery are there to be found; errors are of the evaluated ones. */
export function imbalance(
  dataset: Dataset,
  { correct, evaluated }: Pick<RowFigures, 'correct' | 'evaluated'>,
): Imbalance {
  const { classes, labels, rows } = dataset
  const sizes = classSizes(dataset)
  const errors = new Int32Array(classes.length)
  const asked = new Int32Array(classes.length)
  for (let row = 0; row < rows; row++) {
    if (evaluated[row] === 0) continue
    asked[labels[row]!]!++
    if (correct[row] !== 1) errors[labels[row]!]!++
  }
  const order = [...sizes.keys()].sort((a, b) => sizes[a]! - sizes[b]!)
  const smallest = order[0]!
  const largest = order.find((one) => sizes[one] === sizes[order.at(-1)!])!
  const rareBelow = (RARE * rows) / classes.length
  const rareClasses = order.filter((one) => sizes[one]! < rareBelow)
  const rare = rareClasses.map((one) => ({
    label: classes[one]!,
    rows: sizes[one]!,
    errors: errors[one]!,
  }))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const rareRows = sum(rareClasses.map((one) => asked[one]!))
  const rareErrors = sum(rare.map((entry) => entry.errors))
  return {
    classes: classes.length,
    largest: { label: classes[largest]!, rows: sizes[largest]! },
    smallest: { label: classes[smallest]!, rows: sizes[smallest]! },
    ratio: sizes[largest]! / sizes[smallest]!,
    evenness: evennessOf(sizes, rows),
    rareBelow,
    rare,
    singletons: sizes.filter((size) => size === 1).length,
    rareRows,
    rareErrors,
    otherRows: sum([...asked]) - rareRows,
    otherErrors: sum([...errors]) - rareErrors,
  }
}

function evennessOf(sizes: Int32Array, rows: number): number | null {
  if (sizes.length < 2) return null
  const entropy = sizes.reduce((sum, size) => sum - (size / rows) * Math.log(size / rows), 0)
  return Math.min(1, entropy / Math.log(sizes.length))
}
