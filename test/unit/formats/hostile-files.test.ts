/** Files that are meant to harm: each ends in one short message, or is read with a warning, in little memory. */

import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { InputError, type Issue } from '../../../lib/core/errors.ts'
import { npyBytes, npyVectors, zipBytes, zstd } from '../../fuzz/writers.ts'
import { readTable } from '../../read-table.ts'
import { readText, vectorOptions } from './read-fixture.ts'

const ROWS = {
  vectors: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  ids: ['a', 'b', 'c'],
  labels: ['x', 'y', 'x'],
  extra: { name: 'camera', values: ['n', 's', 'n'] },
}
const whole = npyVectors(ROWS)

async function issueOf(reading: () => Promise<unknown>): Promise<Issue> {
  const error = await reading().then(
    () => new Error('it was read'),
    (cause: unknown) => cause,
  )
  if (!(error instanceof InputError)) throw error
  const [issue] = error.issues
  for (const text of [issue!.message, issue!.where, issue!.hint]) {
    expect(text.length).toBeLessThanOrEqual(600)
  }
  return issue!
}

const read = (name: string, bytes: Uint8Array) => () => readTable({ name, bytes }, vectorOptions)

describe('hostile files', () => {
  it('of 100,000 columns are refused with the number that is read', async () => {
    const names = Array.from({ length: 100_000 }, (_, at) => `column ${at}a`)
    const line = names.map(() => '1').join(',')
    const text = `dim_0,dim_1,${names.join(',')}\n1,2,${line}\n3,4,${line}\n`
    const { message } = await issueOf(() => readText('embeddings.csv', text))
    expect(message).toContain('100000')
    expect(message).toContain('1000')
  })

  it.each([
    ['commas', ',', 131_072],
    ['tabs', '\t', 131_072],
    ['entries', '0,', 131_072],
  ])('whose one line is %s are refused before it is taken apart', async (_, part, most) => {
    const line = part.repeat(most)
    const { code, where } = await issueOf(() => readText('embeddings.csv', `a,b\n${line}`))
    expect(code).toBe('csv-line-too-long')
    expect(where).toBe('embeddings.csv, line 2')
    // One entry less is told for what it is.
    const fewer = await issueOf(() =>
      readText('embeddings.csv', `a,b\n1,2\n${part.repeat(most - 1)}x`),
    )
    expect(fewer.code).not.toBe('csv-line-too-long')
  })

  it('whose lines end with a carriage return are counted line by line', async () => {
    const text = `dim_0,dim_1\r${'1,2\r'.repeat(100_000)}`
    expect((await readText('embeddings.csv', text)).rows).toBe(100_000)
    const { code, where } = await issueOf(() =>
      readText('embeddings.csv', `${text}${','.repeat(200_000)}`),
    )
    expect({ code, where }).toEqual({
      code: 'csv-line-too-long',
      where: 'embeddings.csv, line 100002',
    })
  })

  it('with more delimiters than that in one quoted entry are read', async () => {
    const list = `"[${Array(65_000).fill('0').join(', ')}]"`
    const text = `id,embedding,again,third\na,${list},${list},${list}\n`
    expect((await readText('embeddings.csv', text)).vectors!.dimensions).toBe(65_000)
  })

  it.each(['csv', 'jsonl'])(
    'with a text of a megabyte as %s leave its column out, and say so',
    async (end) => {
      const long = 'x'.repeat(1_000_000)
      const text =
        end === 'csv'
          ? `dim_0,dim_1,label,note\n1,2,a,${long}\n3,4,b,short\n`
          : [
              [1, 2, 'a', long],
              [3, 4, 'b', 's'],
            ]
              .map(([x, y, label, note]) => JSON.stringify({ embedding: [x, y], label, note }))
              .join('\n')
      const table = await readText(`embeddings.${end}`, text)
      expect(table.columns.map(({ name }) => name)).toEqual(['label'])
      expect(table.warnings.map(({ code }) => code)).toContain('column-ignored')
      const labelled = text
        .replace(/note/g, 'tag')
        .replace(/label/g, 'note')
        .replace(/tag/g, 'label')
      const { code } = await issueOf(() => readText(`embeddings.${end}`, labelled))
      expect(code).toBe('text-too-long')
    },
  )

  it.each([
    ['[1, 2]', '[3]', '[4, 5, 6]'],
    ['[1]', '[2, 3, 4]', '[5, 6]'],
  ])('whose ragged lists add up to a matrix are refused with the row: %s', async (...lists) => {
    const lines = lists.map((list) => `{"embedding": ${list}, "label": "a"}`)
    const { code } = await issueOf(() => readText('embeddings.jsonl', lines.join('\n')))
    expect(code).toBe('vectors-ragged')
  })

  it.each([
    ['claims more than it holds', [{ claims: 2 ** 31 }]],
    ['claims less than it holds', [{ claims: 8 }]],
    ['is there twice', [{}, {}]],
  ])('whose zip has an entry that %s are refused', async (_, entries) => {
    const usual = { name: 'embeddings.npy', bytes: whole, isPacked: false }
    const zip = zipBytes(entries.map((entry) => ({ ...usual, ...entry })))
    await issueOf(read('embeddings.npz', zip))
  })

  it.each(['a\u0000b.npy', `${'n'.repeat(4096)}.npy`])(
    'whose zip has a name of its own kind are read or refused',
    async (name) => {
      const zip = zipBytes([
        { name: 'embeddings.npy', bytes: whole, isPacked: true },
        { name, bytes: npyBytes("'<f8'", '(3,)', Buffer.alloc(24)), isPacked: true },
      ])
      const table = await read('embeddings.npz', zip)().catch((cause: unknown) => cause)
      if (table instanceof InputError) return
      expect((table as { rows: number }).rows).toBe(3)
    },
  )

  it('that unfold to 64 MB of zeros are refused by what they are, packed with gzip or zstd', async () => {
    const zeros = Buffer.alloc(64 * 2 ** 20)
    for (const [name, bytes] of [
      ['embeddings.npy.gz', gzipSync(zeros)],
      ['embeddings.npy.gz', gzipSync(gzipSync(gzipSync(zeros)))],
      ['embeddings.npy.zst', zstd(zstd(whole.subarray(0, 100)))],
    ] as const) {
      await issueOf(read(name, bytes))
    }
  })

  it('packed are never unfolded past the limit', async () => {
    const packed = gzipSync(Buffer.alloc(8 * 2 ** 20, 0x31))
    const options = { ...vectorOptions, maxInflatedByteLength: 2 ** 20 }
    const reading = () => readTable({ name: 'embeddings.csv.gz', bytes: packed }, options)
    expect((await issueOf(reading)).message).toMatch(/1048576|1,048,576/)
  })

  it('of settings that unfold from aliases are refused', async () => {
    const lines = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]']
    for (const name of 'bcdefghijk') {
      const before = String.fromCharCode(name.charCodeAt(0) - 1)
      lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`)
    }
    await issueOf(async () => parseManifest(lines.join('\n'), 'nearmiss.yaml'))
  })

  it.each(["'<f4'", "'<U100000000'"])(
    'whose header claims 10^12 rows of %s are refused',
    async (type) => {
      const bytes = npyBytes(type, '(1000000000000, 2)', Buffer.alloc(64))
      await issueOf(read('embeddings.npy', bytes))
    },
  )
})
