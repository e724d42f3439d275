/** Classes that are wide by chance, and classes that are wide. */

import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { spread } from '../../../lib/findings/spread.ts'
import { raise } from './asked.ts'
import { evaluate, manifest } from './brute-force.ts'
import { normals } from './made.ts'

const RUNS = 100

/** Normal classes far from each other; `widths` are their standard deviations. */
function classesOf(seed: number, dimensions: number, rows: number, widths: readonly number[]) {
  const normal = normals(seededRandom(seed))
  const all = widths.flatMap((width, at) =>
    Array.from({ length: rows }, () => ({
      label: `c${at}`,
      vector: Array.from(
        { length: dimensions },
        (_, d) => width * normal() + (d === 0 ? 100 * at : 0),
      ),
    })),
  )
  return evaluate({
    ids: all.map((_, row) => `r${row}`),
    labels: all.map(({ label }) => label),
    vectors: all.map(({ vector }) => vector),
  })
}

const raised = (evaluation: Evaluation) =>
  raise(spread, evaluation, manifest).map(({ classes }) => classes[0]!)

describe.each([
  [5, 20, 2],
  [10, 20, 16],
  [30, 10, 8],
])('%i classes of %i rows that are all alike, in %i dimensions,', (classes, rows, dimensions) => {
  test('have a wide one in under 2 of 100 runs', () => {
    const widths = Array<number>(classes).fill(1)
    let [found, beyondThree] = [0, 0]
    for (let seed = 1; seed <= RUNS; seed++) {
      const run = classesOf(seed, dimensions, rows, widths)
      if (raised(run).length > 0) found++
      if (run.classes.some(({ spreadScore }) => spreadScore! > 3)) beyondThree++
    }
    // A threshold of 3 by itself raises something in every eighth run.
    expect(beyondThree).toBeGreaterThan(4)
    expect(found).toBeLessThan(0.02 * RUNS)
  })
})

describe('classes that are twice as wide', () => {
  test.each([
    [1, 20],
    [5, 20],
  ])('are raised, %i of 12, and no other', (wide, rows) => {
    for (let seed = 1; seed <= 5; seed++) {
      const widths = Array.from({ length: 12 }, (_, at) => (at < wide ? 2 : 1))
      const found = raised(classesOf(seed, 16, rows, widths))
      expect(found.sort()).toEqual(Array.from({ length: wide }, (_, at) => `c${at}`))
    }
  })

  test('say what was corrected for', () => {
    const run = classesOf(1, 16, 20, [2, ...Array<number>(29).fill(1)])
    const [finding] = raise(spread, run, manifest)
    expect(finding!.certainty.says).toBe(
      'Of 30 classes one this wide would come up by chance in fewer than 1 of 100 runs (Student’s t, corrected for the number of classes), whether it is held against how much classes differ or against how its own 20 rows scatter.',
    )
  })
})

test('a class a fifth wider is raised where rows of it are errors, and left alone where none is', () => {
  const run = classesOf(3, 16, 40, [1.35, ...Array<number>(11).fill(1)])
  const withErrors = (errors: number): Evaluation => ({
    ...run,
    classes: run.classes.map((entry, at) =>
      at === 0 ? { ...entry, errors, outliers: 0 } : { ...entry, outliers: 0 },
    ),
  })
  expect(raised(withErrors(0))).toEqual([])
  expect(raised(withErrors(1))).toEqual(['c0'])
})
