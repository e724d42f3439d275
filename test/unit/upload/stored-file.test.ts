/** Files read where they lie: what travels, and what happens when they change meanwhile. */

import { describe, expect, it } from 'vitest'
import { canonicalJson, sha256 } from '../../../lib/core/canonical.ts'
import type { ObjectInfo, Store } from '../../../lib/core/store.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { UploadChangedError } from '../../../lib/upload/change.ts'
import { fetchUpload } from '../../../lib/upload/fetch.ts'
import { storedFile } from '../../../lib/upload/stored-file.ts'
import { memoryContext } from '../functions/memory-context.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** A store that notes what is fetched of it. */
function counted(store: Store) {
  const ranges: [start: number, end: number][] = []
  const wholes: string[] = []
  const counting: Store = {
    ...store,
    get: (key) => {
      wholes.push(key)
      return store.get(key)
    },
    getRange: (key, start, end, options) => {
      ranges.push([start, end])
      return store.getRange(key, start, end, options)
    },
  }
  return { store: counting, ranges, wholes }
}

async function fileOf(byteLength: number) {
  const body = Uint8Array.from({ length: byteLength }, (_, at) => (at * 7) % 251)
  const { store, ranges } = counted(memoryStore())
  const info = await store.put('uploads/p/r/big.parquet', body)
  return { body, store, ranges, info, file: storedFile(store, info, 'big.parquet') }
}

describe('a file in the store', () => {
  it('gives any part of it', async () => {
    const { body, file } = await fileOf(700 * KIB + 3)
    for (const [start, end] of [
      [0, 0],
      [0, 4],
      [256 * KIB - 1, 256 * KIB + 1],
      [256 * KIB, 512 * KIB],
      [1000, 600 * KIB],
      [body.length - 8, body.length],
      [0, body.length],
    ] as const) {
      expect(Buffer.compare(await file.slice(start, end), body.subarray(start, end))).toBe(0)
    }
    expect(Buffer.compare(await file.bytes(), body)).toBe(0)
  })

  it('fetches a footer once, however many parts of it are asked for', async () => {
    const { body, file, ranges } = await fileOf(5 * MIB)
    for (let at = body.length - 100 * KIB; at < body.length; at += KIB) await file.slice(at, at + 9)
    expect(ranges).toEqual([[5 * MIB - 256 * KIB, 5 * MIB]])
  })

  it('fetches a large part by itself and no more than it', async () => {
    const { file, ranges } = await fileOf(5 * MIB)
    await file.slice(MIB + 5, 3 * MIB)
    expect(ranges).toEqual([[MIB + 5, 3 * MIB]])
  })

  it('keeps no more than 8 MiB of what was fetched', async () => {
    const { file, ranges } = await fileOf(9 * MIB)
    for (let at = 0; at < 9 * MIB; at += 256 * KIB) await file.slice(at, at + 1)
    expect(ranges).toHaveLength(36)
    await file.slice(9 * MIB - 1, 9 * MIB)
    expect(ranges).toHaveLength(36)
    await file.slice(0, 1)
    expect(ranges).toHaveLength(37)
  })

  it("hands out parts that aren't its own", async () => {
    const { file } = await fileOf(1000)
    ;(await file.slice(0, 10)).fill(9)
    expect([...(await file.slice(0, 3))]).toEqual([0, 7, 14])
  })

  it('asks again for what could not be fetched', async () => {
    const { store, info } = await fileOf(1000)
    let isDown = true
    const failing: Store = {
      ...store,
      getRange: (...range) =>
        isDown ? Promise.reject(new Error('down')) : store.getRange(...range),
    }
    const file = storedFile(failing, info, 'big.parquet')
    await expect(file.slice(0, 2)).rejects.toThrow('down')
    isDown = false
    expect([...(await file.slice(0, 2))]).toEqual([0, 7])
  })

  it('notices that another file took its place, or none', async () => {
    const { store, info, file } = await fileOf(2 * MIB)
    await file.slice(0, 4)
    await store.put(info.key, new Uint8Array(2 * MIB))
    await expect(file.slice(MIB, MIB + 4)).rejects.toBeInstanceOf(UploadChangedError)
    await expect(file.slice(0, MIB)).rejects.toBeInstanceOf(UploadChangedError)
    await store.delete(info.key)
    await expect(file.bytes()).rejects.toBeInstanceOf(UploadChangedError)
  })
})

