/** The rules on labels, duplicates, rare classes, hubs and dimensions, by cases worked by hand. */

import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { weightOf } from '../../../lib/core/finding.ts'
import type { Column } from '../../../lib/core/table.ts'
import { hubs } from '../../../lib/findings/hubs.ts'
import { findFindings, raise, recallFinding } from './asked.ts'
import { evaluate, manifest, readSample } from './brute-force.ts'
import { evaluationWith } from './made.ts'

const find = (evaluation: Evaluation, id: string) =>
  findFindings(evaluation, manifest).find((finding) => finding.id === id)
const text = (name: string, values: readonly string[]): Column => ({ name, type: 'text', values })

/** Lines of 30 rows a class, 1 apart, the classes 1,000 apart. */
function lines(relabel: Readonly<Record<number, string>>, metadata: readonly Column[] = []) {
  const rows = [...'abc'].flatMap((label, at) =>
    Array.from({ length: 30 }, (_, row) => ({ label, vector: [1000 * at + row + row / 100] })),
  )
  return evaluate({
    ids: rows.map((_, row) => `r${row}`),
    labels: rows.map(({ label }, row) => relabel[row] ?? label),
    vectors: rows.map(({ vector }) => vector),
    metadata,
  })
}

describe('contradicted labels', () => {
  test('of one pair are an item, which tells what the right ones would gain', () => {
    // Rows 5, 15 and 25 of a carry b: each is an error, and so is the row that is nearest to it.
    const run = lines({ 5: 'b', 15: 'b', 25: 'b' })
    const finding = find(run, 'label-issue:a|b')!
    expect(finding.owner).toBe('Data Ops')
    expect(finding.measure).toEqual({ value: 3, unit: 'rows' })
    expect([...finding.evidence].sort((a, b) => a - b)).toEqual([5, 15, 25])
    expect(finding.finding).toContain('3 rows of a and b lie among rows of another class')
    expect(finding.finding).toContain('r5 (b, rather a)')
    const wrong = run.rows.correct.filter((right) => right !== 1).length
    expect(wrong).toBe(6)
    expect(finding.gain).toBeCloseTo((100 * 6) / 90, 12)
    expect(finding.certainty.level).toBe('likely')
  })

  test('of several pairs are one item together, from three rows on', () => {
    expect(findFindings(lines({ 5: 'b', 35: 'c' }), manifest)).toEqual([])
    const run = lines({ 5: 'b', 35: 'c', 65: 'a' })
    const finding = find(run, 'label-issue:other')!
    expect(finding.title).toBe('Check the labels of 3 rows')
    expect(finding.classes).toEqual(['a', 'b', 'c'])
    expect(recallFinding(run, manifest, 'label-issue:a|b')?.measure.value).toBe(1)
    expect(recallFinding(run, manifest, 'label-issue:a|X')).toBeNull()
    expect(recallFinding(lines({}), manifest, 'label-issue:other')?.title).toBe(
      'Check labels that the neighbours contradict',
    )
  })

  test('gain what would be right less what would be wrong', () => {
    // Rows 5, 15 and 25 of a carry b. The row behind each is nearest to it and carries b too: it is
    // right now, and would be wrong.
    const run = lines({ 5: 'b', 15: 'b', 25: 'b' })
    const issues = run.quality.labelIssues.rows
    const answered = [...run.rows.correct.keys()].filter((row) =>
      [5, 15, 25].includes(run.neighborhood.neighbors[row * run.neighborhood.k]!),
    )
    expect(answered.length).toBeGreaterThan(0)
    const labels = run.dataset.labels.slice()
    const correct = run.rows.correct.slice()
    for (const row of answered) [labels[row], correct[row]] = [run.dataset.classes.indexOf('b'), 1]
    const turned = {
      ...run,
      dataset: { ...run.dataset, labels },
      rows: { ...run.rows, correct },
      quality: { ...run.quality, labelIssues: { rows: issues, unjudgedRows: 0 } },
    }
    const { gain } = find(turned, 'label-issue:a|b')!
    expect(gain).toBe(0)
  })

  test('that make a pair confused are one item with it, with the cause named', () => {
    const run = lines(Object.fromEntries([3, 7, 11, 15, 19, 23].map((row) => [row, 'b'])))
    const findings = findFindings(run, manifest)
    expect(findings.map(({ id }) => id)).toEqual(['confusion:a|b'])
    const [pair] = findings
    expect(pair!.covers).toEqual(['label-issue:a|b'])
    expect(pair!.owner).toBe('Data Ops')
    expect(pair!.title).toBe('Settle the labels of a and b')
    expect(pair!.finding).toContain('would be gone if the contradicted labels among them')
    expect(pair!.action).toContain('correct the labels that are wrong, at the source')
    const owners = { 'label-issue': 'Annotators', confusion: 'Vision' }
    expect(findFindings(run, { ...manifest, owners })[0]!.owner).toBe('Annotators')
  })

  test('that agree with each other are told as one batch, and are the cause of what they confuse', () => {
    // Rows of a on a lattice, every other one of the first twelve labelled b: each is the others' mate.
    const square = (label: string, from: number) =>
      Array.from({ length: 49 }, (_, at) => ({
        label,
        vector: [from + (at % 7) + at / 1000, Math.floor(at / 7) + at / 777],
      }))
    const rows = [...square('a', 0), ...square('b', 1000), ...square('c', 2000)]
    const wrong = new Set([0, 2, 4, 6, 14, 16, 18, 20, 28, 30, 32, 34])
    const run = evaluate({
      ids: rows.map((_, row) => `r${row}`),
      labels: rows.map(({ label }, row) => (wrong.has(row) ? 'b' : label)),
      vectors: rows.map(({ vector }) => vector),
    })
    const finding = recallFinding(run, manifest, 'label-issue:a|b')!
    expect([...finding.evidence].sort((x, y) => x - y)).toEqual([...wrong])
    expect(finding.finding).toContain(
      '12 of them, labelled b, agree with each other: they may be one batch or one annotator’s, or a subgroup of b that looks like a.',
    )
    expect(finding.certainty.level).toBe('likely')
    expect(finding.action).toContain('what one batch got wrong is corrected in one go')
    expect(find(run, 'confusion:a|b')!.title).toBe('Settle the labels of a and b')
  })

  test('of a rare class that lies in another are none, and no cause of its errors', () => {
    // Eight rows of b among forty of a: each is an error, and its class is far from every row of it.
    const among = (rare: number) => {
      const rows = [
        ...Array.from({ length: 40 }, (_, at) => ({ label: 'a', vector: [at] })),
        ...Array.from({ length: rare }, (_, at) => ({ label: 'b', vector: [3.5 + 4 * at] })),
        ...Array.from({ length: 30 }, (_, at) => ({ label: 'c', vector: [9000 + at] })),
      ]
      return evaluate({
        ids: rows.map((_, row) => `r${row}`),
        labels: rows.map(({ label }) => label),
        vectors: rows.map(({ vector }) => vector),
      })
    }
    const run = among(8)
    expect(run.quality.labelIssues).toEqual({ rows: [], unjudgedRows: 8 })
    expect(find(run, 'confusion:a|b')!.title).toBe('Tell a and b apart')
  })

  test('in a run that is mostly errors are possible rather than likely', async () => {
    const run = evaluate(await readSample('emoji/mobilenet-metric-64'))
    const finding = find(run, 'label-issue:other')!
    expect(finding.certainty.level).toBe('possible')
    expect(finding.certainty.says).toContain(
      'of all rows would be errors even with the suggested labels',
    )
  })
})

