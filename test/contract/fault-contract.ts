/** What publishing makes of a store whose calls fail, as tests that are run against each store. */

import { describe, expect, test } from 'vitest'
import { PreconditionFailedError, StoreError } from '../../lib/core/errors.ts'
import type { RunRecord } from '../../lib/core/run-record.ts'
import type { Store } from '../../lib/core/store.ts'
import { publishRun } from '../../lib/publish/run.ts'
import { keysOf } from './store-contract.ts'

const RECORD: RunRecord = {
  schema: 'nearmiss.run/1',
  project: 'p',
  run: 'v1',
  status: 'published',
  createdAt: '2026-01-01T00:00:00.000Z',
  contentId: 'c1',
}

type Fault = 'fails' | 'loses its answer' | 'loses a race that nobody won' | 'is slow'

const trouble = () => new StoreError('store-failed', 'SlowDown: reduce your request rate')

/** The store, whose call of this number has the fault; `calls` counts them. */
function faulty(store: Store, fault: Fault, at: number) {
  const count = { calls: 0 }
  async function call<T>(work: () => Promise<T>, isConditional = false): Promise<T> {
    if (++count.calls !== at) return work()
    if (fault === 'is slow') await new Promise((resolve) => setTimeout(resolve, 30))
    if (fault === 'fails') throw trouble()
    if (fault === 'loses a race that nobody won' && isConditional) {
      throw new PreconditionFailedError('exists-already', 'a conflicting write is under way')
    }
    const answer = await work()
    if (fault === 'loses its answer') throw trouble()
    return answer
  }
  const wrapped: Store = {
    name: store.name,
    get: (key) => call(() => store.get(key)),
    getRange: (key, start, end) => call(() => store.getRange(key, start, end)),
    head: (key) => call(() => store.head(key)),
    put: (key, body, options = {}) =>
      call(
        () => store.put(key, body, options),
        options.ifAbsent === true || options.ifMatch !== undefined,
      ),
    delete: (key) => call(() => store.delete(key)),
    async *list(prefix) {
      yield* await call(async () => store.list(prefix))
    },
  }
  return { store: wrapped, count }
}

/** `openStore` gives an empty store each time. */
export function describeFaultContract(openStore: () => Promise<Store>): void {
  describe('publishing', () => {
    const faults: Fault[] = ['fails', 'loses its answer', 'loses a race that nobody won', 'is slow']

    test.each(faults)('is the same in the end, whichever call %s', async (fault) => {
      for (let at = 1, isOver = false; !isOver; at++) {
        const store = await openStore()
        const { store: wrapped, count } = faulty(store, fault, at)
        let entered = 0
        const publication = {
          project: 'p',
          run: 'v1',
          files: { 'index.html': 'page', 'report.json': '{}', 'evidence/1.html': 'rows' },
          record: RECORD,
          enter: async () => {
            entered++
          },
        }
        // Delivered again where it failed in a way that may pass.
        const outcome = await publishRun(wrapped, publication).catch((error: unknown) => {
          expect(error, `call ${at}`).toBeInstanceOf(StoreError)
          return publishRun(wrapped, publication)
        })
        isOver = count.calls < at
        expect(['published', 'already'], `call ${at}`).toContain(outcome)
        expect(entered, `call ${at}`).toBeGreaterThan(0)
        expect(await keysOf(store, ''), `call ${at}`).toEqual(
          ['evidence/1.html', 'index.html', 'report.json', 'run.json'].map(
            (file) => `p/runs/v1/${file}`,
          ),
        )
      }
    })
  })
}
