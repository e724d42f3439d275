import { expect, test } from 'vitest'
import type { RunRecord } from '../../../lib/core/run-record.ts'
import type { Store } from '../../../lib/core/store.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { publishRun, readRun } from '../../../lib/publish/run.ts'
import { keysOf } from '../../contract/store-contract.ts'

const record: RunRecord = {
  schema: 'nearmiss.run/1',
  project: 'p',
  run: 'v1',
  status: 'published',
  createdAt: '2026-01-01T00:00:00.000Z',
  contentId: 'a',
}
const files = { 'index.html': 'page', 'report.json': 'report' }
const publication = { project: 'p', run: 'v1', files, record }

test('a run is listed elsewhere only once its record says that it is complete', async () => {
  const store = memoryStore()
  const atEntry: unknown[] = []
  const enter = async () => {
    atEntry.push(await readRun(store, 'p', 'v1'))
  }
  await publishRun(store, { ...publication, enter })
  expect(atEntry).toEqual([record])
})

test('what a dead writer left is gone before the first file of the run is there', async () => {
  const memory = memoryStore()
  await memory.put('p/runs/v1/index.html', 'half a page')
  await memory.put('p/runs/v1/old.html', 'of another run')
  const atFirstFile: string[][] = []
  const store: Store = {
    ...memory,
    put: async (key, body, options) => {
      if (key.startsWith('p/runs/v1/')) atFirstFile.push(await keysOf(memory, 'p/runs/v1/'))
      return memory.put(key, body, options)
    },
  }
  await publishRun(store, publication)
  expect(atFirstFile[0]).toEqual([])
  expect(await keysOf(memory, 'p/runs/v1/')).toEqual([
    'p/runs/v1/index.html',
    'p/runs/v1/report.json',
    'p/runs/v1/run.json',
  ])
})
