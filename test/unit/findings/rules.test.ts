/** The rules on pairs, spread classes, identical rows, low margins and slices, by cases worked by hand. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Slice } from '../../../lib/core/slices.ts'
import { confusion } from '../../../lib/findings/confusion.ts'
import { mergeFindings } from '../../../lib/findings/merge.ts'
import { pairId, pairOf, parsePairId } from '../../../lib/findings/pair.ts'
import { rules } from '../../../lib/findings/registry.ts'
import { findFindings, raise, recallFinding } from './asked.ts'
import { evaluate, figure, manifest } from './brute-force.ts'
import { believed, evaluationWith, withClasses } from './made.ts'

const idsOf = (evaluation: Parameters<typeof findFindings>[0], kind: string) =>
  findFindings(evaluation, manifest)
    .filter((finding) => finding.kind === kind)
    .map(({ id }) => id)

describe('a confused pair', () => {
  const even = { a: 40, b: 40, c: 40, d: 40 }

  test('needs 6 errors', () => {
    expect(idsOf(evaluationWith(even, [['a', 'b', 5]]), 'confusion')).toEqual([])
    expect(idsOf(evaluationWith(even, [['a', 'b', 6]]), 'confusion')).toEqual(['confusion:a|b'])
  })

  test('needs more errors than the sizes of the classes make likely', () => {
    // Each class loses as much to each other class.
    const names = Object.keys(even)
    const spreadOut = names.flatMap((from) =>
      names.filter((to) => to !== from).map((to) => [from, to, 3] as const),
    )
    expect(idsOf(evaluationWith(even, spreadOut), 'confusion')).toEqual([])
    // With a large class, most errors go there by size alone.
    const large = { a: 20, b: 400, c: 20 }
    expect(idsOf(evaluationWith(large, [['a', 'b', 7]]), 'confusion')).toEqual([])
    expect(idsOf(evaluationWith(large, [['a', 'c', 7]]), 'confusion')).toEqual(['confusion:a|c'])
  })

  test('is not made of errors that share a neighbour', () => {
    // Six rows of a lie three from the same couple of b, or each from a couple of its own.
    const at = (shared: boolean) => {
      const rows = ['a', 'b', 'c', 'd'].flatMap((label, place) =>
        Array.from({ length: 40 }, (_, row) => ({
          label,
          x: 100_000 * place + 10 * Math.floor(row / 2) + 0.1 * (row % 2),
        })),
      )
      const strays = Array.from({ length: 6 }, (_, place) => ({
        label: 'a',
        // On a circle they would be as far from each other as from the couple.
        x: 100_000 + (shared ? 0 : 10 * place) + 0.05,
        y: 3 + (shared ? 4 * place : 0),
      }))
      const all = [...rows.map((row) => ({ ...row, y: 0 })), ...strays]
      return evaluate({
        ids: all.map((_, row) => `r${row}`),
        labels: all.map(({ label }) => label),
        vectors: all.map(({ x, y }) => [x, y]),
      })
    }
    expect(idsOf(at(false), 'confusion')).toEqual(['confusion:a|b'])
    expect(idsOf(at(true), 'confusion')).toEqual([])
  })

  test('is hardly ever raised by rows without any structure', () => {
    let raised = 0
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed)
      const rows = Array.from({ length: 400 }, () => ({
        label: `class ${Math.floor(8 * random())}`,
        vector: Array.from({ length: 12 }, () => random() + random() + random()),
      }))
      const evaluation = evaluate({
        ids: rows.map((_, row) => `r${row}`),
        labels: rows.map(({ label }) => label),
        vectors: rows.map(({ vector }) => vector),
      })
      raised += raise(confusion, evaluation, manifest).length
    }
    expect(raised).toBeLessThan(2)
  })

  test('of the only two classes there are needs the errors alone', () => {
    const two = evaluationWith({ a: 40, b: 40 }, [['b', 'a', 6]])
    const [finding] = findFindings(two, manifest).filter(({ kind }) => kind === 'confusion')
    expect(finding!.id).toBe('confusion:a|b')
    expect(finding!.finding).not.toContain('likely')
    expect(finding!.gain).toBeCloseTo(7.5, 12)
  })

  test('counts the rows of a gallery where there is one, as those are what can be found', () => {
    const run = evaluationWith({ a: 20, b: 20, c: 20 }, [['a', 'b', 7]])
    const gallery = (b: number) => {
      const found = run.dataset.classes.flatMap((name, label) =>
        Array.from({ length: name === 'b' ? b : 20 }, () => label),
      )
      const labels = Int32Array.of(...run.dataset.labels, ...found)
      const queries = Uint8Array.from(labels, (_, row) => Number(row < run.dataset.rows))
      const dataset = { ...run.dataset, rows: labels.length, labels, queries }
      const all = { ...run, dataset, rows: { ...run.rows, evaluated: queries } }
      return raise(confusion, all, manifest).map(({ id }) => id)
    }
    expect(gallery(20)).toEqual(['confusion:a|b'])
    expect(gallery(400)).toEqual([])
  })

  test('comes from its labels where half of its errors are identical rows under both', () => {
    const rows = evaluationWith({ a: 40, b: 40, c: 40 }, [['a', 'b', 8]])
    const errors = [...rows.rows.correct.keys()].filter((row) => rows.rows.correct[row] !== 1)
    const settled = (identical: number) => {
      const groups = errors.slice(0, identical).map((row, at) => ({
        rows: [rows.dataset.ids[row]!, `b${at}`],
        labels: ['a', 'b'],
        conflict: true,
      }))
      const run = { ...believed(rows), duplicates: { groups, rows: 0, conflicts: groups.length } }
      return findFindings(run, manifest).find(({ id }) => id === 'confusion:a|b')!.title
    }
    expect([4, 3].map(settled)).toEqual(['Settle the labels of a and b', 'Tell a and b apart'])
  })

  test('has the same id whichever class is taken for which', () => {
    const one = evaluationWith(even, [['b', 'a', 8]])
    const other = evaluationWith(even, [['a', 'b', 8]])
    expect(idsOf(one, 'confusion')).toEqual(idsOf(other, 'confusion'))
  })
})

describe('an id of a pair', () => {
  const label = fc.oneof(fc.string(), fc.stringMatching(/^[|\\a]*$/))

  test('can be read back, whatever the labels hold', () => {
    fc.assert(
      fc.property(label, label, (one, other) => {
        const pair = pairOf(one, other)
        expect(parsePairId('confusion', pairId('confusion', pair))).toEqual(pair)
        expect(pairOf(other, one)).toEqual(pair)
      }),
    )
  })

  test('keeps plain labels plain and marks a bar within one', () => {
    expect(pairId('confusion', pairOf('9', '3'))).toBe('confusion:3|9')
    expect(pairId('confusion', ['a|b', 'c'])).toBe('confusion:a\\|b|c')
    expect(pairId('confusion', ['a', 'b|c'])).toBe('confusion:a|b\\|c')
  })

  test('of another kind or form is none', () => {
    expect(parsePairId('confusion', 'label-conflict:a|b')).toBeNull()
    expect(parsePairId('confusion', 'confusion:a')).toBeNull()
    expect(parsePairId('confusion', 'confusion:a|b|c')).toBeNull()
  })
})

describe('a class that is spread out', () => {
  const sizes = { a: 10, b: 10, c: 10, d: 10, e: 10 }
  // Where labels explain the errors, the class is no finding of its own.
  const errors: Parameters<typeof evaluationWith>[1] = [
    ['a', 'b', 4],
    ['c', 'd', 1],
  ]
  /** Rows of a lie 9 ± `scatter` from their class; those of the others 3, as far as is told. */
  const scored = (score: number, { distance = 9, scatter = 1, taken = errors } = {}) => {
    const run = withClasses(believed(evaluationWith(sizes, taken)), ({ label }) => ({
      spreadScore: label === 'a' ? score : 0,
      intraClassDistance: label === 'a' ? distance : 3,
      outliers: 0,
    }))
    const intraClassDistance = Float64Array.from({ length: 50 }, (_, row) =>
      row < 10 ? distance + scatter * (row % 2 === 0 ? 1 : -1) : 3,
    )
    return { ...run, rows: { ...run.rows, intraClassDistance } }
  }

  test('is raised beyond what chance explains among so many classes', () => {
    // scipy.stats.t.isf(0.01 / 5, df=4) is 5.951: of five classes one is soon far from the others.
    expect(idsOf(scored(5.9), 'spread')).toEqual([])
    expect(idsOf(scored(6), 'spread')).toEqual(['spread:a'])
  })

  test('is not where the scatter of its own rows explains it', () => {
    // t.isf(0.01 / 5, df=9) is 3.835; the error is 2 × scatter × √(10 / 9) / √10 = scatter / 1.5.
    expect(idsOf(scored(6, { scatter: 2.3 }), 'spread')).toEqual(['spread:a'])
    expect(idsOf(scored(6, { scatter: 2.4 }), 'spread')).toEqual([])
  })

  test('is not where it is hardly wider, or half as wide again and every row is right', () => {
    const at = (distance: number, taken = errors) =>
      idsOf(scored(6, { distance, scatter: 0.01, taken }), 'spread')
    expect(at(3.5)).toEqual([])
    expect(at(3.7)).toEqual(['spread:a'])
    expect(at(4.4, [])).toEqual([])
    expect(at(4.6, [])).toEqual(['spread:a'])
  })

  test('gains what its errors are above the median class', () => {
    const [finding] = findFindings(scored(8.2), manifest).filter(({ kind }) => kind === 'spread')
    // 4 of its 10 rows are errors, none in the median class: 4 of 50 rows.
    expect(finding!.gain).toBeCloseTo(8, 12)
    expect(finding!.measure).toEqual({ value: 9, unit: 'apart on average' })
    expect(finding!.finding).toContain('9.00 apart on average, in the median class 3.00')
  })

  test('gains nothing where it is no less accurate, and says so', () => {
    const right = scored(8, { taken: [] })
    const [finding] = findFindings(right, manifest).filter(({ kind }) => kind === 'spread')
    expect(finding!.gain).toBe(0)
    expect(finding!.cost).toContain('no more than in the median class')
  })

  test('shows outliers first, then the rows farthest from their class', () => {
    const evaluation = scored(8, { distance: 30 })
    const intraClassDistance = Float64Array.from({ length: 50 }, (_, row) => [2, 9, 4, 7][row] ?? 1)
    const outlier = Uint8Array.from({ length: 50 }, (_, row) => (row === 0 || row === 2 ? 1 : 0))
    const rows = { ...evaluation.rows, intraClassDistance, outlier }
    const [finding] = findFindings({ ...evaluation, rows }, manifest).filter(
      ({ kind }) => kind === 'spread',
    )
    expect(finding!.evidence.slice(0, 4)).toEqual([2, 0, 1, 3])
    expect(finding!.evidence).toHaveLength(10)
  })

  test('is not judged among fewer than 5 classes of at least 5 rows', () => {
    const small = withClasses(scored(8), ({ label }) => (label === 'e' ? { rows: 4 } : {}))
    expect(idsOf(small, 'spread')).toEqual([])
    expect(recallFinding(small, manifest, 'spread:a')).toBeNull()
    const recalled = recallFinding(scored(1), manifest, 'spread:a')!
    expect(recalled.measure.value).toBe(9)
    // 5 × scipy.stats.t.sf(1, df=4) is 0.93.
    expect(recalled.certainty.says).toContain('by chance in up to 94 of 100 runs')
  })
})