describe('duplicates across a split', () => {
  const split = (parts: readonly string[]) => text('split', parts)
  const twins = (parts: readonly string[]) =>
    evaluate({
      ids: ['p', 'q', 'r', 's', 't', 'u'],
      labels: ['a', 'a', 'a', 'b', 'b', 'b'],
      vectors: [[0], [0], [5], [100], [107], [116]],
      metadata: [split(parts)],
    })

  test('are one item that says how much of the accuracy is copied', () => {
    const run = twins(['train', 'test', 'train', 'train', 'test', 'train'])
    const finding = find(run, 'leakage:split')!
    expect(finding.owner).toBe('Data Ops')
    expect(finding.finding).toBe(
      '2 rows in 1 group have the same vector as a row of another part of split, 1 of test and 1 of train: p (train) = q (test).',
    )
    expect(finding.certainty).toEqual({
      level: 'certain',
      says: 'The vectors are equal byte for byte.',
    })
    expect(finding.cost).toContain('2 right answers come from such a copy (33.3 % of all rows)')
    expect(finding.gain).toBe(0)
    expect(finding.stake).toBeCloseTo(100 / 3, 12)
    expect(finding.evidence).toEqual([0, 1])
  })

  test('of other labels are no right answers that are copied', () => {
    const run = evaluate({
      ids: ['p', 'q', 'r', 's', 't', 'u'],
      labels: ['a', 'b', 'a', 'b', 'b', 'a'],
      vectors: [[0], [0], [5], [100], [107], [116]],
      metadata: [split(['train', 'test', 'train', 'train', 'test', 'train'])],
    })
    expect(find(run, 'leakage:split')).toMatchObject({ measure: { value: 2 }, stake: 0 })
  })

  test('within one part are no leak, and a run without the column can’t tell', () => {
    const run = twins(['train', 'train', 'test', 'train', 'test', 'test'])
    expect(find(run, 'leakage:split')).toBeUndefined()
    expect(recallFinding(run, manifest, 'leakage:split')?.measure.value).toBe(0)
    expect(recallFinding(lines({}), manifest, 'leakage:split')).toBeNull()
  })
})

