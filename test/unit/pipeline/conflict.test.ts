/** Two uploads for one name at once: the second takes a name of its own. */

import { expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import type { Outcome } from '../../../lib/core/ending.ts'
import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import type { RunRecord } from '../../../lib/core/run-record.ts'
import type { Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryContext } from '../functions/memory-context.ts'

/** Rows around two centres, `seed` apart from one upload to the next. */
function csv(seed: number): string {
  const rows = Array.from({ length: 24 }, (_, row) =>
    [`r${row}`, row % 2 ? 'b' : 'a', (row % 2) * 4 + Math.sin(row * seed), Math.cos(row)].join(','),
  )
  return ['id,label,embedding_0,embedding_1', ...rows].join('\n')
}

const evaluate = (context: Context): Promise<Outcome> =>
  evaluateUpload(context, { project: 'p', run: 'v1', backend: 'wasm' })

async function json<T>(store: Store, key: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode((await store.get(key))?.body)) as T
}

it.each([
  ['can be evaluated', csv(2)],
  ['can not', 'id,label,embedding_0\nr0,a,1'],
])(
  'an upload that %s takes another name where its own is taken while it is evaluated',
  async (_, content) => {
    const { context: winner } = memoryContext()
    await winner.uploads.put('uploads/p/v1/embeddings.csv', csv(1))
    const { context } = memoryContext()
    await context.uploads.put('uploads/p/v1/embeddings.csv', content)
    let won: Outcome | undefined
    const site: Store = {
      ...winner.site,
      put: async (key, body, options) => {
        if (key === '_claims/p/v1.json') won ??= await evaluate(winner)
        return winner.site.put(key, body, options)
      },
    }
    const outcome = await evaluate({ ...context, site })
    expect(won).toMatchObject({ status: 'published', run: 'v1' })
    expect(outcome).toMatchObject({ run: expect.stringMatching(/^v1-[0-9a-f]{8}$/) })
    const { run } = outcome as Outcome & { run: string }
    const record = await json<RunRecord>(site, `p/runs/${run}/run.json`)
    expect(run).toBe(`v1-${record.contentId.slice(0, 8)}`)
    const index = await json<ProjectIndex>(site, 'p/index.json')
    expect(index.runs.map((entry) => entry.run).sort()).toEqual(['v1', run])
    const first = await json<RunRecord>(site, 'p/runs/v1/run.json')
    expect(first.contentId).not.toBe(record.contentId)
  },
)
