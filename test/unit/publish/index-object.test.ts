import { describe, expect, test } from 'vitest'
import { CancelledError, PreconditionFailedError, StoreError } from '../../../lib/core/errors.ts'
import type { RunEntry } from '../../../lib/core/project-index.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import type { Store } from '../../../lib/core/store.ts'
import {
  readIndex,
  readProjects,
  updateIndex,
  updateProjects,
} from '../../../lib/publish/index-object.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'

const withItem = (id: string) => (index: NonNullable<Awaited<ReturnType<typeof readIndex>>>) => ({
  ...index,
  items: {
    ...index.items,
    [id]: { id, kind: 'hubs' as const, title: 't', owner: 'o', states: [] },
  },
})

/** A store whose conditional writes lose the first `losses` times. */
function losingStore(store: Store, losses: number): Store & { attempts(): number } {
  let attempts = 0
  return {
    ...store,
    put(key, body, options) {
      attempts += 1
      if (attempts > losses) return store.put(key, body, options)
      return Promise.reject(new PreconditionFailedError('changed-meanwhile', 'lost'))
    },
    attempts: () => attempts,
  }
}

describe('updating an index', () => {
  test('changes what is there by then, after each lost race', async () => {
    const store = memoryStore()
    const context = { random: seededRandom, signal: new AbortController().signal }
    await updateIndex(store, 'digits', withItem('a'), context)
    let calls = 0
    const index = await updateIndex(
      losingStore(store, 3),
      'digits',
      (current) => {
        calls += 1
        return withItem('b')(current)
      },
      context,
    )
    expect(calls).toBe(4)
    expect(Object.keys(index.items)).toEqual(['a', 'b'])
  })

  test('gives up after a hundred lost races with an error that may be retried', async () => {
    const store = losingStore(memoryStore(), Number.POSITIVE_INFINITY)
    const context = { random: () => () => 0, signal: new AbortController().signal }
    const error = await updateIndex(store, 'digits', withItem('a'), context).catch(
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'contested', retryable: true })
    expect(store.attempts()).toBe(100)
  })

  test('stops waiting when it is cancelled', async () => {
    const store = losingStore(memoryStore(), Number.POSITIVE_INFINITY)
    const controller = new AbortController()
    const context = { random: () => () => 0.99, signal: controller.signal }
    const updating = updateIndex(store, 'digits', withItem('a'), context)
    setTimeout(() => controller.abort(), 30)
    await expect(updating).rejects.toBeInstanceOf(CancelledError)
    await expect(updateIndex(store, 'digits', withItem('a'), context)).rejects.toBeInstanceOf(
      CancelledError,
    )
    expect(await readIndex(store, 'digits')).toBeNull()
  })

  test('draws other waits for writers that write something else', async () => {
    const seeds = new Set<number>()
    for (const id of ['a', 'b', 'c']) {
      const random = (seed: number) => {
        seeds.add(seed)
        return () => 0
      }
      const context = { random, signal: new AbortController().signal }
      await updateIndex(losingStore(memoryStore(), 1), 'digits', withItem(id), context)
    }
    expect(seeds.size).toBe(3)
  })

  test('passes on trouble of the store', async () => {
    const store: Store = {
      ...memoryStore(),
      put: () => Promise.reject(new StoreError('store-failed', 'the disk is full')),
    }
    const context = { random: seededRandom, signal: new AbortController().signal }
    await expect(updateIndex(store, 'digits', withItem('a'), context)).rejects.toThrow(
      'the disk is full',
    )
  })
})

test('the list of projects takes a run that is entered again, and no earlier one', async () => {
  const store = memoryStore()
  const context = { random: seededRandom, signal: new AbortController().signal }
  const enter = (run: string, createdAt: string) => {
    const latest: RunEntry = {
      run,
      createdAt,
      status: 'failed',
      contentId: run,
      error: 'no labels',
      summary: null,
    }
    return updateProjects(store, { project: 'p', latest }, context)
  }
  const latest = async () => (await readProjects(store))?.projects[0]?.latest.run
  await enter('v2', '2026-01-02')
  await enter('v1', '2026-01-01')
  expect(await latest()).toBe('v2')
  await enter('v2 again', '2026-01-02')
  expect(await latest()).toBe('v2 again')
})