describe('identical vectors', () => {
  const rows = (...entries: readonly (readonly [id: string, label: string, at: number])[]) =>
    evaluate({
      ids: entries.map(([id]) => id),
      labels: entries.map(([, label]) => label),
      vectors: entries.map(([, , at]) => [at]),
    })

  test('under three labels are a question for each two of them', () => {
    const three = rows(['1', 'a', 0], ['2', 'b', 0], ['3', 'c', 0], ['4', 'a', 5])
    expect(idsOf(three, 'label-conflict')).toEqual([
      'label-conflict:a|b',
      'label-conflict:a|c',
      'label-conflict:b|c',
    ])
    expect(idsOf(three, 'duplicates')).toEqual([])
    expect(recallFinding(three, manifest, 'label-conflict:b|c')?.measure.value).toBe(2)
  })

  test('name a few rows of a large group, and count the rest', () => {
    const many = rows(...Array.from({ length: 9 }, (_, at) => [`${at}`, 'ab'[at % 2]!, 0] as const))
    const finding = recallFinding(many, manifest, 'label-conflict:a|b')!
    expect(finding.measure.value).toBe(9)
    expect(finding.finding).toContain('4 (a) = 5 (b) = 3 more.')
  })

  test('that are equal in one group and nearly so in another are likely, not certain', () => {
    const far = [200, 210, 220].map((at) => [`a${at}`, 'a', at] as const)
    const others = [300, 310, 320].map((at) => [`b${at}`, 'b', at] as const)
    const twins = [['1', 'a', 0] as const, ['2', 'b', 0] as const]
    const near = [['3', 'a', 100] as const, ['4', 'b', 100.01] as const]
    // In so many dimensions no two rows come that near by chance.
    const wide = { intrinsic_dimension: figure(40, 'neither') }
    const level = (...couples: readonly (readonly [string, string, number])[]) => {
      const run = rows(...couples, ...far, ...others)
      const told = { ...run, figures: { ...run.figures, ...wide } }
      return recallFinding(told, manifest, 'label-conflict:a|b')!.certainty.level
    }
    expect(level(...twins)).toBe('certain')
    expect(level(...twins, ...near)).toBe('likely')
  })

  test('under more than four labels are bad input, which costs all but the first of its class', () => {
    // Of rows as near the first is found: the rows of a find each other, those of b to e find a row of a.
    const entries = [...'aabcde'].map((label, at) => [`r${at}`, label, 0] as const)
    const run = rows(...entries, ['x', 'a', 7], ['y', 'a', 8], ['z', 'b', 11], ['w', 'b', 12])
    expect(idsOf(run, 'label-conflict')).toEqual([])
    const findings = findFindings(run, manifest).filter(({ kind }) => kind === 'duplicates')
    expect(findings.map(({ id }) => id)).toEqual(['duplicates:blank'])
    const [blank] = findings
    expect(blank!.finding).toBe(
      '6 rows of 5 classes have a vector of zeros (r0 = r1 = r2 = r3 = …); 4 of them are errors (40.00 points). Blank or failed files read the same.',
    )
    expect(blank!.gain).toBeCloseTo(40, 12)
    expect(blank!.evidence).toEqual([2, 3, 4, 5, 0, 1])
    expect(blank!.cost).not.toContain('contrary')
    expect(blank!.doneWhen).toBe('No vector is shared by more than 4 classes.')
    expect(recallFinding(run, manifest, 'duplicates:exact')?.measure.value).toBe(0)
  })

  test('of many classes and of one are two findings', () => {
    const five = [...'abcde'].map((label) => [label, label, 3] as const)
    const run = rows(...five, ['x', 'a', 0], ['y', 'a', 0])
    const [blank, twins] = findFindings(run, manifest).filter(({ kind }) => kind === 'duplicates')
    expect([blank!.id, twins!.id]).toEqual(['duplicates:blank', 'duplicates:exact'])
    expect(blank!.finding).toContain('5 rows of 5 classes have one vector')
    expect(twins!.finding).toContain('x = y (a, all zeros)')
  })

  test('of one label are one finding, with the rows named', () => {
    const twins = rows(['x', 'a', 1], ['y', 'a', 1], ['p', 'b', 7], ['q', 'b', 7], ['z', 'b', 9])
    const findings = findFindings(twins, manifest)
    expect(findings.map(({ id }) => id)).toEqual(['duplicates:exact'])
    expect(findings[0]!.finding).toBe(
      '4 rows in 2 groups have identical vectors: x = y (a) and p = q (b).',
    )
    expect(findings[0]!.evidence).toEqual([0, 1, 2, 3])
  })
})