describe('an upload of a large file', () => {
  /** A store whose one file is as large as said, although next to nothing lies there. */
  async function uploadOf(name: string, start: string, byteLength: number, told = {}) {
    const lying = memoryStore()
    const counting = counted(lying)
    const { key, etag } = await lying.put(`uploads/p/r/${name}`, start.padEnd(600, '.'))
    const uploads: Store = {
      ...counting.store,
      async *list(prefix) {
        for await (const object of lying.list(prefix))
          yield { ...object, byteLength, ...told } as ObjectInfo
      },
    }
    const upload = await fetchUpload({ uploads, vault: memoryStore() }, 'p', 'r')
    return { upload: upload!, etag, key, ...counting }
  }

  // Its first bytes say what it is, whatever it is called.
  it('of a format that is read in parts stays where it is, known by its etag and size', async () => {
    const byteLength = 64 * MIB + 1
    const { upload, etag, wholes, ranges } = await uploadOf('big.npz', 'PAR1', byteLength)
    expect(wholes).toEqual([])
    expect(ranges).toEqual([[0, 512]])
    expect(upload.issues).toEqual([])
    expect(upload.files).toEqual([
      {
        name: 'big.npz',
        byteLength,
        sha256: sha256(canonicalJson({ byteLength, etag })),
        sha256Of: 'etag',
      },
    ])
    expect(upload.sources.get('big.npz')).toMatchObject({ name: 'big.npz', byteLength })
    const again = await uploadOf('big.npz', 'PAR1', byteLength)
    expect(again.upload.contentId).toBe(upload.contentId)
    const longer = await uploadOf('big.npz', 'PAR1', byteLength + 1)
    expect(longer.upload.contentId).not.toBe(upload.contentId)
    const other = await uploadOf('big.npz', 'PAR1 other', byteLength)
    expect(other.upload.contentId).not.toBe(upload.contentId)
  })

  it('of which the store tells no etag is fetched whole', async () => {
    const { key, wholes } = await uploadOf('big.npz', 'PAR1', 64 * MIB + 1, { etag: '' })
    expect(wholes).toEqual([key])
  })

  it('up to 64 MiB is known by its content', async () => {
    const { upload, key, wholes } = await uploadOf('big.npz', 'PAR1', 64 * MIB)
    expect(wholes).toEqual([key])
    expect(upload.files[0]!.sha256).toBe(sha256('PAR1'.padEnd(600, '.')))
  })

  it('of another format is fetched whole', async () => {
    const { upload, key, wholes } = await uploadOf('big.npz', 'PK\u0003\u0004', 64 * MIB + 1)
    expect(wholes).toEqual([key])
    expect(upload.files[0]!.sha256).toBe(sha256('PK\u0003\u0004'.padEnd(600, '.')))
  })

  it('may have more than 2 GiB only where it is read in parts', async () => {
    const { upload } = await uploadOf('big.npz', 'PAR1', 2 ** 40)
    expect(upload.issues).toEqual([])
    const whole = await uploadOf('big.npz', 'PK\u0003\u0004', 2 ** 31)
    expect(whole.upload.issues).toMatchObject([{ code: 'file-too-large', where: 'big.npz' }])
    const fits = await uploadOf('big.npz', 'PK\u0003\u0004', 2 ** 31 - 1)
    expect(fits.upload.issues).toEqual([])
  })
})

describe('the evaluation of a large file', () => {
  const ROWS = 12
  const UNUSED_BYTES = 65 * MIB

  /** Embeddings and labels behind a tensor that plays no part, which is nearly all of the file. */
  function checkpoint(seed: number): Uint8Array {
    const vectors = Float32Array.from({ length: ROWS * 2 }, (_, at) => Math.sin(at * seed))
    const labels = BigInt64Array.from({ length: ROWS }, (_, row) => BigInt(row % 2))
    const start = UNUSED_BYTES
    const header = Buffer.from(
      JSON.stringify({
        weights: { dtype: 'U8', shape: [UNUSED_BYTES], data_offsets: [0, UNUSED_BYTES] },
        embeddings: { dtype: 'F32', shape: [ROWS, 2], data_offsets: [start, start + 96] },
        labels: { dtype: 'I64', shape: [ROWS], data_offsets: [start + 96, start + 192] },
      }),
    )
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    const parts = [vectors, labels].map(({ buffer }) => Buffer.from(buffer))
    return Buffer.concat([length, header, Buffer.alloc(UNUSED_BYTES), ...parts])
  }
  const evaluate = (uploads: Store, site = memoryStore('site')) =>
    evaluateUpload(
      { ...memoryContext().context, uploads, site },
      { project: 'p', run: 'r', backend: 'wasm', overrides: { maps: ['pca'] } },
    )

  it('fetches what it uses', async () => {
    const { store, ranges, wholes } = counted(memoryStore('uploads'))
    await store.put('uploads/p/r/model.safetensors', checkpoint(1))
    const site = memoryStore('site')
    const outcome = await evaluate(store, site)
    expect(outcome).toMatchObject({
      status: 'published',
      report: { input: { rows: ROWS, files: [{ sha256Of: 'etag' }] } },
    })
    const page = new TextDecoder().decode((await site.get('p/runs/r/index.html'))?.body)
    expect(page).toContain('of its etag and size: <code')
    expect(wholes).toEqual([])
    expect(ranges.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(MIB)
  })

  it('begins anew where another file takes its place in the middle', async () => {
    const key = 'uploads/p/r/model.safetensors'
    const { store, ranges } = counted(memoryStore('uploads'))
    await store.put(key, checkpoint(1))
    let isReplaced = false
    const outcome = await evaluate({
      ...store,
      getRange: async (...range) => {
        // Its header is read by now, and its tensors aren't.
        if (range[1] > MIB && !isReplaced) {
          isReplaced = true
          await store.put(key, checkpoint(2))
        }
        return store.getRange(...range)
      },
    })
    const alone = memoryStore('uploads')
    await alone.put(key, checkpoint(2))
    const expected = await evaluate(alone)
    expect(outcome.status === 'published' && outcome.report.metrics).toEqual(
      expected.status === 'published' && expected.report.metrics,
    )
    expect(outcome.status).toBe('published')
    expect(isReplaced).toBe(true)
    expect(ranges.length).toBeGreaterThan(2)
  })
})
