/** The findings of the samples against what numpy finds in them. */

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { Finding } from '../../../lib/core/finding.ts'
import { pairTester } from '../../../lib/findings/pair-test.ts'
import { findFindings, recallFinding } from './asked.ts'
import { evaluate, manifest, readSample } from './brute-force.ts'

/** What each run of the samples asks for, worked out with numpy and scipy. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'digits/pca-8': ['confusion:3|9', 'confusion:1|8', 'label-issue:other'],
  'digits/nca-16-small': ['confusion:1|8', 'label-issue:other'],
  'digits/nca-32': ['confusion:1|8', 'label-issue:other'],
  'emoji/pixels-pca-32': [
    'hubs:space',
    'confusion:person-activity|person-gesture',
    'confusion:family|person-symbol',
    'label-issue:other',
    'duplicates:exact',
  ],
  'emoji/mobilenet-metric-64': [
    'confusion:family|person-symbol',
    'confusion:face-concerned|face-neutral-skeptical',
    'confusion:person-fantasy|person-role',
    'label-issue:other',
    'duplicates:exact',
  ],
}

const runs = new Map<string, { evaluation: Evaluation; findings: readonly Finding[] }>()
beforeAll(async () => {
  for (const name of Object.keys(expected)) {
    const evaluation = evaluate(await readSample(name))
    runs.set(name, { evaluation, findings: findFindings(evaluation, manifest) })
  }
})

const found = (run: string, id: string) => {
  const finding = runs.get(run)!.findings.find((entry) => entry.id === id)
  if (!finding) throw new Error(`${run} has no ${id}`)
  return finding
}
const ids = (run: string, { evidence }: Finding) =>
  evidence.map((row) => runs.get(run)!.evaluation.dataset.ids[row]!)

test.each(Object.entries(expected))(
  '%s raises these, most at stake and surest first',
  (run, wanted) => {
    expect(runs.get(run)!.findings.map(({ id }) => id)).toEqual(wanted)
  },
)

test.each([
  ['digits/pca-8', 'confusion:3|9', 13],
  ['digits/pca-8', 'confusion:1|8', 12],
  ['digits/nca-16-small', 'confusion:1|8', 8],
  ['digits/nca-32', 'confusion:1|8', 7],
])('%s has as many errors in %s as expected.json says', (run, id, count) => {
  const samples = JSON.parse(
    readFileSync(new URL('../../../samples/digits/expected.json', import.meta.url), 'utf8'),
  )
  const pairs: [string, string, number][] =
    samples[`${run.slice('digits/'.length)}/euclidean`].confused_pairs
  const pair = pairs.find(([a, b]) => id === `confusion:${a}|${b}`)!
  const finding = found(run, id)
  expect(finding.measure).toEqual({ value: pair[2], unit: 'errors' })
  expect(finding.measure.value).toBe(count)
  expect(finding.evidence).toHaveLength(count)
  expect(finding.gain).toBeCloseTo((100 * count) / 899, 10)
})

test.each([
  ['digits/pca-8', '1|8', 0.030705999],
  ['digits/pca-8', '3|9', 7.74043e-7],
  ['digits/nca-32', '1|8', 0.004534137],
  ['emoji/pixels-pca-32', 'person-activity|person-gesture', 0.00101587],
  ['emoji/mobilenet-metric-64', 'country-flag|subdivision-flag', 0.128395619],
  ['emoji/mobilenet-metric-64', 'person-fantasy|person-role', 0.039645126],
])('the pairs of %s make %s as likely as numpy and scipy say', (run, id, p) => {
  const { evaluation } = runs.get(run)!
  const [a, b] = id.split('|') as [string, string]
  const pair = evaluation.confusion.pairs.find((entry) => entry.a === a && entry.b === b)!
  expect(pairTester(evaluation)(pair).p! / p).toBeCloseTo(1, 5)
})

test('the most blatant error of a pair comes first', () => {
  const { evaluation } = runs.get('digits/pca-8')!
  const margins = found('digits/pca-8', 'confusion:3|9').evidence.map(
    (row) => evaluation.rows.classMargin[row]!,
  )
  expect(margins).toEqual([...margins].sort((a, b) => a - b))
  expect(margins[0]).toBeLessThan(0)
})

test('a lopsided pair says which way it goes', () => {
  expect(found('digits/nca-16-small', 'confusion:1|8').finding).toContain(
    'mostly rows of 8 taken for 1 (7 of the 8)',
  )
  expect(found('digits/nca-32', 'confusion:1|8').finding).toContain('all of them rows of 8')
  expect(found('digits/pca-8', 'confusion:3|9').finding).toContain(
    '6 rows of 3 taken for 9, 7 rows of 9 taken for 3',
  )
})

describe('the emoji whose pictures are identical', () => {
  const run = 'emoji/mobilenet-metric-64'

  test('are 16 rows with one label, flag-sark with the flag of Saudi Arabia among them', () => {
    const finding = found(run, 'duplicates:exact')
    expect(finding.measure).toEqual({ value: 16, unit: 'rows' })
    expect(finding.finding).toContain('flag-sark = flag-sa (country-flag)')
    expect(ids(run, finding)).toEqual(expect.arrayContaining(['flag-sark', 'flag-sa']))
  })

  test('and 9 rows in four groups that are family and person-symbol at once', () => {
    const id = 'label-conflict:family|person-symbol'
    const finding = recallFinding(runs.get(run)!.evaluation, manifest, id)!
    expect(finding.owner).toBe('Data Ops')
    expect(finding.finding).toContain('9 rows in 4 groups')
    expect(ids(run, finding).sort()).toEqual([
      'family',
      'family_adult_adult_child',
      'family_adult_adult_child_child',
      'family_adult_child',
      'family_adult_child_child',
      'man-boy',
      'man-boy-boy',
      'man-man-boy',
      'man-man-boy-boy',
    ])
  })

  test('are one item with the confused pair, which names the cause and who settles it', () => {
    const pair = found(run, 'confusion:family|person-symbol')
    expect(pair.covers).toEqual(['label-conflict:family|person-symbol'])
    expect(pair.owner).toBe('Data Ops')
    expect(pair.title).toBe('Settle the labels of family and person-symbol')
    expect(pair.action).toContain('Open each group of identical rows')
  })

  test('explain the confused pair, which says so', () => {
    expect(found(run, 'confusion:family|person-symbol').finding).toContain(
      'All 9 errors are identical vectors under both labels',
    )
    expect(found(run, 'confusion:person-fantasy|person-role').finding).not.toContain('identical')
  })
})

test('low-margin clusters are the components that scipy finds', () => {
  const rowsAndErrors = (run: string, label: string) => {
    const cluster = recallFinding(runs.get(run)!.evaluation, manifest, `low-margin:${label}`)
    return [cluster?.evidence.length, cluster?.measure.value]
  }
  expect(rowsAndErrors('digits/pca-8', '9')).toEqual([160, 37])
  expect(rowsAndErrors('digits/nca-16-small', '8')).toEqual([31, 13])
  expect(rowsAndErrors('emoji/mobilenet-metric-64', 'face-neutral-skeptical')).toEqual([42, 28])
})

test('a finding that is no longer raised can still be asked how it stands', () => {
  const { evaluation } = runs.get('digits/nca-32')!
  expect(recallFinding(evaluation, manifest, 'confusion:3|9')?.measure.value).toBe(1)
  expect(recallFinding(evaluation, manifest, 'confusion:0|1')?.measure.value).toBe(0)
  expect(recallFinding(evaluation, manifest, 'low-margin:8')?.measure.value).toBe(5)
  expect(recallFinding(evaluation, manifest, 'duplicates:exact')?.measure.value).toBe(0)
  expect(recallFinding(evaluation, manifest, 'confusion:3|X')).toBeNull()
  expect(recallFinding(evaluation, manifest, 'unheard-of:3')).toBeNull()
})

test('what is raised is what is recalled', () => {
  for (const { evaluation, findings } of runs.values()) {
    for (const { id, measure, evidence, gain, classes } of findings) {
      const recalled = recallFinding(evaluation, manifest, id)
      expect(recalled).toMatchObject({ id, measure, evidence, gain, classes })
    }
  }
})