test('the evidence of a slice begins with the pairs that are named', () => {
  const run = evaluationWith({ a: 20, b: 20, c: 20, d: 20 }, [
    ['a', 'b', 3],
    ['c', 'd', 2],
  ])
  const slice = {
    id: 'camera=left',
    conditions: [{ column: 'camera', value: 'left', text: 'left' }],
    rows: 80,
    errors: 5,
    rate: 5 / 80,
    interval: [0, 0.1] as const,
    restRate: 0,
    p: 0.01,
    adjustedP: 0.01,
    difference: 'worse' as const,
    explainedBy: null,
    expectedErrors: 1,
    confused: [{ a: 'c', b: 'd', count: 2 }],
  }
  const sliceOf = () => ({ slice, rows: [...run.dataset.labels.keys()] })
  const finding = recallFinding({ ...run, sliceOf }, manifest, 'slice-gap:camera=left')!
  expect(finding.evidence.map((row) => run.dataset.ids[row])).toEqual([
    'c0',
    'c1',
    'a0',
    'a1',
    'a2',
  ])
  expect(finding.gain).toBeCloseTo(5, 12)
})

describe('low-margin clusters', () => {
  const sizes = { a: 60, b: 60, c: 60 }
  const confused = evaluationWith(sizes, [['a', 'b', 12]])

  test('are not looked for with a margin that predicts no errors', () => {
    const blind = { ...confused, margins: { ...confused.margins, rankedBy: null } }
    expect(idsOf(blind, 'low-margin')).toEqual([])
    expect(recallFinding(blind, manifest, 'low-margin:a')).toBeNull()
  })

  test('are cut at the threshold of the manifest where it names one', () => {
    const run = chained(() => true)
    const at = (low: number) => clustersAt(run, low)
    expect(at(0.1)).toEqual([])
    expect(at(0.2)).toMatchObject([{ id: 'low-margin:a', measure: { value: 15 } }])
    expect(at(0.2)[0]!.evidence).toHaveLength(30)
    expect(at(0.2)[0]!.finding).toContain("the manifest's threshold")
    // scipy.stats.fisher_exact([[15, 15], [0, 60]]).pvalue: 3.4e-9.
    expect(at(0.2)[0]!.certainty).toMatchObject({
      level: 'certain',
      says: expect.stringContaining('than among low-margin rows elsewhere (p < 0.001)'),
    })
    // By groups of 30 rows the cluster is one or two, though it holds all errors.
    const clusters = run.dataset.labels.map((_, row) => Math.floor(row / 30))
    expect(clustersAt({ ...run, clusters }, 0.2)[0]!.certainty.says).not.toContain('p < 0.001')
    // All 180 rows are one component then, which is the space itself and no place in it.
    expect(at(2)).toEqual([])
  })

  test('of many classes name a few of them and count the rest', () => {
    const run = chained(() => true)
    const { dataset } = run
    const classes = [...dataset.classes, ...Array.from({ length: 15 }, (_, at) => `d${at}`)]
    const labels = dataset.labels.map((label, row) => (row < 30 ? 3 + Math.floor(row / 2) : label))
    const [finding] = clustersAt({ ...run, dataset: { ...dataset, classes, labels } }, 0.2)
    expect(finding!.classes).toHaveLength(8)
    expect(finding!.title).toMatch(/^Strengthen the boundary around d\d+, d\d+ and 6 more$/)
    expect(finding!.doneWhen).toMatch(/ and d\d+, d\d+, d\d+, d\d+ and 4 more have significantly/)
  })

  test('are no place to aim at where low-margin rows are as often wrong elsewhere', () => {
    expect(
      clustersAt(
        chained((row) => row % 4 === 0),
        0.2,
      ),
    ).toEqual([])
  })

  const clustersAt = (run: typeof confused, low: number) =>
    findFindings(run, { ...manifest, margin: { low, chosen: true } }).filter(
      ({ kind }) => kind === 'low-margin',
    )

  /**
   * Rows in a chain. Margins are 0.1 in the first 30 rows of a, half of them errors, and in every
   * other row of b and c, which touch no other such row; they are 1 elsewhere.
   */
  function chained(rightElsewhere: (row: number) => boolean): typeof confused {
    const { rows } = confused
    const isLow = (row: number) => row < 30 || (row >= 60 && row % 2 === 0)
    const predictionMargin = rows.predictionMargin.map((_, row) => (isLow(row) ? 0.1 : 1))
    const correct = rows.correct.map((_, row) => {
      const right = row < 30 ? row % 2 === 1 : !isLow(row) || rightElsewhere(row)
      return right ? 1 : 0
    })
    const chain = Int32Array.from({ length: 1800 }, (_, at) => {
      const [row, place] = [Math.floor(at / 10), at % 10]
      return place === 0 ? (row + 1) % 180 : place === 1 ? (row + 179) % 180 : -1
    })
    const neighborhood = { ...confused.neighborhood, neighbors: chain }
    return { ...confused, neighborhood, rows: { ...rows, predictionMargin, correct } }
  }
})

