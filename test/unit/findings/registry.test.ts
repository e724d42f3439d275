import { expect, test } from 'vitest'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import { FINDING_KINDS } from '../../../lib/core/finding-kind.ts'
import { askRules, rules } from '../../../lib/findings/registry.ts'
import { manifest } from './brute-force.ts'
import { confusedRun } from './kind-runs.ts'

test('the rules are those of the kinds, in their order', () => {
  expect(Object.keys(rules)).toEqual([...FINDING_KINDS])
  for (const kind of FINDING_KINDS) expect(rules[kind].kind).toBe(kind)
})

test('what all items of a kind share is made once a run, however many are recalled', () => {
  const sizes = Object.fromEntries('abcdefgh'.split('').map((name) => [name, 20]))
  const run = confusedRun(8, sizes)
  let reads = 0
  // Every pass over the rows begins with their neighbours.
  const counting: Evaluation = Object.defineProperty({ ...run }, 'neighborhood', {
    get: () => {
      reads++
      return run.neighborhood
    },
  })
  const { recall } = askRules(counting, manifest)
  for (const kind of ['confusion', 'label-issue', 'label-conflict'] as const) {
    const first = recall(`${kind}:a|b`)
    expect(first?.kind).toBe(kind)
    const before = reads
    const others = [...'cdefgh'].map((name) => recall(`${kind}:b|${name}`)?.kind)
    expect(others).toEqual(others.map(() => kind))
    expect(reads).toBe(before)
    expect(recall(`${kind}:a|b`)).toBe(first)
  }
})
