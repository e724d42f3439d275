/** What every store must do, as tests that are run against each. */

import { expect, test } from 'vitest'
import { PreconditionFailedError, UsageError } from '../../lib/core/errors.ts'
import type { ObjectInfo, Store } from '../../lib/core/store.ts'

const decoder = new TextDecoder()
const HOSTILE_KEYS = [
  '',
  '/etc/passwd',
  '../out',
  'a/../../out',
  'a//b',
  './a',
  'a/.',
  'a\\b',
  'a\0b',
]

/** `openStore` gives an empty store each time. */
export function describeStoreContract(openStore: () => Promise<Store>): void {
  test('reads back what was written, with its size, etag and time', async () => {
    const store = await openStore()
    const written = await store.put('a/b.json', '{"a":1}', { contentType: 'application/json' })
    const read = await store.get('a/b.json')
    expect(decoder.decode(read?.body)).toBe('{"a":1}')
    expect(read).toMatchObject({ key: 'a/b.json', byteLength: 7, etag: written.etag })
    expect(written).toMatchObject({ key: 'a/b.json', byteLength: 7 })
    expect(await store.head('a/b.json')).toMatchObject({ byteLength: 7, etag: written.etag })
    expect(written.etag).not.toMatch(/"/)
    for (const { modifiedAt } of [written, read as ObjectInfo]) {
      expect(new Date(modifiedAt).toISOString()).toBe(modifiedAt)
      expect(Math.abs(Date.now() - Date.parse(modifiedAt))).toBeLessThan(3_600_000)
    }
  })

  test('answers null for what is not there', async () => {
    const store = await openStore()
    await store.put('folder/file', 'x')
    for (const key of ['nothing', 'folder', 'folder/file/below', 'folder/fil']) {
      expect(await store.get(key), key).toBeNull()
      expect(await store.head(key), key).toBeNull()
    }
  })

  test('reads any part of an object', async () => {
    const store = await openStore()
    const body = Uint8Array.from({ length: 3000 }, (_, at) => (at * 7) % 251)
    await store.put('a', body)
    for (const [start, end] of [
      [0, 3000],
      [0, 1],
      [1234, 2345],
      [2999, 3000],
      [1500, 1500],
      [3000, 3000],
    ] as const) {
      const part = await store.getRange('a', start, end)
      expect(part && [...part], `${start} to ${end}`).toEqual([...body.slice(start, end)])
    }
    expect(await store.getRange('nothing', 0, 1)).toBeNull()
    expect(await store.getRange('nothing', 0, 0)).toBeNull()
  })

  test('refuses a part that goes past the end, and one that is none', async () => {
    const store = await openStore()
    await store.put('a', 'abc')
    await store.put('empty', '')
    for (const [key, start, end] of [
      ['a', 0, 4],
      ['a', 2, 5],
      ['a', 3, 4],
      ['a', 7, 9],
      ['a', 4, 4],
      ['empty', 0, 1],
    ] as const) {
      const read = store.getRange(key, start, end)
      await expect(read, `${start} to ${end}`).rejects.toMatchObject({ code: 'range-past-end' })
      // A share of a store names the object by its place in the whole.
      await expect(read).rejects.toThrow(`bytes ${start} to ${end} of `)
      await expect(read).rejects.toThrow(`${key} in ${store.name}`)
    }
    for (const [start, end] of [
      [2, 1],
      [-1, 1],
      [0, 0.5],
      [Number.NaN, 1],
    ] as const) {
      await expect(store.getRange('a', start, end)).rejects.toThrow(UsageError)
    }
    await expect(store.getRange('../out', 0, 1)).rejects.toThrow(UsageError)
  })

  test('reads a part of what an etag names, and of nothing that came after it', async () => {
    const store = await openStore()
    const { etag } = await store.put('a', 'abc')
    for (const [start, end] of [
      [1, 3],
      [2, 2],
    ] as const) {
      const part = await store.getRange('a', start, end, { ifMatch: etag })
      expect(decoder.decode(part!)).toBe('abc'.slice(start, end))
    }
    await store.put('a', 'xyz')
    for (const [start, end] of [
      [1, 3],
      [2, 2],
    ] as const) {
      const read = store.getRange('a', start, end, { ifMatch: etag })
      await expect(read).rejects.toBeInstanceOf(PreconditionFailedError)
      await expect(read).rejects.toMatchObject({ code: 'changed-meanwhile' })
    }
    expect(await store.getRange('nothing', 0, 1, { ifMatch: etag })).toBeNull()
  })

  test("a part that was read isn't the store's own", async () => {
    const store = await openStore()
    await store.put('a', 'abc')
    ;(await store.getRange('a', 0, 3))?.fill(0)
    expect(decoder.decode((await store.getRange('a', 0, 3))!)).toBe('abc')
  })

  test('deletes, and lets what is not there be deleted', async () => {
    const store = await openStore()
    await store.put('a', 'x')
    await store.delete('a')
    await store.delete('a')
    await store.delete('never/was')
    expect(await store.get('a')).toBeNull()
    expect(await keysOf(store, '')).toEqual([])
  })

  test('overwrites with shorter, longer and equal content, and changes the etag with it', async () => {
    const store = await openStore()
    const etags = []
    for (const body of ['four', 'longer than four', 'x', 'y']) {
      etags.push((await store.put('a', body)).etag)
      expect(decoder.decode((await store.get('a'))?.body)).toBe(body)
      expect((await store.head('a'))?.byteLength).toBe(body.length)
    }
    expect(new Set(etags).size).toBe(4)
    expect((await store.put('a', 'four')).etag).toBe(etags[0])
  })

  test('keeps an empty body and one of 8 MB', async () => {
    const store = await openStore()
    await store.put('empty', new Uint8Array(0))
    expect(await store.get('empty')).toMatchObject({ byteLength: 0, body: new Uint8Array(0) })
    const big = new Uint8Array(8 * 1024 * 1024)
    for (let index = 0; index < big.length; index++) big[index] = (index * 2654435761) >>> 13
    await store.put('big', big)
    const read = await store.get('big')
    expect(Buffer.compare(read?.body ?? new Uint8Array(0), big)).toBe(0)
  })

  test("isn't changed through the bytes that were handed in or out", async () => {
    const store = await openStore()
    const body = Buffer.from('abc')
    await store.put('a', body)
    body[0] = 0
    const first = await store.get('a')
    first?.body.fill(0)
    expect(decoder.decode((await store.get('a'))?.body)).toBe('abc')
  })

  test('takes keys with spaces, plus and percent signs, quotes, and letters of any script', async () => {
    const store = await openStore()
    const keys = [
      'a b/c d.txt',
      'plus+minus-/1+1=2.txt',
      'percent %20/100%.txt',
      'quote\'s "double".txt',
      'größe/日本語/🎉.npz',
      'a?b&c=d#e;f,g:h@i!j$k*l(m)n[o]{p}~q^r|s`t<u>v',
    ]
    for (const key of keys) await store.put(key, key)
    for (const key of keys) {
      expect(decoder.decode((await store.get(key))?.body), key).toBe(key)
      expect((await store.head(key))?.key).toBe(key)
    }
    expect(await keysOf(store, '')).toEqual(inByteOrder(keys))
    for (const key of keys) await store.delete(key)
    expect(await keysOf(store, '')).toEqual([])
  })

  test("refuses keys that aren't relative paths", async () => {
    const store = await openStore()
    for (const key of HOSTILE_KEYS) {
      await expect(store.put(key, 'x'), JSON.stringify(key)).rejects.toThrow(UsageError)
      await expect(store.get(key), JSON.stringify(key)).rejects.toThrow(UsageError)
      await expect(store.head(key), JSON.stringify(key)).rejects.toThrow(UsageError)
      await expect(store.delete(key), JSON.stringify(key)).rejects.toThrow(UsageError)
    }
    await expect(keysOf(store, '../')).rejects.toThrow(UsageError)
    await expect(keysOf(store, '/')).rejects.toThrow(UsageError)
  })

  test("lists in the order of the keys' UTF-8 bytes", async () => {
    const store = await openStore()
    // "-" and "." sort before "/", "0" after it; U+FF5E before U+1F389 in UTF-8, not in UTF-16.
    const keys = ['a-b', 'a.txt', 'a/b', 'a/b-c', 'a/b.d/e', 'a0', 'B', 'b', 'é', '～', '🎉']
    for (const key of [...keys].reverse()) await store.put(key, key)
    expect(await keysOf(store, '')).toEqual(inByteOrder(keys))
  })

  test('lists what starts with a prefix, which may end within a name', async () => {
    const store = await openStore()
    for (const key of ['runs/1/a', 'runs/10/a', 'runs/2/a', 'runs.txt', 'other']) {
      await store.put(key, key)
    }
    expect(await keysOf(store, 'runs/')).toEqual(['runs/1/a', 'runs/10/a', 'runs/2/a'])
    expect(await keysOf(store, 'runs/1')).toEqual(['runs/1/a', 'runs/10/a'])
    expect(await keysOf(store, 'runs/1/')).toEqual(['runs/1/a'])
    expect(await keysOf(store, 'run')).toEqual(['runs.txt', 'runs/1/a', 'runs/10/a', 'runs/2/a'])
    expect(await keysOf(store, 'runs/3/')).toEqual([])
    expect(await keysOf(store, 'other/')).toEqual([])
  })

  test('lists each entry as head describes it', async () => {
    const store = await openStore()
    await store.put('a', 'one')
    await store.put('b', 'two!')
    for await (const info of store.list('')) {
      const head = await store.head(info.key)
      expect({ ...info, modifiedAt: 0 }).toEqual({ ...head, modifiedAt: 0 })
    }
  })

  test('lists more than a thousand keys, each once', async () => {
    const store = await openStore()
    const keys = Array.from(
      { length: 1_203 },
      (_, index) => `many/${String(index).padStart(5, '0')}`,
    )
    for (let start = 0; start < keys.length; start += 40) {
      await Promise.all(keys.slice(start, start + 40).map((key) => store.put(key, key)))
    }
    expect(await keysOf(store, 'many/')).toEqual(keys)
  })

  test('writes if absent once', async () => {
    const store = await openStore()
    const first = await store.put('a', 'first', { ifAbsent: true })
    await expect(store.put('a', 'second', { ifAbsent: true })).rejects.toThrow(
      PreconditionFailedError,
    )
    expect(await store.get('a')).toMatchObject({ etag: first.etag })
  })

  test('lets one of twenty writers win who all write if absent', async () => {
    const store = await openStore()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, writer) => store.put('a', `by ${writer}`, { ifAbsent: true })),
    )
    const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(losers).toHaveLength(19)
    for (const { reason } of losers) expect(reason).toBeInstanceOf(PreconditionFailedError)
    const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled')
    expect(decoder.decode((await store.get('a'))?.body)).toBe(`by ${winner}`)
  })

  test('writes over an etag only while it is the current one', async () => {
    const store = await openStore()
    const first = await store.put('a', 'first')
    const second = await store.put('a', 'second', { ifMatch: first.etag })
    await expect(store.put('a', 'third', { ifMatch: first.etag })).rejects.toThrow(
      PreconditionFailedError,
    )
    expect(await store.get('a')).toMatchObject({ etag: second.etag })
    await store.delete('a')
    await expect(store.put('a', 'fourth', { ifMatch: second.etag })).rejects.toThrow(
      PreconditionFailedError,
    )
    expect(await store.get('a')).toBeNull()
  })

  test('counts to exactly twenty by twenty concurrent compare-and-swap increments', async () => {
    const store = await openStore()
    await store.put('count', '0')
    const increment = async () => {
      for (;;) {
        const read = await store.get('count')
        if (!read) throw new Error('the counter is gone')
        const next = String(Number(decoder.decode(read.body)) + 1)
        try {
          await store.put('count', next, { ifMatch: read.etag })
          return
        } catch (error) {
          if (!(error instanceof PreconditionFailedError)) throw error
        }
      }
    }
    await Promise.all(Array.from({ length: 20 }, increment))
    expect(decoder.decode((await store.get('count'))?.body)).toBe('20')
  })
}

export async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

function inByteOrder(keys: readonly string[]): string[] {
  return [...keys].sort((a, b) => Buffer.from(a).compare(Buffer.from(b)))
}
