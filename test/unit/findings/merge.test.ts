/** Which findings become part of another, on findings made by hand: rows under 100 are errors. */

import { expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { CertaintyLevel, Finding } from '../../../lib/core/finding.ts'
import { mergeFindings } from '../../../lib/findings/merge.ts'
import { rules } from '../../../lib/findings/registry.ts'
import type { Draft } from '../../../lib/findings/rule.ts'

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

const evaluation = {
  rows: { correct: Uint8Array.from(rows(0, 300), (row) => (row < 100 ? 0 : 1)) },
} as unknown as Evaluation

const finding = (id: string, evidence: readonly number[], level: CertaintyLevel = 'likely') =>
  ({ id, kind: id.split(':')[0], evidence, certainty: { level, says: '' } }) as unknown as Finding

const merged = (...found: readonly (readonly [Finding, Pick<Draft, 'cause' | 'rows'>?])[]) =>
  Object.fromEntries(
    mergeFindings(
      evaluation,
      Object.values(rules),
      found.map(([one, draft]) => ({ rule: rules[one.kind], finding: one, draft: draft ?? {} })),
    ).map(({ id, covers }) => [id, covers]),
  )

test('a cluster takes in three pairs whose errors lie in it, and what is wide there', () => {
  const cluster = finding('low-margin:x', [...rows(0, 40), ...rows(100, 140)])
  const pairs = [rows(0, 10), rows(10, 20), rows(20, 30)].map((errors, at) =>
    finding(`confusion:${at}`, errors),
  )
  const wide = finding('spread:x', [...rows(2, 8), ...rows(200, 220)])
  expect(merged([cluster], ...pairs.map((pair) => [pair] as const), [wide])).toEqual({
    'low-margin:x': ['confusion:0', 'confusion:1', 'confusion:2', 'spread:x'],
  })
  // Two are pairs that share a place: each stays, and takes no cluster with other errors.
  expect(Object.keys(merged([cluster], [pairs[0]!], [pairs[1]!]))).toHaveLength(3)
})

test('a pair takes in a cluster whose errors are its own', () => {
  const cluster = finding('low-margin:x', [...rows(0, 9), ...rows(100, 140)])
  expect(merged([cluster], [finding('confusion:a', rows(0, 10))])).toEqual({
    'confusion:a': ['low-margin:x'],
  })
})

test('wrong labels take in the hubs and the width that they make, and the pair that they explain them', () => {
  const labels = finding('label-issue:a|b', rows(0, 10))
  const others = finding('label-issue:other', rows(10, 20))
  const hubs = finding('hubs:space', rows(5, 20))
  expect(merged([labels], [others], [hubs])).toEqual({
    'label-issue:a|b': [],
    'label-issue:other': ['hubs:space'],
  })
  // What is only possible explains nothing.
  const doubtful = finding('label-issue:other', rows(0, 20), 'possible')
  expect(Object.keys(merged([doubtful], [hubs]))).toEqual(['label-issue:other', 'hubs:space'])
  // A pair that comes from its labels takes them in, and with them what they explain.
  const pair = finding('confusion:a|b', rows(0, 12))
  const wide = finding('spread:a', rows(0, 8))
  expect(merged([pair, { cause: 'label-issue' }], [labels], [wide])).toEqual({
    'confusion:a|b': ['label-issue:a|b', 'spread:a'],
  })
})

test('a slice takes in a class that is wide because of its rows, and rare classes their pairs', () => {
  expect(
    merged(
      [finding('slice-gap:site=a', rows(0, 30)), { rows: rows(0, 250) }],
      [finding('spread:b', rows(50, 60))],
    ),
  ).toEqual({ 'slice-gap:site=a': ['spread:b'] })
  expect(
    merged([finding('imbalance:rare', rows(0, 30))], [finding('confusion:a|b', rows(20, 30))]),
  ).toEqual({ 'imbalance:rare': ['confusion:a|b'] })
})

test('findings without errors, or with others’, stay as they are', () => {
  const labels = finding('label-issue:other', rows(0, 20))
  expect(
    Object.keys(
      merged(
        [labels],
        [finding('spread:a', rows(200, 220))],
        [finding('hubs:space', rows(14, 44))],
      ),
    ),
  ).toHaveLength(3)
})
