/** Files in gzip and zstd: read as what they hold, and refused where they aren't whole or unfold too far. */

import { execFileSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { readTable } from '../../read-table.ts'
import { fixture, problem, rowsOf, vectorOptions } from './read-fixture.ts'

const CSV = 'id,label,dim_0,dim_1\nr1,a,1,2\nr2,b,3,4\n'
const ROWS = [
  [1, 2],
  [3, 4],
]
/** `CSV` as `zstd -c` packs it, with a checksum; in one frame and in two. */
const ZSTD = await fixture('rows.csv.zst')
const TWO_FRAMES = await fixture('rows-two.csv.zst')
const read = (name: string, bytes: Uint8Array, maxInflatedByteLength?: number) =>
  readTable(
    { name, bytes },
    { ...vectorOptions, ...(maxInflatedByteLength === undefined ? {} : { maxInflatedByteLength }) },
  )
const SKIPPABLE = Buffer.from('502a4d1803000000616263', 'hex')

describe('what is packed is read', () => {
  it.each<[what: string, name: string, bytes: Uint8Array]>([
    ['gzip', 'a.csv.gz', gzipSync(CSV)],
    [
      'gzip of two members',
      'a.csv.gz',
      Buffer.concat([gzipSync(CSV.slice(0, 30)), gzipSync(CSV.slice(30))]),
    ],
    ['gzip filled up with zeros', 'a.csv.gz', Buffer.concat([gzipSync(CSV), Buffer.alloc(512)])],
    ['gzip under another name', 'a.csv', gzipSync(CSV)],
    ['text that was unpacked on its way', 'a.csv.gz', Buffer.from(CSV)],
    ['zstd', 'a.csv.zst', ZSTD],
    ['zstd of two frames, and one to skip', 'a.csv.zstd', Buffer.concat([SKIPPABLE, TWO_FRAMES])],
  ])('%s', async (_, name, bytes) => {
    expect(rowsOf(await read(name, bytes))).toEqual(ROWS)
  })

  it('whatever it is by its first bytes', async () => {
    expect(rowsOf(await read('a.gz', gzipSync(await fixture('usual.safetensors'))))).toHaveLength(4)
    expect(rowsOf(await read('a', gzipSync(await fixture('stored.npz'))))).not.toHaveLength(0)
  })

  it('a tool’s zstd, where there is one', () => {
    const packed = execFileSync('sh', ['-c', 'command -v zstd >/dev/null && zstd -c || true'], {
      input: CSV,
    })
    if (packed.length > 0) expect(packed).toEqual(Buffer.from(ZSTD))
  })
})

describe('what is wrong is told with both names', () => {
  it('in what it holds', async () => {
    const error = await problem(read('a.csv.gz', gzipSync('id,dim_0,dim_1\nr1,1\n')))
    expect(error.where).toContain('a.csv in a.csv.gz, line 2')
  })

  it('of a format that isn’t read', async () => {
    const packed = await problem(read('a.gz', gzipSync(Buffer.from('BZh91AY'))))
    expect(packed).toMatchObject({ code: 'unknown-format', where: 'a in a.gz' })
    expect((await problem(read('a.csv.gz', gzipSync(gzipSync(CSV))))).code).toBe('unknown-format')
    expect((await problem(read('a.csv.gz', gzipSync('')))).code).toBe('empty-file')
  })
})

describe('a file is refused that', () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 22))

  it.each<[what: string, name: string, bytes: Uint8Array, told: string]>([
    ['ends early', 'a.csv.gz', gzipSync(CSV).subarray(0, -9), 'unexpected end'],
    [
      'has another checksum',
      'a.csv.gz',
      Buffer.concat([gzipSync(CSV).subarray(0, -8), Buffer.alloc(8)]),
      'incorrect data check',
    ],
    [
      'is followed by something',
      'a.csv.gz',
      Buffer.concat([gzipSync(CSV), Buffer.from('\0\0more')]),
      'bytes follow its end',
    ],
    [
      'has another checksum (zstd)',
      'a.csv.zst',
      Buffer.concat([ZSTD.subarray(0, -4), Buffer.alloc(4)]),
      'has the checksum',
    ],
    [
      'has other content than its checksum says (zstd)',
      'a.csv.zst',
      Buffer.from(Buffer.from(ZSTD).toString('latin1').replace('label', 'lapel'), 'latin1'),
      'has the checksum',
    ],
    ['ends early (zstd)', 'a.csv.zst', ZSTD.subarray(0, -1), 'before what it announces'],
    ['ends after its mark (zstd)', 'a.csv.zst', ZSTD.subarray(0, 4), 'before what it announces'],
    [
      'is followed by something (zstd)',
      'a.csv.zst',
      Buffer.concat([ZSTD, Buffer.from('more!')]),
      'it is no zstd',
    ],
    [
      'asks for 2 GiB to look back at',
      'a.csv.zst',
      Buffer.from('28b52ffd00a8', 'hex'),
      'a window of 2147483648 bytes',
    ],
    ['needs a dictionary', 'a.csv.zst', Buffer.from('28b52ffd2301', 'hex'), 'a dictionary'],
  ])('%s', async (_, name, bytes, told) => {
    const error = await problem(read(name, bytes))
    expect(error).toMatchObject({ code: 'packed-damaged', where: name })
    expect(error.message).toContain(told)
  })

  it('unfolds to more than the limit, and no byte less', async () => {
    const error = await problem(read('a.csv.gz', bomb, 2 ** 22 - 1))
    expect(error).toMatchObject({ code: 'packed-too-large', where: 'a.csv.gz' })
    expect((await problem(read('a.csv.gz', bomb, 2 ** 22))).code).not.toBe('packed-too-large')
    expect((await problem(read('a.csv.zst', ZSTD, CSV.length - 1))).code).toBe('packed-too-large')
    expect(rowsOf(await read('a.csv.zst', ZSTD, CSV.length))).toEqual(ROWS)
  })
})

test('damaged files end in an error for people, or are read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<[string, Uint8Array]>(['a.csv.gz', gzipSync(CSV)], ['a.csv.zst', ZSTD]),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      async ([name, bytes], changes) => {
        const damaged = Uint8Array.from(bytes)
        for (const [at, value] of changes) damaged[at % damaged.length] = value
        try {
          await read(name, damaged, 2 ** 20)
        } catch (error) {
          if (!(error instanceof InputError)) throw error
        }
      },
    ),
    { numRuns: 300 },
  )
})
