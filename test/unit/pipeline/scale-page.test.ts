/** The figures on the page on scale, against the plan that the code makes. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ScaleCase, scaleOf } from '../../scale-model.ts'

const page = readFileSync(new URL('../../../docs/scale.md', import.meta.url), 'utf8')

/** What the page says that it is about. */
const given: Omit<ScaleCase, 'rows'> = {
  dimensions: 256,
  classes: 100,
  memoryMebibytes: 10_240,
  shardSeconds: 240,
  blockRows: 16_384,
}

function time(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

test.each([100_000, 300_000, 1_000_000])(
  'the page on scale says what the planner plans for %i rows',
  (rows) => {
    const { shards, functionSeconds, oneFunctionSeconds, wallSeconds, dollars } = scaleOf({
      ...given,
      rows,
    })
    const cost = dollars.functions + dollars.steps + dollars.storage
    const cells = [
      rows.toLocaleString('en-US'),
      time(oneFunctionSeconds),
      shards.toLocaleString('en-US'),
      time(functionSeconds),
      ...[8, 100, 1000].map((concurrency) => time(wallSeconds(concurrency))),
      cost < 10 ? `$${cost.toFixed(2)}` : `$${Math.round(cost)}`,
    ]
    expect(page).toContain(`| ${cells.join(' | ')} |`)
  },
)

test('the page on scale says that ten million rows of 256 dimensions fit into no shard', () => {
  expect(page).toContain('10 million rows of 256 dimensions take 30 GB')
  expect(() => scaleOf({ ...given, rows: 10e6 })).toThrow('take about 30.00 GB in every shard')
})
