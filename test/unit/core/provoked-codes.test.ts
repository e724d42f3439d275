/** Inputs that provoke codes which no other test names; test/unit/reference/issue-codes.test.ts asks for each code. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readArguments } from '../../../functions/commands/arguments.ts'
import { findUpload, type GivenFiles } from '../../../functions/commands/input.ts'
import { openPlaces } from '../../../functions/commands/places/places.ts'
import { s3Places } from '../../../functions/commands/places/s3-place.ts'
import { openReport } from '../../../functions/commands/saved-report.ts'
import { InputError, type Issue } from '../../../lib/core/errors.ts'
import { type IssueCode, severityOf } from '../../../lib/core/issue-codes.ts'
import type { Warning } from '../../../lib/core/warning.ts'
import { classifyUpload } from '../../../lib/dataset/upload-parts.ts'
import { tieWarnings } from '../../../lib/metrics/tie-warning.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { attempt } from '../../../lib/upload/attempts.ts'
import { fetchUpload } from '../../../lib/upload/fetch.ts'
import { sizeIssues } from '../../../lib/upload/file-size.ts'
import { readUpload } from '../../../lib/upload/rows.ts'
import { memoryContext } from '../functions/memory-context.ts'

type Files = Readonly<Record<string, string | Uint8Array>>

const ROWS = Array.from(
  { length: 12 },
  (_, row) => `r${row},${row % 2 ? 'a' : 'b'},${row},${row % 3}`,
)
const CSV = `id,label,dim_0,dim_1\n${ROWS.join('\n')}\n`
const line = (row: object) => JSON.stringify(row)

/** A .npy file of version 1. */
function npy(descr: string, shape: string, body: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`
  const padded = `${text.padEnd(117)}\n`
  const length = new Uint8Array([padded.length, 0])
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(padded),
    body,
  ])
}

/** A zip of stored entries, without checksums that anybody asks for. */
function zip(...entries: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const [name, body] of entries) {
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt32LE(crc(body), 10)
    fields.writeUInt32LE(body.length, 14)
    fields.writeUInt32LE(body.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), body])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    const made = Buffer.from([20, 0])
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), made, fields, tail, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end])
}

function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
const VECTORS = npy('<f4', '4, 2', floats(1, 2, 3, 4, 5, 6, 7, 8))
const LABELS = npy('<U1', '4,', new Uint8Array(Uint32Array.of(97, 98, 97, 98).buffer))

/** What an upload of these files is told. */
async function told(files: Files): Promise<readonly (Issue | Warning)[]> {
  const { context } = memoryContext()
  for (const [name, body] of Object.entries(files)) {
    await context.uploads.put(`uploads/p/r/${name}`, body)
  }
  return issuesOf(async () => {
    const upload = await fetchUpload(context, 'p', 'r')
    return (await readUpload(upload!, {}))!.dataset.warnings
  })
}

async function issuesOf(work: () => unknown): Promise<readonly (Issue | Warning)[]> {
  try {
    return ((await work()) ?? []) as readonly (Issue | Warning)[]
  } catch (error) {
    if (error instanceof InputError) return error.issues
    throw error
  }
}

const UPLOADS: readonly (readonly [IssueCode, Files])[] = [
  ['arrow-damaged', { 'embeddings.arrow': 'ARROW1\0\0 nothing of it' }],
  [
    'column-ignored',
    {
      'embeddings.csv': CSV.replace('id,label', 'id,label,note').replaceAll(
        /,([ab]),/g,
        `,$1,${'x'.repeat(2001)},`,
      ),
    },
  ],
  ['dialect-chosen', { 'embeddings.csv': CSV.replaceAll(',', ';') }],
  ['encoding-chosen', { 'embeddings.csv': Buffer.from(CSV.replaceAll(',a,', ',é,'), 'latin1') }],
  ['feather-version', { 'embeddings.feather': `FEA1${'\0'.repeat(60)}FEA1` }],
  ['id-column-missing', { 'embeddings.csv': CSV, 'nearmiss.yaml': 'columns: {id: name}' }],
  ['image-column-missing', { 'embeddings.csv': CSV, 'nearmiss.yaml': 'columns: {image: photo}' }],
  [
    'json-nested',
    {
      'embeddings.jsonl': `${line({ id: ['a', 'b'], label: 'a', embedding: [1, 2] })}\n${line({ id: ['a'], label: 'b', embedding: [1, 3] })}\n`,
    },
  ],
  [
    'labels-multi-hot',
    {
      'embeddings.jsonl': `${line({ label: ['a', 'b'], embedding: [1, 2] })}\n${line({ label: ['a'], embedding: [1, 3] })}\n`,
    },
  ],
  [
    'labels-too-long',
    {
      'embeddings.csv': `label,dim_0,dim_1\n${Array.from({ length: 10_100 }, (_, row) => `${'x'.repeat(494)}${row},1,${row}`).join('\n')}\n`,
    },
  ],
  [
    'labels-one-hot',
    {
      'embeddings.npz': zip(
        ['embeddings.npy', VECTORS],
        ['labels.npy', npy('|u1', '4, 2', Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1))],
      ),
    },
  ],
  [
    'manifest-encoding',
    { 'embeddings.csv': CSV, 'nearmiss.yaml': new Uint8Array([0xff, 0xfe, 0xfd]) },
  ],
  ['manifest-key', { 'embeddings.csv': CSV, 'nearmiss.yaml': 'gates: {"Accuracy!": 0.5}' }],
  ['manifest-syntax', { 'embeddings.csv': CSV, 'nearmiss.yaml': 'a: [' }],
  ['manifest-too-large', { 'embeddings.csv': CSV, 'nearmiss.yaml': `# ${'x'.repeat(2 ** 21)}` }],
  [
    'manifest-unknown-kind',
    { 'embeddings.csv': CSV, 'nearmiss.yaml': 'owners: {hubz: a@example.com}' },
  ],
  ['manifest-value', { 'embeddings.csv': CSV, 'nearmiss.yaml': 'k: many' }],
  ['npy-header', { 'embeddings.npy': Buffer.from('\x93NUMPY\x01\x00\x04\x00{{}}', 'latin1') }],
  [
    'npy-length',
    {
      'embeddings.npz': zip(
        ['embeddings.npy', npy('<f4', '5, 2', floats(1, 2))],
        ['labels.npy', LABELS],
      ),
    },
  ],
  [
    'npy-text',
    {
      'embeddings.npz': zip(
        ['embeddings.npy', VECTORS],
        ['labels.npy', npy('|S1', '4,', Buffer.from([0xff, 97, 97, 97]))],
      ),
    },
  ],
  [
    'npz-duplicate',
    { 'embeddings.npz': zip(['embeddings.npy', VECTORS], ['embeddings.npy', VECTORS]) },
  ],
  [
    'npz-no-columns',
    {
      'embeddings.csv': CSV,
      'metadata.npz': zip(['a.npy', npy('<f4', '2, 2, 1', floats(1, 2, 3, 4))]),
    },
  ],
  ['parquet-damaged', { 'embeddings.parquet': 'PAR1 nothing of it PAR1' }],
  ['parquet-encrypted', { 'embeddings.parquet': 'PAR1 nothing of it \0\0\0\0PARE' }],
  ['rows-became-zero', { 'embeddings.csv': `${CSV}r99,a,1e-60,1e-60\n` }],
  [
    'sprite-size',
    {
      'embeddings.csv': CSV,
      'nearmiss.yaml': 'images: {sprite: tiles.png, tile: [8, 8]}',
      'tiles.png': Buffer.from('89504e470d0a1a0a0000000d494844520000000800000008', 'hex'),
    },
  ],
  ['time-column-missing', { 'embeddings.csv': CSV, 'nearmiss.yaml': 'columns: {time: taken}' }],
  [
    'type-chosen',
    {
      'embeddings.npz': zip(
        [
          'embeddings.npy',
          npy('|V2', '4, 2', new Uint8Array(new Uint16Array(8).fill(0x3f80).buffer)),
        ],
        ['labels.npy', LABELS],
      ),
    },
  ],
  [
    'vectors-type',
    {
      'embeddings.npz': zip(
        ['embeddings.npy', npy('<U1', '4, 2', new Uint8Array(32))],
        ['labels.npy', LABELS],
      ),
    },
  ],
]

