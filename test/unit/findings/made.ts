/** Small evaluations made by hand, and changed where a test needs it. */

import type { ClassFigures } from '../../../lib/core/class-figures.ts'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { evaluate } from './brute-force.ts'

/**
 * Classes with their sizes, and how many rows of one are taken for another. Rows that are right lie
 * in close couples, ten apart; each row that is wrong lies three from a couple of the other class.
 */
export function evaluationWith(
  sizes: Readonly<Record<string, number>>,
  taken: readonly (readonly [from: string, to: string, count: number])[],
): Evaluation {
  const names = Object.keys(sizes)
  const couples = new Map(names.map((name) => [name, 0]))
  const strays = new Map(names.map((name) => [name, 0]))
  const rows = names.flatMap((name) => {
    const wrong = taken
      .filter(([from]) => from === name)
      .flatMap(([, to, count]) => Array<string>(count).fill(to))
    return Array.from({ length: sizes[name]! }, (_, row) => {
      const near = wrong[row] ?? name
      const seats = wrong[row] === undefined ? couples : strays
      const seat = seats.get(near)!
      seats.set(near, seat + 1)
      const at = seats === couples ? 10 * Math.floor(seat / 2) + 0.1 * (seat % 2) : 10 * seat + 3
      return { id: `${name}${row}`, label: name, vector: [100_000 * names.indexOf(near) + at] }
    })
  })
  return evaluate({
    ids: rows.map(({ id }) => id),
    labels: rows.map(({ label }) => label),
    vectors: rows.map(({ vector }) => vector),
  })
}

/** The same run with other figures for its classes. */
export function withClasses(
  evaluation: Evaluation,
  change: (figures: ClassFigures) => Partial<ClassFigures>,
): Evaluation {
  return {
    ...evaluation,
    classes: evaluation.classes.map((figures) => ({ ...figures, ...change(figures) })),
  }
}

/** The same run with no label contradicted. */
export function believed(evaluation: Evaluation): Evaluation {
  const labelIssues = { rows: [], unjudgedRows: 0 }
  return { ...evaluation, quality: { ...evaluation.quality, labelIssues } }
}

/** Standard normal numbers of uniform ones (Box and Muller, 1958). */
export function normals(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