describe('rare classes', () => {
  const rare = (sizes: Readonly<Record<string, number>>, taken: number) =>
    evaluationWith({ many: 400, more: 400, few: 10, ...sizes }, [['few', 'many', taken]])

  test('are raised with 6 errors and more than the others have', () => {
    expect(find(rare({}, 5), 'imbalance:rare')).toBeUndefined()
    const finding = find(rare({}, 6), 'imbalance:rare')!
    expect(finding.owner).toBe('Data Ops')
    expect(finding.finding).toContain('1 class has fewer than 27.0 rows')
    expect(finding.finding).toContain('few (10 rows)')
    // None of the other rows is an error.
    expect(finding.gain).toBeCloseTo(600 / 810, 12)
    expect(finding.measure).toEqual({ value: 6, unit: 'errors' })
  })

  test('gain no more than what they have above the rate of the others', () => {
    // 100 of the 800 other rows are errors: at their rate 1.25 of the ten rare ones.
    const run = evaluationWith({ many: 400, more: 400, few: 10 }, [
      ['many', 'more', 100],
      ['few', 'many', 8],
    ])
    expect(find(run, 'imbalance:rare')!.gain).toBeCloseTo((100 * (8 - 1.25)) / 810, 12)
    // scipy: binom.sf(5, 10, 0.5) = 0.377.
    const hard = evaluationWith({ many: 400, more: 400, few: 10 }, [
      ['many', 'more', 399],
      ['more', 'many', 1],
      ['few', 'many', 6],
    ])
    expect(find(hard, 'imbalance:rare')).toBeUndefined()
  })

  test('are held against the others as rows that were drawn too', () => {
    const run = rare({}, 6)
    const counted = (counts: Partial<Evaluation['quality']['imbalance']>): Evaluation => ({
      ...run,
      quality: { ...run.quality, imbalance: { ...run.quality.imbalance, ...counts } },
    })
    // scipy's fisher_exact: 0.0915 and 0.0012.
    const few = counted({ rareErrors: 6, rareRows: 20, otherErrors: 1, otherRows: 20 })
    expect(find(few, 'imbalance:rare')).toBeUndefined()
    const many = counted({ rareErrors: 6, rareRows: 20, otherErrors: 10, otherRows: 200 })
    expect(find(many, 'imbalance:rare')?.certainty.level).toBe('likely')
    // As far from the others, but less often wrong.
    const better = counted({ rareErrors: 6, rareRows: 200, otherErrors: 15, otherRows: 100 })
    expect(find(better, 'imbalance:rare')).toBeUndefined()
  })

  test('are held against the others by groups, where their rows count together', () => {
    const run = rare({}, 6)
    const groups = (size: number) => run.dataset.labels.map((_, row) => Math.floor(row / size))
    expect(find({ ...run, clusters: groups(1) }, 'imbalance:rare')).toBeDefined()
    expect(find({ ...run, clusters: groups(10) }, 'imbalance:rare')).toBeUndefined()
  })

  test('that are no rarer than a tenth are not', () => {
    expect(find(rare({ few: 30 }, 6), 'imbalance:rare')).toBeUndefined()
  })
})

