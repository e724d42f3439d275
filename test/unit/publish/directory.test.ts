import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sha256 } from '../../../lib/core/canonical.ts'
import type { Store } from '../../../lib/core/store.ts'
import { directoryStore } from '../../../lib/publish/directory.ts'
import { acquireLock } from '../../../lib/publish/directory-lock.ts'
import { type Holder, newHolder, ownOwner } from '../../../lib/publish/holder.ts'
import { keysOf } from '../../contract/store-contract.ts'

const run = promisify(execFile)

describe('directory store', () => {
  let folder: string
  let store: Store

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nearmiss-directory-'))
    store = directoryStore(join(folder, 'site'))
  })

  afterEach(async () => {
    vi.restoreAllMocks()
    await rm(folder, { recursive: true })
  })

  const keys = () => keysOf(store, '')
  const lockOf = (name: string) =>
    join(folder, 'site', `.nearmiss-${sha256(name).slice(0, 24)}.lock`)

  test('leaves nothing but the objects behind', async () => {
    const first = await store.put('a/b', '1')
    await store.put('a/b', '2', { ifMatch: first.etag })
    await store.put('a/b', '3', { ifAbsent: true }).catch(() => {})
    await store.put('c', '4')
    await store.delete('c')
    expect(await readdir(join(folder, 'site'), { recursive: true })).toEqual(['a', 'a/b'])
  })

  test('lists neither temporary files nor locks that a crash left behind', async () => {
    await store.put('a', '1')
    await writeFile(join(folder, 'site', '.nearmiss-1234.tmp'), 'half')
    await writeFile(lockOf('b'), '')
    expect(await keys()).toEqual(['a'])
  })

  test('lists and reads the files that others put there', async () => {
    await mkdir(join(folder, 'site', 'x'), { recursive: true })
    await writeFile(join(folder, 'site', 'x', 'y'), 'by hand')
    expect(await keys()).toEqual(['x/y'])
    expect(await store.head('x/y')).toMatchObject({
      key: 'x/y',
      byteLength: 7,
      etag: sha256('by hand'),
    })
  })

  test('notices a change made from outside, even of equal size and time', async () => {
    const path = join(folder, 'site', 'a')
    const old = new Date('2020-01-01T00:00:00Z')
    await store.put('a', 'one')
    await utimes(path, old, old)
    // Later on, when hashes are remembered.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000)
    expect((await store.head('a'))?.etag).toBe(sha256('one'))
    expect((await store.head('a'))?.etag).toBe(sha256('one'))
    await new Promise((resolve) => setTimeout(resolve, 30))
    await writeFile(path, 'two')
    await utimes(path, old, old)
    expect((await store.head('a'))?.etag).toBe(sha256('two'))
  })

  test('writes nothing through a link that leads out of it', async () => {
    const outside = join(folder, 'outside')
    await mkdir(outside)
    await writeFile(join(outside, 'file'), 'theirs')
    await store.put('a', '1')
    await symlink(outside, join(folder, 'site', 'link'))
    await symlink(join(outside, 'file'), join(folder, 'site', 'file'))
    await expect(store.put('link/new', 'x')).rejects.toMatchObject({ code: 'outside-store' })
    await expect(store.put('link/deep/new', 'x')).rejects.toMatchObject({ code: 'outside-store' })
    await expect(store.delete('link/file')).rejects.toMatchObject({ code: 'outside-store' })
    await store.put('file', 'ours')
    expect(await readdir(outside)).toEqual(['file'])
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('theirs')
    expect(await readFile(join(folder, 'site', 'file'), 'utf8')).toBe('ours')
  })

  test('reads no link that leads out of it, and does not run in circles through linked folders', async () => {
    await mkdir(join(folder, 'outside'))
    await writeFile(join(folder, 'outside', 'secret'), 'theirs')
    await store.put('a/b', '1')
    await symlink(join(folder, 'outside', 'secret'), join(folder, 'site', 'a', 'secret'))
    await symlink(join(folder, 'outside'), join(folder, 'site', 'out'))
    await symlink(join(folder, 'site', 'a', 'b'), join(folder, 'site', 'a', 'inside'))
    await symlink(join(folder, 'site'), join(folder, 'site', 'a', 'circle'))
    await symlink(join(folder, 'nothing'), join(folder, 'site', 'a', 'dangling'))
    expect(await keys()).toEqual(['a/b', 'a/inside'])
    expect(await keysOf(store, 'out/')).toEqual([])
    for (const key of ['a/secret', 'out/secret']) {
      await expect(store.get(key)).rejects.toMatchObject({ code: 'outside-store' })
      await expect(store.head(key)).rejects.toMatchObject({ code: 'outside-store' })
      await expect(store.getRange(key, 0, 1)).rejects.toMatchObject({ code: 'outside-store' })
    }
    expect(await store.get('a/inside')).toMatchObject({ etag: sha256('1') })
    expect(await store.get('a/dangling')).toBeNull()
    await store.put('a/dangling', 'ours')
    expect(await readdir(folder)).not.toContain('nothing')
  })

  test('may be a link itself', async () => {
    await store.put('a', '1')
    await symlink(join(folder, 'site'), join(folder, 'link'))
    const linked = directoryStore(join(folder, 'link'))
    await linked.put('b', '2')
    expect(await keysOf(linked, '')).toEqual(['a', 'b'])
    expect((await linked.get('a'))?.byteLength).toBe(1)
  })

  test('says that a name is a file or a folder, never both', async () => {
    await store.put('a/b', '1')
    await expect(store.put('a', '2')).rejects.toMatchObject({ code: 'invalid-key' })
    await expect(store.put('a/b/c', '2')).rejects.toMatchObject({ code: 'invalid-key' })
    await expect(store.put('n'.repeat(300), '2')).rejects.toMatchObject({ code: 'invalid-key' })
    expect(await keys()).toEqual(['a/b'])
  })

  /** What a process on this machine writes into its lock, unless something is said to be other. */
  function lockContent(other: Partial<Holder> = {}): string {
    const { holder, end } = newHolder()
    end()
    return JSON.stringify({ ...holder, process: 'another one', ...other })
  }

  test('takes away the lock of a process that is gone', async () => {
    await store.put('a', '1')
    const { stdout } = await run(process.execPath, ['-p', 'process.pid'])
    await writeFile(lockOf('a'), lockContent({ pid: Number(stdout) }))
    await Promise.all([store.put('a', '2'), store.put('a', '3'), store.put('a', '4')])
    expect(await readdir(join(folder, 'site'))).toEqual(['a'])
  })

  test('takes away the lock of a process whose number another one has by now', async () => {
    await store.put('a', '1')
    await writeFile(lockOf('a'), lockContent({ started: '1' }))
    await store.put('a', '2')
    expect(await readdir(join(folder, 'site'))).toEqual(['a'])
  })

  test('takes away a lock that this process itself left', async () => {
    await store.put('a', '1')
    const { holder, end } = newHolder()
    end()
    await writeFile(lockOf('a'), JSON.stringify(holder))
    await store.put('a', '2')
    expect(await readdir(join(folder, 'site'))).toEqual(['a'])
  })

  /** Each look at the clock is a second later than the one before. */
  function quickClock(look: () => void = () => {}) {
    let nowMs = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => {
      look()
      nowMs += 1_000
      return nowMs
    })
  }

  test.each([
    ['of another container, whose process 1 is not ours', { machine: 'elsewhere', pid: 1 }, null],
    ['of an earlier version', {}, { host: hostname(), pid: process.pid, token: 't' }],
    ['that a crash cut short', {}, ''],
  ])('takes away a lock %s, once nothing renews it', async (_, other, whole) => {
    await store.put('a', '1')
    const content = typeof whole === 'string' ? whole : JSON.stringify(whole ?? {})
    await writeFile(lockOf('a'), whole === null ? lockContent(other) : content)
    quickClock()
    await Promise.all([store.put('a', '2'), store.put('a', '3'), store.put('a', '4')])
    expect(await readdir(join(folder, 'site'))).toEqual(['a'])
  })

  test('waits for a lock of another machine for as long as it is renewed', async () => {
    await store.put('a', '1')
    let renewals = 0
    const renew = () =>
      writeFileSync(lockOf('a'), lockContent({ machine: 'elsewhere', token: `${renewals++}` }))
    renew()
    quickClock(renew)
    await expect(store.put('a', '2')).rejects.toMatchObject({ code: 'locked' })
    expect(renewals).toBeGreaterThan(30)
    expect(await readFile(join(folder, 'site', 'a'), 'utf8')).toBe('1')
  })

  test('renews its own lock while it holds it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      await mkdir(join(folder, 'site'))
      const lock = await acquireLock(join(folder, 'site', 'a'))
      const old = new Date(Date.now() - 3_600_000)
      await utimes(lockOf('a'), old, old)
      vi.advanceTimersByTime(2_000)
      await vi.waitFor(async () =>
        expect((await stat(lockOf('a'))).mtimeMs).toBeGreaterThan(old.getTime() + 60_000),
      )
      expect(await lock.isHeld()).toBe(true)
      await lock.release()
      expect(await readdir(join(folder, 'site'))).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  test('takes a lock away that one was taking away who is gone too', async () => {
    await store.put('a', '1')
    await writeFile(lockOf('a'), lockContent({ started: '1' }))
    const { ino, mtimeNs } = await stat(lockOf('a'), { bigint: true })
    const mark = `${ino} ${mtimeNs} ${await readFile(lockOf('a'), 'utf8')}`
    const right = join(folder, 'site', `.nearmiss-${sha256(mark).slice(0, 24)}.lock`)
    await writeFile(right, lockContent({ started: '2' }))
    await store.put('a', '2')
    expect(await readdir(join(folder, 'site'))).toEqual(['a'])
  })

  test('takes away a lock of another machine once it is old', async () => {
    await store.put('a', '1')
    await writeFile(lockOf('a'), lockContent({ machine: 'elsewhere', pid: 1 }))
    const old = new Date(Date.now() - 3_600_000)
    await utimes(lockOf('a'), old, old)
    await store.put('a', '2')
    expect(await readdir(join(folder, 'site'))).toEqual(['a'])
  })

  test('waits for the lock of a process that runs', async () => {
    await store.put('a', '1')
    const { holder, end } = newHolder()
    await writeFile(lockOf('a'), JSON.stringify(holder))
    quickClock()
    let done = false
    const writing = store.put('a', '2').catch((error: unknown) => {
      done = true
      return error
    })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(done).toBe(false)
    expect(await writing).toMatchObject({ code: 'locked' })
    end()
    await store.put('a', '2')
    expect(await readFile(join(folder, 'site', 'a'), 'utf8')).toBe('2')
  })

  test('removes what gone processes were writing, when it writes or lists there', async () => {
    const site = join(folder, 'site')
    const { machine, pid, started } = ownOwner()
    const left = [
      `.nearmiss-${machine}.${pid}.1.x.tmp`,
      `.nearmiss-${sha256('gone').slice(0, 24)}.lock`,
      '.nearmiss-0b1f.tmp',
    ]
    const kept = [
      `.nearmiss-${machine}.${pid}.${started}.x.tmp`,
      '.nearmiss-ffffffffffffffff.1.1.x.tmp',
    ]
    const plant = async () => {
      await mkdir(join(site, 'p'), { recursive: true })
      for (const name of [...left, ...kept]) await writeFile(join(site, 'p', name), 'half')
      await writeFile(join(site, 'p', left[1]!), lockContent({ started: '1' }))
      const old = new Date(Date.now() - 2 * 3_600_000)
      await utimes(join(site, 'p', left[2]!), old, old)
    }
    await plant()
    await store.put('p/a', '1')
    expect((await readdir(join(site, 'p'))).sort()).toEqual([...kept, 'a'].sort())
    await plant()
    expect(await keys()).toEqual(['p/a'])
    expect((await readdir(join(site, 'p'))).sort()).toEqual([...kept, 'a'].sort())
  })

  test('removes a folder that was only made for what was never finished', async () => {
    const half = join(folder, 'site', 'p', 'runs', 'v2', 'evidence')
    await mkdir(half, { recursive: true })
    await mkdir(join(folder, 'site', 'p', 'by hand'))
    const { machine, pid } = ownOwner()
    await writeFile(join(half, `.nearmiss-${machine}.${pid}.1.x.tmp`), 'half')
    expect(await keys()).toEqual([])
    expect(await readdir(join(folder, 'site'), { recursive: true })).toEqual(['p', 'p/by hand'])
  })

  test('leaves no empty folders, and writes while others delete', async () => {
    await store.put('p/runs/v1/a', '1')
    await store.delete('p/runs/v1/a')
    expect(await readdir(join(folder, 'site'), { recursive: true })).toEqual(['p'])
    const other = directoryStore(join(folder, 'site'))
    await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        await store.put(`p/x/y/${at}`, '1')
        await other.delete(`p/x/y/${at}`)
      }),
    )
    expect(await readdir(join(folder, 'site'), { recursive: true })).toEqual(['p'])
  })

  test('counts exactly when several processes compare and swap', async () => {
    await store.put('count', '0')
    const script = join(folder, 'increment.mjs')
    await build({
      stdin: {
        contents: INCREMENT,
        resolveDir: fileURLToPath(new URL('../../../lib/publish', import.meta.url)),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
    })
    await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, [script, join(folder, 'site')])),
    )
    expect(await readFile(join(folder, 'site', 'count'), 'utf8')).toBe('100')
    expect(await readdir(join(folder, 'site'))).toEqual(['count'])
  })
})

const INCREMENT = `
  import { directoryStore } from './directory.ts'
  const store = directoryStore(process.argv[2])
  for (let done = 0; done < 25; ) {
    const { body, etag } = await store.get('count')
    try {
      await store.put('count', String(Number(new TextDecoder().decode(body)) + 1), { ifMatch: etag })
      done++
    } catch (error) {
      if (error.code !== 'changed-meanwhile') throw error
    }
  }
`
