/** What is said of an upload that holds too little, or too much, to be evaluated. */

import type { SetAside } from '../core/dataset.ts'
import { type Issue, someRows } from '../core/errors.ts'
import { LONGEST_CLASSES } from '../core/limits.ts'
import type { Table } from '../core/table.ts'
import { listed } from './columns.ts'

/** Pages hold each name many times. */
export function labelsTooLong(classes: number, characters: number, source: string): Issue {
  return {
    code: 'labels-too-long',
    message: `The names of the ${classes} classes have ${characters} characters in all; at most ${LONGEST_CLASSES} are published.`,
    where: source,
    hint: 'Use short names of the classes as labels, or evaluate a sample of the classes.',
  }
}

export function noVectors({ source, vectors }: Table): Issue {
  return {
    code: 'no-vectors',
    message:
      vectors === null
        ? 'The file holds no vectors.'
        : `The file holds ${vectors.rows} vectors of ${vectors.dimensions} dimensions.`,
    where: source,
    hint: 'Check the step that writes the embeddings: one row a sample, one number a dimension.',
  }
}

export function tooFewRows(
  { source, rows }: Table,
  kept: number,
  setAside: readonly SetAside[],
  hidden: boolean,
): Issue {
  const aside = setAside.map(
    ({ reason, count, rows: ids }) =>
      `${count} set aside, ${reason}${hidden ? '' : ` (${listed(ids)})`}`,
  )
  return {
    code: 'too-few-rows',
    message: `${kept} of ${rows} rows can be evaluated; at least 2 are needed${aside.length > 0 ? `: ${aside.join('; ')}` : ''}.`,
    where: source,
    hint: 'Each row needs a finite vector and a label.',
    ...(hidden ? {} : someRows(setAside.flatMap(({ rows: ids }) => ids))),
    ...(setAside.length === 0
      ? {}
      : { rowCount: setAside.reduce((sum, { count }) => sum + count, 0) }),
  }
}
