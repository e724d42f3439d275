/** What publishing relies on, as tests that are run against each store. */

import { describe, expect, test } from 'vitest'
import { StoreRefusedError } from '../../lib/core/errors.ts'
import type { RunEntry } from '../../lib/core/project-index.ts'
import { seededRandom } from '../../lib/core/random.ts'
import type { RunRecord } from '../../lib/core/run-record.ts'
import type { Store } from '../../lib/core/store.ts'
import {
  readIndex,
  readProjects,
  updateIndex,
  updateProjects,
} from '../../lib/publish/index-object.ts'
import { publishRun, type RunToPublish, readRun } from '../../lib/publish/run.ts'
import { keysOf } from './store-contract.ts'

const newContext = () => ({ random: seededRandom, signal: new AbortController().signal })
const decoder = new TextDecoder()

/** `openStore` gives an empty store each time. */
export function describePublicationContract(openStore: () => Promise<Store>): void {
  describe('index', () => {
    test('of a project without runs is null, and starts empty', async () => {
      const store = await openStore()
      expect(await readIndex(store, 'digits')).toBeNull()
      expect(await readProjects(store)).toBeNull()
      const index = await updateIndex(store, 'digits', (index) => index, newContext())
      const empty = { schema: 'nearmiss.index/1', project: 'digits', runs: [], items: {} }
      expect(index).toEqual(empty)
      expect(await readIndex(store, 'digits')).toEqual(empty)
    })

    test('holds twenty runs that were published at once', async () => {
      const store = await openStore()
      const names = Array.from({ length: 20 }, (_, run) => `run-${run + 10}`)
      const results = await Promise.all(
        names.map((run) =>
          updateIndex(
            store,
            'digits',
            (index) => ({ ...index, runs: [...index.runs, entryOf(run, '2026-01-01')] }),
            newContext(),
          ),
        ),
      )
      const index = await readIndex(store, 'digits')
      expect(index?.runs.map(({ run }) => run).sort()).toEqual(names)
      expect(results.map(({ runs }) => runs.length).sort((a, b) => a - b)).toEqual(
        names.map((_, count) => count + 1),
      )
    })

    test('is not written where nothing changes', async () => {
      const store = await openStore()
      await updateIndex(store, 'digits', (index) => index, newContext())
      const before = await store.head('digits/index.json')
      await updateIndex(store, 'digits', (index) => ({ ...index }), newContext())
      expect(await store.head('digits/index.json')).toEqual(before)
    })

    test.each([
      ['cut short', '{"schema":"nearmiss.index/1",', 'not JSON'],
      ['not an object', '[]', 'not a JSON object'],
      ['of another schema', '{"schema":"nearmiss.index/2"}', '"nearmiss.index/2"'],
      ['of no schema', '{}', 'has the schema none'],
      [
        'of another project',
        '{"schema":"nearmiss.index/1","project":"emoji","runs":[],"items":{}}',
        '"emoji"',
      ],
      ['without runs', '{"schema":"nearmiss.index/1","project":"digits"}', 'has no `runs`'],
    ])('that is %s is told and left as it is', async (_, content, problem) => {
      const store = await openStore()
      await store.put('digits/index.json', content)
      for (const call of [
        () => readIndex(store, 'digits'),
        () => updateIndex(store, 'digits', (index) => index, newContext()),
      ]) {
        const error = await call().catch((error: unknown) => error)
        expect(error).toBeInstanceOf(StoreRefusedError)
        expect(error).toMatchObject({
          code: 'unreadable-object',
          message: expect.stringContaining(problem),
          hint: expect.stringContaining('publish again'),
        })
      }
      const after = await store.get('digits/index.json')
      expect(decoder.decode(after?.body)).toBe(content)
    })

    test('of projects holds each once, by name, with its latest run', async () => {
      const store = await openStore()
      const names = ['emoji', 'digits', 'Faces']
      await Promise.all(
        names.flatMap((project) =>
          ['2026-01-02', '2026-01-03', '2026-01-01'].map((day) =>
            updateProjects(store, { project, latest: entryOf(`run-${day}`, day) }, newContext()),
          ),
        ),
      )
      const index = await readProjects(store)
      expect(index?.projects.map(({ project, latest }) => [project, latest.run])).toEqual([
        ['Faces', 'run-2026-01-03'],
        ['digits', 'run-2026-01-03'],
        ['emoji', 'run-2026-01-03'],
      ])
    })
  })

  describe('run', () => {
    const publication = (contentId: string, status: RunRecord['status'] = 'published') => ({
      project: 'digits',
      run: 'run-1',
      files: { 'index.html': `page of ${contentId}`, 'report.json': '{}' },
      record: recordOf(contentId, status),
    })

    test('is published once, its record with it', async () => {
      const store = await openStore()
      expect(await readRun(store, 'digits', 'run-1')).toBeNull()
      expect(await publishRun(store, publication('c1'))).toBe('published')
      expect(await readRun(store, 'digits', 'run-1')).toEqual(recordOf('c1', 'published'))
      expect(await keysOf(store, '')).toEqual([
        'digits/runs/run-1/index.html',
        'digits/runs/run-1/report.json',
        'digits/runs/run-1/run.json',
      ])
    })

    test('of the same content is not written again', async () => {
      const store = await openStore()
      await publishRun(store, publication('c1'))
      const again = publication('c1')
      again.files['index.html'] = 'another page'
      expect(await publishRun(store, again)).toBe('already')
      expect(await pageOf(store)).toBe('page of c1')
    })

    test('of other content is refused, naming both', async () => {
      const store = await openStore()
      await publishRun(store, publication('c1'))
      await expect(publishRun(store, publication('c2'))).rejects.toMatchObject({
        code: 'run-exists',
        retryable: false,
        message: expect.stringMatching(/c1.*c2/),
      })
      expect(await pageOf(store)).toBe('page of c1')
    })

    test('that failed gives way to what the corrected upload gives', async () => {
      const store = await openStore()
      const failed = publication('c1', 'failed')
      await publishRun(store, { ...failed, files: { ...failed.files, 'error.json': '{}' } })
      expect(await publishRun(store, failed)).toBe('already')
      expect(await publishRun(store, publication('c2'))).toBe('published')
      expect(await readRun(store, 'digits', 'run-1')).toEqual(recordOf('c2', 'published'))
      expect(await pageOf(store)).toBe('page of c2')
      expect(await keysOf(store, '')).not.toContain('digits/runs/run-1/error.json')
    })

    test('published by several at once is published by one', async () => {
      const store = await openStore()
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => publishRun(store, publication('c1'))),
      )
      expect(outcomes.filter((outcome) => outcome === 'published')).toHaveLength(1)
    })

    test('has no record before all its files are there', async () => {
      const store = await openStore()
      const broken: Store = {
        ...store,
        put: (key, body, options) =>
          key.endsWith('report.json')
            ? Promise.reject(new Error('the disk is full'))
            : store.put(key, body, options),
      }
      await expect(publishRun(broken, publication('c1'))).rejects.toThrow('the disk is full')
      expect(await readRun(store, 'digits', 'run-1')).toBeNull()
      expect(await claims(store)).toEqual(['_claims/digits/run-1.json'])
      expect(await publishRun(store, publication('c1'))).toBe('published')
      expect(await claims(store)).toEqual([])
    })

    describe('published by two at once', () => {
      const whole = (contentId: string, status: RunRecord['status'] = 'published') => ({
        ...publication(contentId, status),
        files:
          status === 'failed'
            ? { 'index.html': contentId, 'error.json': contentId }
            : { 'index.html': contentId, 'report.json': contentId, 'rows.parquet': contentId },
      })
      /** Publishes `first`, and `second` as a whole just before `first` writes `file`. */
      async function interleaved(
        store: Store,
        file: string,
        first: RunToPublish,
        second: RunToPublish,
      ) {
        const later: Promise<PromiseSettledResult<unknown>[]>[] = []
        const paused: Store = {
          ...store,
          put: async (key, body, options) => {
            if (isFile(key, file) && later.length === 0) {
              later.push(Promise.allSettled([publishRun(store, second)]))
              await later[0]
            }
            return store.put(key, body, options)
          },
        }
        const [a] = await Promise.allSettled([publishRun(paused, first)])
        const [b] = (await later[0]) ?? []
        return [a, b].map((result) =>
          result?.status === 'rejected' ? result.reason.code : result?.value,
        )
      }
      /** That every file is of the content that the record names. */
      async function expectWhole(store: Store, { record, files }: RunToPublish) {
        expect(await readRun(store, 'digits', 'run-1')).toEqual(record)
        const prefix = 'digits/runs/run-1/'
        const names = [...Object.keys(files), 'run.json'].sort()
        expect(await keysOf(store, prefix)).toEqual(names.map((name) => `${prefix}${name}`))
        for (const name of Object.keys(files)) {
          const stored = await store.get(`${prefix}${name}`)
          expect(decoder.decode(stored?.body), name).toBe(record.contentId)
        }
      }
      const moments = ['claim', 'report.json', 'rows.parquet', 'index.html', 'run.json']

      test.each(moments)('of other content is one of them, whole (before %s)', async (file) => {
        for (const other of [whole('c2'), whole('c2', 'failed')]) {
          for (const before of [null, whole('c0', 'failed')]) {
            const store = await openStore()
            if (before !== null) await publishRun(store, before)
            const outcomes = await interleaved(store, file, whole('c1'), other)
            // Before its claim the second may go first; a failure then gives way to the first.
            const secondFirst = file === 'claim'
            const givesWay = secondFirst && other.record.status === 'failed'
            expect(outcomes).toEqual([
              secondFirst && !givesWay ? 'run-exists' : 'published',
              secondFirst ? 'published' : 'run-exists',
            ])
            await expectWhole(store, secondFirst && !givesWay ? other : whole('c1'))
          }
        }
      })

      test.each(moments)('of the same content is published by one (before %s)', async (file) => {
        const store = await openStore()
        const outcomes = await interleaved(store, file, whole('c1'), whole('c1'))
        // Once all its files are there the second only ends what the first began.
        const isFirst = file === 'run.json'
        expect(outcomes).toEqual(isFirst ? ['published', 'already'] : ['already', 'published'])
        await expectWhole(store, whole('c1'))
      })

      test('is not touched by one that wakes up after its failure was corrected', async () => {
        for (const file of ['index.html', 'error.json', 'run.json']) {
          const store = await openStore()
          const failed = whole('c1', 'failed')
          const woken: Store = {
            ...store,
            put: async (key, body, options) => {
              if (isFile(key, file)) {
                await publishRun(store, failed)
                await publishRun(store, whole('c2')).catch(() => {})
              }
              return store.put(key, body, options)
            },
          }
          await expect(publishRun(woken, failed)).rejects.toMatchObject({ code: 'run-exists' })
          expect(await readRun(store, 'digits', 'run-1')).toEqual(whole('c2').record)
          expect(await pageOf(store)).toBe('c2')
          expect(await claims(store)).toEqual([])
        }
      })
    })
  })
}

function claims(store: Store): Promise<string[]> {
  return keysOf(store, '_claims/')
}

/** @param file of the run, or `claim` */
function isFile(key: string, file: string): boolean {
  return file === 'claim' ? key.startsWith('_claims/') : key.endsWith(`/${file}`)
}

async function pageOf(store: Store): Promise<string> {
  return decoder.decode((await store.get('digits/runs/run-1/index.html'))?.body)
}

function recordOf(contentId: string, status: RunRecord['status']): RunRecord {
  return {
    schema: 'nearmiss.run/1',
    project: 'digits',
    run: 'run-1',
    status,
    createdAt: '2026-01-01T00:00:00.000Z',
    contentId,
  }
}

function entryOf(run: string, day: string): RunEntry {
  return {
    run,
    createdAt: `${day}T00:00:00.000Z`,
    status: 'failed',
    contentId: run,
    error: 'no labels',
    summary: null,
  }
}