describe('an upload', () => {
  it.each(UPLOADS)('provokes %s', async (code, files) => {
    const all = await told(files)
    expect(all.map((one) => one.code)).toContain(code)
    expect('hint' in all[0]! || severityOf(code) !== 'error').toBe(true)
    for (const { message } of all) expect(message.length).toBeLessThan(600)
  })

  it('names few of thousands of files, and cuts what a message quotes', async () => {
    const names = Array.from({ length: 3000 }, (_, at) => `vectors-of-the-model-${at}.npz`)
    const classified = classifyUpload(names)
    if ('parts' in classified) throw new Error('one of them was chosen')
    const [issue] = classified.issues
    expect(issue?.code).toBe('upload-ambiguous')
    expect(issue!.message.length).toBeLessThan(600)
    expect(issue!.where.length).toBeLessThan(600)
    const long = (length: number) => new InputError({ ...issue!, message: 'x'.repeat(length) })
    expect(long(599).message.length).toBe(599)
    expect(long(600).message).toBe(`${'x'.repeat(598)}…`)
  })

  it('provokes upload-too-large, which takes many files', () => {
    const whole = Array.from({ length: 5000 }, (_, at) => ({
      name: `${at}.png`,
      byteLength: 2 ** 30,
    }))
    const [issue] = sizeIssues(whole, null)
    expect(issue?.code).toBe('upload-too-large')
    expect(issue!.message.length).toBeLessThan(600)
  })

  it('provokes evaluation-died, where it ended its process twice', async () => {
    const { context } = memoryContext()
    await context.uploads.put('uploads/p/r/embeddings.csv', CSV)
    const work = () =>
      attempt(context, { project: 'p', run: 'r' }, 0, stuck, async (issue) => issue.code)
    const stuck = () => new Promise<string>(() => {})
    for (const key of [1, 2]) {
      void work()
      await expect
        .poll(async () => (await context.vault.get('_attempts/p/r.json')) !== null && key)
        .toBe(key)
    }
    expect(await work()).toBe('evaluation-died')
  })

  it('provokes equal-distances, where ties move a figure by a point', () => {
    const figure = { title: 'accuracy', ties: [0.2, 0.5] } as never
    const code: IssueCode = 'equal-distances'
    expect(tieWarnings({ nearest_neighbor_accuracy: figure })[0]?.code).toBe(code)
  })
})