describe('hubs', () => {
  /** 60 rows in 20 directions at distance 10 of the origin, where `centre` sits: nearest to all. */
  const star = (centre: string) => {
    const directions = Array.from({ length: 60 }, (_, row) =>
      Array.from({ length: 60 }, (_, d) => (d === row ? 10 : 0)),
    )
    const couples = Array.from({ length: 60 }, (_, row) => [
      1000 + 100 * (row >> 1) + (row & 1),
      ...Array<number>(59).fill(0),
    ])
    const vectors = [...directions, ...couples, Array<number>(60).fill(0)]
    return evaluate({
      ids: vectors.map((_, row) => `r${row}`),
      labels: vectors.map((_, row) => (row === 120 ? centre : row < 60 ? 'ray' : 'couple')),
      vectors,
    })
  }

  test('that rows of one group or two are nearest to are not raised', () => {
    const run = star('couple')
    const groups = (size: number) => run.dataset.labels.map((_, row) => Math.floor(row / size))
    expect(find({ ...run, clusters: groups(1) }, 'hubs:space')).toBeDefined()
    expect(find({ ...run, clusters: groups(40) }, 'hubs:space')).toBeUndefined()
  })

  test('that errors are nearest to are raised, the worst named', () => {
    const finding = find(star('couple'), 'hubs:space')!
    expect(finding.owner).toBe('ML team')
    // The centre is an error too: of the rays, all as near, the first ones are its neighbours.
    expect(finding.measure.value).toBe(61)
    expect(finding.finding).toContain('r120 (couple, 60 errors)')
  })

  test('gain what their errors are above the rate of the other rows', () => {
    // Of 121 rows 61 have a hub for the nearest, all of them errors; of the others none is.
    expect(find(star('couple'), 'hubs:space')!.gain).toBeCloseTo((100 * 61) / 121, 9)
    const run = star('couple')
    const correct = run.rows.correct.map((right, row) => (row >= 60 && row < 75 ? 0 : right))
    const harder = { ...run, rows: { ...run.rows, correct } }
    expect(find(harder, 'hubs:space')!.gain).toBeCloseTo((100 * (61 - 61 / 4)) / 121, 9)
  })

  test('behind which nearly all rows are have nothing to be held against', () => {
    // Two hubs for 388 rows, 38 of which are wrong, and four rows without a hub that are right.
    const run = star('couple')
    const rows = 400
    const nearest = Int32Array.from({ length: rows }, (_, row) =>
      row < 388 ? Number(row === 0 || (row % 2 === 1 && row !== 1)) : row < 392 ? row + 4 : -1,
    )
    const few: Evaluation = {
      ...run,
      dataset: {
        ...run.dataset,
        rows,
        ids: Array.from(nearest, (_, row) => `r${row}`),
        labels: new Int32Array(rows),
      },
      neighborhood: { ...run.neighborhood, k: 1, neighbors: nearest },
      rows: {
        ...run.rows,
        correct: Uint8Array.from(nearest, (_, row) => Number(row >= 38)),
        mates: new Int32Array(rows).fill(5),
        classMargin: new Float64Array(rows),
      },
    }
    expect(raise(hubs, few, manifest)).toEqual([])
  })

  test('that mislead as many are named in the order of the rows', () => {
    // Rows 2 to 41 have row 1 and row 0 for the nearest in turn, and are wrong; nobody else is.
    const run = star('couple')
    const nearest = Int32Array.from({ length: 121 }, (_, row) =>
      row >= 2 && row < 42 ? 1 - (row % 2) : (row + 1) % 121,
    )
    const tied: Evaluation = {
      ...run,
      neighborhood: { ...run.neighborhood, k: 1, neighbors: nearest },
      rows: {
        ...run.rows,
        correct: Uint8Array.from(nearest, (_, row) => Number(row < 2 || row >= 42)),
        mates: new Int32Array(121).fill(5),
      },
    }
    const { finding } = find(tied, 'hubs:space')!
    const names = ['r0 (ray, 20 errors)', 'r1 (ray, 20 errors)'].map((name) =>
      finding.indexOf(name),
    )
    expect(names[0]).toBeGreaterThan(0)
    expect(names[1]).toBeGreaterThan(names[0]!)
  })

  test('that mislead nobody are not', () => {
    expect(find(star('ray'), 'hubs:space')).toBeUndefined()
    expect(recallFinding(star('ray'), manifest, 'hubs:space')?.measure.value).toBe(0)
  })
})

