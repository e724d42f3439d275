/** What a run writes, reads and lists once a project has 200 runs, each with a class of its own. */

import { expect, it } from 'vitest'
import type { Item } from '../../../lib/core/item.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import type { Report } from '../../../lib/core/report.ts'
import type { Store } from '../../../lib/core/store.ts'
import { decideItems } from '../../../lib/history/items.ts'
import { appendRun, emptyIndex } from '../../../lib/history/project-index.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { updateIndex } from '../../../lib/publish/index-object.ts'
import { publishIndexes } from '../../../lib/site/entry.ts'
import { memoryContext } from '../functions/memory-context.ts'
import { baselineOf, entry, errorsOf, finding, inputsOf, rowsOf } from '../history/made.ts'

const RUNS = 200
const timeOf = (run: number) => new Date(Date.UTC(2026, 0, 1) + run * 3_600_000).toISOString()
const nameOf = (run: number) => `r${String(run).padStart(3, '0')}`

/** Run by run: the pair a|b stays, and a pair of a class that only this run has is raised. */
function history(): { index: ProjectIndex; items: readonly Item[] }[] {
  let index = emptyIndex('p')
  let before: ReturnType<typeof baselineOf> | null = null
  return Array.from({ length: RUNS }, (_, at) => {
    const own = `t${at}`
    const current = rowsOf({ a: 20, b: 20, [own]: 10 }, errorsOf('a', 'b', 8))
    const findings = [
      finding('confusion:a|b', 8),
      finding(`confusion:a|${own}`, 7, ['a', own]),
      finding(`spread:${own}`, 3, [own]),
    ]
    const items = decideItems(
      inputsOf(current, {
        findings,
        recall: () => null,
        run: nameOf(at),
        createdAt: timeOf(at),
        index,
        baseline: before,
      }),
    )
    before = baselineOf(nameOf(at), current, items)
    const next = { index, items }
    index = appendRun(index, entry(nameOf(at), timeOf(at)), items)
    return next
  })
}

function counting(store: Store) {
  const counts = { put: 0, get: 0, head: 0, list: 0, delete: 0, indexBytes: 0 }
  const counted = new Proxy(store, {
    get(target, name: keyof Store) {
      if (name === 'put') {
        return (...call: Parameters<Store['put']>) => {
          if (call[0] === 'p/index.json') counts.indexBytes = call[1].length
          counts.put++
          return target.put(...call)
        }
      }
      if (name in counts) counts[name as 'get']++
      return target[name]
    },
  })
  return { counts, counted }
}

/** A run that was really evaluated, to borrow its report. */
async function oneReport(): Promise<Report> {
  const { context } = memoryContext()
  const rows = Array.from({ length: 24 }, (_, row) =>
    [`r${row}`, row % 2 ? 'b' : 'a', (row % 2) * 4 + Math.sin(row), Math.cos(row)].join(','),
  )
  const csv = ['id,label,embedding_0,embedding_1', ...rows].join('\n')
  await context.uploads.put('uploads/p/v/embeddings.csv', csv)
  await context.uploads.put('uploads/p/v/nearmiss.yaml', 'maps: [pca]\n')
  const outcome = await evaluateUpload(context, { project: 'p', run: 'v', backend: 'wasm' })
  if (outcome.status !== 'published') throw new Error(outcome.status)
  return outcome.report
}

it('costs the 200th run no more writes, reads or lists than the 10th', async () => {
  const all = history()
  const report = await oneReport()
  const costOf = async (run: number) => {
    const { context } = memoryContext()
    const { index, items } = all[run - 1]!
    await updateIndex(context.site, 'p', () => index, context)
    const { counts, counted } = counting(context.site)
    const made = { ...report, run: nameOf(run - 1), createdAt: timeOf(run - 1), items }
    const added = entry(made.run, made.createdAt)
    await counted.put(`p/runs/${made.run}/report.json`, JSON.stringify(made))
    await publishIndexes({ ...context, site: counted }, 'p', added, items)
    return counts
  }
  const [tenth, middle, last] = [await costOf(10), await costOf(100), await costOf(RUNS)]
  const { indexBytes: early, ...tenthCalls } = tenth
  const { indexBytes: late, ...lastCalls } = last
  expect(lastCalls).toEqual(tenthCalls)
  expect({ ...middle, indexBytes: 0 }).toEqual({ ...tenth, indexBytes: 0 })
  // Three are raised, and two of each of the five runs before: the oldest two end in this one.
  expect(all[RUNS - 1]!.items).toHaveLength(13)
  // The index holds the whole history: it grows by the same for each run.
  const perRun = (late - early) / (RUNS - 10)
  expect(perRun).toBeLessThan(3_000)
})