describe('a command', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nearmiss-codes-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const find = (input: string, given: GivenFiles = {}) =>
    issuesOf(async () => {
      await findUpload(openPlaces(), join(folder, input), given)
    })

  it('provokes no-embeddings, is-folder and unusable-name', async () => {
    await mkdir(join(folder, 'empty'))
    await writeFile(join(folder, 'a.csv'), CSV)
    await writeFile(join(folder, 'a\nb.csv'), CSV)
    const codes: IssueCode[] = ['no-embeddings', 'is-folder', 'unusable-name']
    const given = { labels: join(folder, 'empty') }
    const all = [await find('empty'), await find('a.csv', given), await find('a\nb.csv')]
    expect(all.map(([issue]) => issue?.code)).toEqual(codes)
  })

  it('provokes not-a-report and incomplete-upload', async () => {
    await writeFile(join(folder, 'report.json'), '{}')
    await writeFile(join(folder, 'bare.csv'), 'id,dim_0,dim_1\na,1,2\nb,2,3\n')
    const terminal = {
      say() {},
      clear() {},
      begin() {},
      progress() {},
      received() {},
      errors: () => 0,
      log: memoryContext().context.log,
    }
    const { signal } = new AbortController()
    const context = { terminal, signal, verbose: false, print: async () => {} } as never
    const codes: IssueCode[] = ['not-a-report', 'incomplete-upload']
    const all = ['report.json', 'bare.csv'].map((name) => {
      const args = readArguments('gate', [join(folder, name)])
      return issuesOf(async () => {
        await openReport(context, join(folder, name), args)
      })
    })
    expect((await Promise.all(all)).map(([issue]) => issue?.code)).toEqual(codes)
  })

  it('provokes too-many-files', async () => {
    const one = { byteLength: 1, etag: 'e', modifiedAt: '2026-01-01T00:00:00Z' }
    const store = {
      ...memoryStore(),
      async *list() {
        for (let at = 0; at <= 100_000; at++) yield { ...one, key: `x/${at}.png` }
      },
    }
    const code: IssueCode = 'too-many-files'
    const [issue] = await issuesOf(async () => {
      const { folder: found } = await s3Places(async () => store)('s3://bucket/x/')
      await found.all()
    })
    expect(issue?.code).toBe(code)
  })
})