describe('collapsed dimensions', () => {
  const collapsed = (dimensions: readonly number[]) => {
    const run = lines({})
    const { structure } = run
    const counts = { collapsed: dimensions, collapsedCount: dimensions.length, variance: [] }
    return {
      ...run,
      dataset: { ...run.dataset, dimensions: 64 },
      structure: { ...structure, dimensions: counts },
    }
  }

  test('are one item from the first on, with what they cost', () => {
    const finding = find(collapsed([3, 17]), 'collapsed-dimensions:space')!
    expect(finding.owner).toBe('ML team')
    expect(finding.finding).toBe(
      '2 dimensions of 64 (3.1 %) are the same in all rows, or nearly: 3 and 17, counted from 0.',
    )
    expect(finding.cost).toContain('8 bytes a row')
    expect(finding.certainty.level).toBe('certain')
  })

  test('that are gone can still be asked for', () => {
    expect(find(collapsed([]), 'collapsed-dimensions:space')).toBeUndefined()
    const recalled = recallFinding(collapsed([]), manifest, 'collapsed-dimensions:space')
    expect(recalled?.measure).toEqual({ value: 0, unit: 'dimensions' })
    expect(recalled?.title).toBe('Find out why dimensions hold nothing')
  })
})

test('every finding says what was seen, how sure it is, what it costs, what to do and when it is done', async () => {
  const samples = ['digits/pca-8', 'emoji/pixels-pca-32', 'emoji/mobilenet-metric-64']
  const runs = await Promise.all(samples.map(async (name) => evaluate(await readSample(name))))
  const found = runs.flatMap((run) => findFindings(run, manifest))
  expect(new Set(found.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(4)
  for (const { finding, certainty, cost, action, doneWhen, owner, gain, stake } of found) {
    for (const sentence of [finding, certainty.says, cost, action, doneWhen]) {
      expect(sentence).toMatch(/^[A-Z0-9][\s\S]*\.$/)
      expect(sentence).not.toMatch(/NaN|undefined|Infinity|\bnull\b/)
    }
    expect(owner).not.toBe('')
    expect(stake).toBeGreaterThanOrEqual(gain)
  }
})

test('what is less sure weighs less at the same stake', () => {
  const weigh = (level: 'certain' | 'likely' | 'possible') =>
    weightOf({ stake: 2, certainty: { level, says: '' } })
  expect([weigh('certain'), weigh('likely'), weigh('possible')]).toEqual([2, 1.5, 0.8])
})