describe('an owner', () => {
  const run = believed(evaluationWith({ a: 40, b: 40, c: 40 }, [['a', 'b', 9]]))
  const owner = (owners: Record<string, string>) =>
    findFindings(run, { ...manifest, owners }).find(({ id }) => id === 'confusion:a|b')!.owner

  test('is the rule’s, unless the manifest names one for the kind or, before it, a class', () => {
    expect(owner({})).toBe('CV / Product')
    expect(owner({ confusion: 'Vision' })).toBe('Vision')
    expect(owner({ confusion: 'Vision', 'class:b': 'Team B' })).toBe('Team B')
    expect(owner({ 'class:c': 'Team C', spread: 'Nobody' })).toBe('CV / Product')
  })
})

test('every rule says what it needs, and every kind is its own', () => {
  for (const [kind, rule] of Object.entries(rules)) {
    expect(rule.kind).toBe(kind)
    expect(rule.needs).toMatch(/^[A-Z].*\.$/)
  }
})

test('a run of one class has nothing to find', () => {
  expect(findFindings(evaluationWith({ a: 12 }, []), manifest)).toEqual([])
})

describe('a slice with more errors than the rest', () => {
  const run = evaluationWith({ a: 100, b: 100 }, [['a', 'b', 40]])
  const gap = (told: Partial<Slice>) => {
    const slice: Slice = {
      id: 'camera=left',
      conditions: [{ column: 'camera', value: 'left', text: 'left' }],
      rows: 100,
      errors: 40,
      rate: 0.4,
      interval: [0.3, 0.5],
      restRate: 0.1,
      p: 0.001,
      adjustedP: 0.01,
      difference: 'worse',
      explainedBy: null,
      expectedErrors: 25,
      confused: [],
      ...told,
    }
    const slices = { ...run.slices, list: [slice] }
    const sliceOf = () => ({ slice, rows: [] })
    return findFindings({ ...run, slices, sliceOf }, manifest).find(
      ({ kind }) => kind === 'slice-gap',
    )
  }

  test('would gain what it has above the rest, and above what its classes make likely', () => {
    // 10 at the rate of the rest, 25 by its classes.
    expect(gap({})!.gain).toBeCloseTo((100 * (40 - 25)) / 200, 12)
    expect(gap({ expectedErrors: 4 })!.gain).toBeCloseTo((100 * (40 - 10)) / 200, 12)
  })

  test('needs 6 errors', () => {
    expect(gap({ errors: 5, expectedErrors: 0.1 })).toBeUndefined()
    expect(gap({ errors: 6, expectedErrors: 0.1 })).toBeDefined()
  })

  test('needs two deviations more than its classes make likely', () => {
    // 25 are, with a deviation of √(25 × 0.75) = 4.33.
    expect(gap({ errors: 33 })).toBeUndefined()
    expect(gap({ errors: 34 })).toBeDefined()
  })
})

test('a pair takes in a cluster of which four errors in five are its own', () => {
  const run = evaluationWith({ a: 40, b: 40 }, [['a', 'b', 10]])
  const wrong = [...run.rows.correct.keys()].filter((row) => run.rows.correct[row] !== 1)
  const [pair] = findFindings(run, manifest).filter(({ kind }) => kind === 'confusion')
  const covers = (own: number) => {
    const host = { ...pair!, evidence: wrong.slice(0, own) }
    const cluster = { ...pair!, id: 'low-margin:a', kind: 'low-margin' as const, evidence: wrong }
    const found = [host, cluster].map((finding) => ({
      rule: rules[finding.kind],
      finding,
      draft: {},
    }))
    return mergeFindings(run, Object.values(rules), found).map(({ id }) => id)
  }
  expect(covers(8)).toEqual(['confusion:a|b'])
  expect(covers(7)).toEqual(['confusion:a|b', 'low-margin:a'])
})
