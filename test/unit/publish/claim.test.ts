import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RunRecord } from '../../../lib/core/run-record.ts'
import type { Store } from '../../../lib/core/store.ts'
import { type Claim, readClaim, takeClaim } from '../../../lib/publish/claim.ts'
import { newHolder } from '../../../lib/publish/holder.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { publishRun } from '../../../lib/publish/run.ts'
import { keysOf } from '../../contract/store-contract.ts'

const KEY = '_claims/p/v3.json'

function recordOf(contentId: string): RunRecord {
  const createdAt = '2026-01-01T00:00:00.000Z'
  return {
    schema: 'nearmiss.run/1',
    project: 'p',
    run: 'v3',
    status: 'published',
    createdAt,
    contentId,
  }
}

const publicationOf = (contentId: string) => ({
  project: 'p',
  run: 'v3',
  files: { 'index.html': contentId, 'report.json': contentId },
  record: recordOf(contentId),
})

describe('a claim', () => {
  let store: Store

  beforeEach(() => {
    store = memoryStore('site', () => new Date())
  })

  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  /** A claim of a process on another machine, with a file of its. */
  async function foreignClaim(renewals = 0): Promise<void> {
    const { holder, end } = newHolder()
    end()
    const claim: Claim = {
      schema: 'nearmiss.claim/1',
      state: 'writing',
      record: recordOf('theirs'),
      files: ['index.html', 'report.json'],
      holder: { ...holder, machine: 'elsewhere', process: 'another one', token: 'theirs' },
      renewals,
    }
    await store.put(KEY, JSON.stringify(claim))
    await store.put('p/runs/v3/report.json', 'theirs')
  }

  /** Each look at the clock is five seconds later than the one before. */
  function quickClock(look: () => void = () => {}) {
    let nowMs = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => {
      look()
      nowMs += 5_000
      return nowMs
    })
  }

  test('that nobody renews is taken over, with the name', async () => {
    await foreignClaim()
    quickClock()
    expect(await publishRun(store, publicationOf('ours'))).toBe('published')
    expect(await keysOf(store, '')).toEqual(
      ['index.html', 'report.json', 'run.json'].map((file) => `p/runs/v3/${file}`),
    )
    expect(new TextDecoder().decode((await store.get('p/runs/v3/report.json'))?.body)).toBe('ours')
  })

  test('that was not renewed for long is taken over at once', async () => {
    const wait = vi.spyOn(performance, 'now')
    store = memoryStore('site', () => new Date(Date.now() - 16 * 60_000))
    await foreignClaim()
    expect(await publishRun(store, publicationOf('ours'))).toBe('published')
    expect(wait).not.toHaveBeenCalled()
  })

  test.each([
    ['that is no JSON', '{"schema":"nearmiss.claim/1","state":"wri'],
    ['that is empty', ''],
    ['that is null', 'null'],
    ['of another form', '{"host":"worker-1","pid":1}'],
    ['of another run', JSON.stringify({ schema: 'nearmiss.claim/1', record: { run: 'v4' } })],
  ])('%s keeps no name', async (_what, body) => {
    await store.put(KEY, body)
    await store.put('p/runs/v3/report.json', 'theirs')
    quickClock()
    expect(await publishRun(store, publicationOf('ours'))).toBe('published')
    expect(await keysOf(store, '')).toEqual(
      ['index.html', 'report.json', 'run.json'].map((file) => `p/runs/v3/${file}`),
    )
  })

  test('that is renewed is respected', async () => {
    let renewals = 0
    await foreignClaim()
    quickClock(() => void foreignClaim(++renewals))
    await expect(publishRun(store, publicationOf('ours'))).rejects.toMatchObject({
      code: 'run-exists',
    })
    expect(await keysOf(store, 'p/')).toEqual(['p/runs/v3/report.json'])
  })

  test('is renewed while it is held, and no more once it is given up', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const claim = await takeClaim(store, recordOf('ours'), [], null)
    const renewals = async () => (await readClaim(store, 'p', 'v3'))?.claim.renewals
    await vi.advanceTimersByTimeAsync(12_000)
    await vi.waitFor(async () => expect(await renewals()).toBe(2))
    claim?.abandon()
    await vi.advanceTimersByTimeAsync(12_000)
    expect(await renewals()).toBe(2)
  })

  test('that was taken over can neither be finished nor released by who had it', async () => {
    const first = await takeClaim(store, recordOf('first'), [], null)
    const second = await takeClaim(store, recordOf('second'), [], await readClaim(store, 'p', 'v3'))
    expect(await first?.finish()).toBe(false)
    await first?.release()
    expect((await readClaim(store, 'p', 'v3'))?.claim.record.contentId).toBe('second')
    expect(await second?.finish()).toBe(true)
  })

  test('is taken over by one of many', async () => {
    await foreignClaim()
    const found = await readClaim(store, 'p', 'v3')
    const takers = await Promise.all(
      Array.from({ length: 8 }, (_, taker) => takeClaim(store, recordOf(`${taker}`), [], found)),
    )
    expect(takers.filter((claim) => claim !== null)).toHaveLength(1)
  })

  test('is recognised where the answer to its own write was lost', async () => {
    const lossy: Store = {
      ...store,
      // As the SDK does: the call is tried again, and loses to its own first attempt.
      async put(key, body, options) {
        await store.put(key, body, options)
        return store.put(key, body, options)
      },
    }
    expect(await publishRun(lossy, publicationOf('ours'))).toBe('published')
    expect(await keysOf(store, '_claims/')).toEqual([])
  })

  test('whose files were deleted since makes no run', async () => {
    const claim = await takeClaim(store, recordOf('theirs'), ['index.html'], null)
    await claim?.finish()
    claim?.abandon()
    expect(await publishRun(store, publicationOf('ours'))).toBe('published')
    expect(new TextDecoder().decode((await store.get('p/runs/v3/run.json'))?.body)).toContain(
      'ours',
    )
  })
})
