import { expect, it } from 'vitest'
import { decodeFullRows } from '../../../lib/publish/full-rows.ts'
import { encodeRows } from '../../../lib/publish/rows-parquet.ts'
import { buildRun, earlierCorrect, seededPoints } from '../reports/fixture.ts'

it('reads rows and metadata back as they were written', async () => {
  const points = seededPoints(80, 5, 0.9)
  const correct = earlierCorrect(buildRun(points).rows.correct)
  const { rows } = buildRun(points, { baseline: { run: 'run-1', correct } })
  const metadata = [
    { name: 'camera', type: 'text' as const, values: points.ids.map((id) => `of ${id}`) },
    {
      name: 'age',
      type: 'number' as const,
      values: Float64Array.from(points.ids, (_, row) => row),
    },
  ]
  const read = await decodeFullRows(encodeRows(rows, metadata))
  expect(read.metadata).toEqual(metadata)
  for (const name of ['id', 'label', 'neighbors', 'distances', 'correct', 'classMargin'] as const) {
    expect(read.rows[name], name).toEqual(rows[name])
  }
  expect(read.rows.correctInBaseline).toEqual(rows.correctInBaseline)
})
